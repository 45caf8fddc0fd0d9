"""What became of collections, of a file page by page and of a payer; what happened to the mandates of a payer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from campanella.domains.debiting.models import MandateAct
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id

Outcome = Literal["", "waiting", "booked", "back"]
"""Which of them: all · of which nothing is known · for now in the account · that did not come, or went back."""


@dataclass(frozen=True, slots=True)
class Came:
    """
    A collection with what came of it last.

    :ivar kind: ``booked``, ``rejected``, ``returned``, empty for nothing yet
    :ivar on: the day of that
    :ivar follows: what a return asked for (``rules.reasons.Action``), empty for none
    :ivar decided: what the office has decided of a fault of the file: ``again``, ``notice``, empty for nothing
    :ivar is_handed: its file has left the house
    """

    id: int
    file_id: int
    message_id: str
    payer_id: int
    debt: str
    attempt: int
    day: date
    cents: int
    kind: str
    on: date | None
    reason: str
    follows: str
    decided: str
    is_handed: bool


def of_file(*, file_id: int, outcome: Outcome, after: int, limit: int) -> list[Came]:
    """
    Return the collections of a file in its order, those of one outcome: one query.

    :param after: the last one of the page before, 0 for the first page
    """
    return _came(_OF_FILE, {"file": file_id, "outcome": outcome, "after": after, "limit": limit})


def of_payer(*, payer_id: int, before: int | None, limit: int) -> list[Came]:
    """
    Return the collections of a payer, newest first: one query.

    :param before: the last one of the page before, None for the first page
    """
    return _came(_OF_PAYER, {"payer": payer_id, "before": before, "limit": limit})


def acts_of_payer(*, payer_id: int) -> Sequence[MandateAct]:
    """Return what happened to all mandates of a payer, newest first: one query."""
    return list(MandateAct.objects.filter(mandate__payer_id=payer_id).select_related("mandate").order_by("-id"))


def _came(statement: str, values: dict[str, object]) -> list[Came]:
    return [Came(*row) for row in sql.rows(statement, {"town": active_town_id(), **values})]


_CAME = """
select c.id, c.file_id, f.message_id, c.payer_id, c.debt, c.attempt, c.day, c.cents, coalesce(o.kind, ''), o.day,
       coalesce(o.reason, ''), coalesce(o.follows, ''), coalesce(d.kind, ''), h.id is not null
  from debiting_collection c
  join debiting_collectionfile f on f.municipality_id = %(town)s and f.id = c.file_id
  left join debiting_filehanding h on h.municipality_id = %(town)s and h.file_id = c.file_id
  left join debiting_faultdecision d on d.municipality_id = %(town)s and d.collection_id = c.id
  left join lateral (
    select kind, day, reason, follows from debiting_coming
     where municipality_id = %(town)s and collection_id = c.id order by id desc limit 1) o on true
 where c.municipality_id = %(town)s
"""
_OF_FILE = (
    _CAME
    + """
   and c.file_id = %(file)s and c.id > %(after)s
   and case %(outcome)s when 'waiting' then o.kind is null when 'booked' then o.kind = 'booked'
                        when 'back' then o.kind in ('rejected', 'returned') else true end
 order by c.id limit %(limit)s
"""
)
_OF_PAYER = (
    _CAME
    + """
   and c.payer_id = %(payer)s and c.id < coalesce(%(before)s::bigint, c.id + 1)
 order by c.id desc limit %(limit)s
"""
)
