"""
What has changed since somebody looked: for whoever keeps numbers in memory and must show them right at once.

Every table that ``tells`` leaves a row in ``core_change``, in the transaction that changes it (triggers, put up with the
other walls). A look remembers PostgreSQL's snapshot, the list of the transactions that were over by then, and the next look
is told what any other transaction has left. Nothing is missed that was begun earlier and committed later, nobody is held
up, and who looks writes nothing.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models.functions import Now

from campanella.foundation.core import sql
from campanella.foundation.core.models import Change
from campanella.foundation.core.scope import active_town_id, operation

# So long a change is remembered; who has not looked for half of it begins anew.
REMEMBERED = timedelta(days=2)


class Told(NamedTuple):
    """
    One thing that has changed.

    :ivar source: the table of the row that tells it
    :ivar whose: ``class``, ``child`` or ``town``
    :ivar subject: the id of the class or the child; None for the town
    :ivar first: the first day concerned, None where there is none; ``last`` is the last one, included
    """

    source: str
    whose: str
    subject: int | None
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Look:
    """
    What a look at the changes found.

    :ivar snapshot: the transactions that were over
    :ivar at: when, by the database's clock
    :ivar is_first: there was no look before it, or too long ago: whatever is known must be read again
    :ivar is_own: this transaction has written itself: what it sees may be taken back yet, and is not to be kept
    :ivar told: what has changed, each thing once
    """

    snapshot: str
    at: datetime
    is_first: bool
    is_own: bool
    told: tuple[Told, ...]


def look(*, since: Look | None, first: date, last: date) -> Look:
    """
    Return what has changed on the days between two, both included, since an earlier look: one query.

    What is read after it may hold more than its snapshot says: that is told once more by the next look, never missed.

    :param since: that look; None begins, and is told nothing
    """
    if since is None:
        snapshot, at, is_own = _row(_BEGIN, {})
        return Look(snapshot, at, True, is_own, ())
    values = {"town": active_town_id(), "first": first, "last": last}
    oldest = int(since.snapshot.split(":", 1)[0])
    snapshot, at, is_own, told = _row(_SINCE, {**values, "since": since.snapshot, "oldest": oldest})
    if at - since.at > REMEMBERED / 2:
        return Look(snapshot, at, True, is_own, ())
    return Look(snapshot, at, False, is_own, tuple(_told(row) for row in json.loads(told)))


@operation
def forget() -> None:
    """Forget what nobody asks for any more, by the database's clock, which has written it down."""
    Change.objects.filter(at__lt=Now() - REMEMBERED).delete()


@operation
def forget_all() -> None:
    """Forget every change of a town that nobody has looked at yet, as one that has just come whole from elsewhere."""
    Change.objects.all().delete()


def _row(statement: str, values: sql.Values) -> tuple[Any, ...]:
    found = sql.row(statement, values)
    assert found  # an aggregate always answers
    return found


def _told(row: list[Any]) -> Told:
    source, whose, subject, first, last = row
    return Told(source, whose, subject, _day(first), _day(last))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


# A trigger puts it on record by this: of rows of a town (municipality_id) it says whose they are, and what of them changed.
NOTE = """insert into core_change (municipality_id, xact, at, source, whose, subject, days)
 select municipality_id, pg_current_xact_id()::text::bigint, now(), '{table}', whose, subject, days from ({rows}) y;"""

_BEGIN = "select pg_current_snapshot()::text, now(), pg_current_xact_id_if_assigned() is not null"

# A transaction of before the snapshot's oldest is seen for certain: the index ends the search there.
_SINCE = """
select pg_current_snapshot()::text, now(), pg_current_xact_id_if_assigned() is not null,
       coalesce((select jsonb_agg(distinct jsonb_build_array(c.source, c.whose, c.subject, lower(c.days), upper(c.days) - 1))
                   from core_change c
                  where c.municipality_id = %(town)s and c.xact >= %(oldest)s
                    and not pg_visible_in_snapshot(c.xact::text::xid8, %(since)s::pg_snapshot)
                    and (c.days is null or c.days && daterange(%(first)s, %(last)s, '[]')))::text, '[]')
"""
