"""ISEE declarations, asked for: who has declared what, what the office has decided, what waits for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from campanella.domains.enrolment.models import IseeDeclaration
from campanella.domains.enrolment.rules import ISEE_KINDS, IseeKind, IseeState
from campanella.foundation.core import sql
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision of the office."""

    state: IseeState
    reason: str
    at: datetime
    by_id: int | None


@dataclass(frozen=True, slots=True)
class Declaration:
    """
    What somebody declared, and what became of it.

    :ivar decisions: of the office, the last one last
    """

    id: int
    payer_id: int
    amount: Euro
    kind: IseeKind
    issued_on: date
    received_on: date
    valid_until: date
    has_omissions: bool
    household: int | None
    is_by_office: bool
    written_at: datetime
    decisions: tuple[Decided, ...]

    @property
    def state(self) -> IseeState:
        """As it stands."""
        return self.decisions[-1].state if self.decisions else "declared"

    @property
    def kind_word(self) -> str:
        """Its kind as people call it."""
        return ISEE_KINDS[self.kind]

    @property
    def reason(self) -> str:
        """Why it was refused, empty where it was not."""
        return self.decisions[-1].reason if self.state == "refused" else ""


def of_payers(*, payer_ids: Sequence[int]) -> list[Declaration]:
    """Return what was declared of these households, the newest first: two queries."""
    return _found("d.payer_id = any(%(ids)s::bigint[])", list(payer_ids))


def one(*, declaration_id: int) -> Declaration:
    """
    Return one declaration: three queries.

    :raises NotFound: the town has no such declaration
    """
    if IseeDeclaration.objects.filter(pk=declaration_id).exists():
        return _found("d.id = any(%(ids)s::bigint[])", [declaration_id])[0]
    raise NotFound("Questo ISEE non è tra quelli del Comune.")


def waiting() -> list[Declaration]:
    """Return what waits for the office, the oldest first: two queries."""
    return list(reversed(_found(UNDECIDED, [])))


def waiting_count() -> int:
    """Count what waits for the office: one query."""
    ((count,),) = sql.rows(
        f"select count(*) from enrolment_iseedeclaration d where d.municipality_id = %(town)s and {UNDECIDED}",  # noqa: S608
        {"town": active_town_id()},
    )
    return int(count)


def ending(*, today: date, until: date) -> list[Declaration]:
    """Return what was checked, ends within some days and has nothing newer beside it, by payer: two queries."""
    ids = sql.rows(_ENDING, {"town": active_town_id(), "today": today, "until": until})
    return many(ids=[pk for (pk,) in ids])


def many(*, ids: Sequence[int]) -> list[Declaration]:
    """Return these declarations, the newest first: two queries."""
    return _found("d.id = any(%(ids)s::bigint[])", list(ids))


def payers_without(*, good_since: Mapping[int, date], today: date, omissions: bool) -> list[tuple[int, int]]:
    """
    Return (payer, tariff) of the children that pay these tariffs today and of whom no ISEE is good or waits: one query.

    :param good_since: by tariff, until when an ISEE must be valid at least
    :param omissions: one with omissions counts
    """
    values = {"town": active_town_id(), "today": today, "omissions": omissions}
    values |= {"tariffs": list(good_since), "since": list(good_since.values())}
    return [(payer, tariff) for payer, tariff in sql.rows(_WITHOUT, values)]


def _found(where: str, ids: list[int]) -> list[Declaration]:
    values = {"town": active_town_id(), "ids": ids}
    rows = sql.rows(f"{_DECLARATIONS} and {where} order by d.received_on desc, d.id desc", values)
    decisions: dict[int, list[Decided]] = {}
    for pk, state, *rest in sql.rows(_DECISIONS, values | {"ids": [pk for pk, *_ in rows]}):
        decisions.setdefault(pk, []).append(Decided(cast(IseeState, state), *rest))
    return [_declaration(row, tuple(decisions.get(row[0], ()))) for row in rows]


def _declaration(row: tuple[Any, ...], decisions: tuple[Decided, ...]) -> Declaration:
    pk, payer, cents, kind, issued_on, received_on, valid_until, has_omissions, household, is_by_office, at = row
    return Declaration(
        id=pk,
        payer_id=payer,
        amount=Euro(cents),
        kind=kind,
        issued_on=issued_on,
        received_on=received_on,
        valid_until=valid_until,
        has_omissions=has_omissions,
        household=household,
        is_by_office=is_by_office,
        written_at=at,
        decisions=decisions,
    )


UNDECIDED = """not exists (
     select from enrolment_iseedecision c where c.municipality_id = %(town)s and c.declaration_id = d.id)"""

_DECLARATIONS = """
select d.id, d.payer_id, d.cents, d.kind, d.issued_on, d.received_on, d.valid_until, d.has_omissions, d.household,
       d.is_by_office, d.written_at
  from enrolment_iseedeclaration d where d.municipality_id = %(town)s
"""

_DECISIONS = """
select c.declaration_id, c.state, c.reason, c.at, c.by_id from enrolment_iseedecision c
 where c.municipality_id = %(town)s and c.declaration_id = any(%(ids)s::bigint[]) order by c.id
"""

_WITHOUT = """
select distinct t.guardian_id, b.tariff_id from enrolment_subscription s
  join services_bracket b on b.municipality_id = %(town)s and b.id = s.bracket_id
  join unnest(%(tariffs)s::bigint[], %(since)s::date[]) as f(id, since) on f.id = b.tariff_id
  join people_guardianship t on t.municipality_id = %(town)s and t.child_id = s.child_id and t.is_payer
 where s.municipality_id = %(town)s and s.days @> %(today)s::date
   and not exists (
     select from enrolment_iseedeclaration d
       left join lateral (
         select state from enrolment_iseedecision c where c.municipality_id = %(town)s and c.declaration_id = d.id
          order by c.id desc limit 1) c on true
      where d.municipality_id = %(town)s and d.payer_id = t.guardian_id and d.valid_until >= f.since
        and c.state is distinct from 'refused' and (%(omissions)s or not d.has_omissions))
 order by 1, 2
"""

# One that was refused stands in nobody's way; a newer one that waits or is good does.
_ENDING = """
with standing as (
  select d.*, coalesce(c.state, 'declared') as state from enrolment_iseedeclaration d
    left join lateral (
      select state from enrolment_iseedecision c where c.municipality_id = %(town)s and c.declaration_id = d.id
       order by c.id desc limit 1) c on true
   where d.municipality_id = %(town)s and d.valid_until >= %(today)s
)
select d.id from standing d
 where d.state = 'checked' and d.valid_until <= %(until)s
   and not exists (select from standing n where n.payer_id = d.payer_id and n.state <> 'refused'
                      and n.valid_until > d.valid_until)
   and exists (
     select from people_guardianship t
       join enrolment_subscription s on s.municipality_id = %(town)s and s.child_id = t.child_id
        and s.days @> %(today)s::date
       join services_bracket b on b.municipality_id = %(town)s and b.id = s.bracket_id
       join services_tariff f on f.municipality_id = %(town)s and f.id = b.tariff_id and f.scheme <> ''
      where t.municipality_id = %(town)s and t.guardian_id = d.payer_id and t.is_payer)
 order by d.id
"""
