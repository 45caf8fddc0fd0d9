"""Households out of the register, for ``reckoning``: a number of queries that does not grow with the children."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from campanella.domains.enrolment.choices import IseeChoices
from campanella.domains.enrolment.reckoning import Declared, Households, Kid, Priced, priced
from campanella.domains.services.tariff_files import kept
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id
from campanella.foundation.tenants.queries import active_town

EVER = date.min


@dataclass(frozen=True, slots=True)
class Differing:
    """
    A child's subscriptions to a service that are not as its tariff says.

    :ivar gone: subscriptions whose place ``come`` take
    :ivar first: the first day that may cost something else
    """

    child_id: int
    service_id: int
    gone: tuple[int, ...]
    come: tuple[Priced, ...]
    first: date


def related(*, child_ids: Collection[int], will_reckon: bool = False) -> list[int]:
    """
    Return these children and all whose price may follow from theirs: those of one payer, where the town reckons. One query.

    :param will_reckon: the town is about to, though it may not yet
    """
    rows = sql.rows(_RELATED, {"town": active_town_id(), "children": sorted(child_ids), "reckons": will_reckon})
    return sorted({*child_ids, *(child_id for (child_id,) in rows)})


def paid_before(*, payer_id: int) -> list[int]:
    """Return the children for whom somebody else pays after this adult: one query."""
    rows = sql.rows(_PAID_BEFORE, {"town": active_town_id(), "payer": payer_id})
    return [child_id for (child_id,) in rows]


def households(*, child_ids: Collection[int] | None) -> Households:
    """
    Return the households of these children, with all their siblings; None is the whole town. Six queries.

    Who is enrolled is another domain's to say: whoever asks what is charged asks ``readings.priced``.
    An ISEE is left out that was refused, that has omissions or, where the town says so, that is not checked yet.
    """
    town, choices = active_town_id(), active_town().chosen(IseeChoices)
    wanted = None if child_ids is None else sorted(child_ids)
    people = sql.rows(_KIDS, {"town": town, "children": wanted})
    ids = [pk for pk, *_ in people]
    values = {"town": town, "children": ids}
    payers: dict[int, list[tuple[date, int | None]]] = {pk: [(EVER, payer)] for pk, _, payer in people}
    for child_id, first, before, payer in sql.rows(_PAYERS, values):
        one = payers[child_id]
        # The first change tells who paid until then.
        if len(one) == 1:
            one[0] = (EVER, before)
        one.append((first, payer))
    facts: dict[int, list[tuple[date, bool, frozenset[str]]]] = {}
    for child_id, first, is_resident, words in sql.rows(_FACTS, values):
        facts.setdefault(child_id, []).append((first, is_resident, frozenset(words)))
    lines, texts = _lines(values)
    kids = {pk: Kid(pk, birth, payers[pk], facts.get(pk, ()), lines.get(pk, ())) for pk, birth, _ in people}
    families = _families(kids.values())
    declared: dict[int, list[Declared]] = {}
    asked = {**choices.counting, "town": town, "payers": sorted(families)}
    for payer, *rest in sql.rows(_DECLARED, asked):
        declared.setdefault(payer, []).append(Declared(*rest))
    schemes = {tariff_id: kept.scheme_in(text, service) for tariff_id, (text, service) in texts.items()}
    # A share of a month or a year is no price of a day.
    return Households(kids, families, declared, {pk: one for pk, one in schemes.items() if one.unit == "day"})


def differing(*, known: Households, child_ids: Iterable[int] | None = None) -> list[Differing]:
    """
    Return where subscriptions are not as tariffs say, by child and service.

    :param child_ids: of these alone, None for all that are known
    """
    found = []
    for child_id in sorted(known.kids if child_ids is None else child_ids):
        kid = known.kids[child_id]
        should = priced(known=known, kid=kid)
        for service_id in sorted({line.service_id for line in kid.lines}):
            was = [line for line in kid.lines if line.service_id == service_id]
            be = [line for line in should if line.service_id == service_id]
            stay = {(line.first, line.end) for line in be for old in was if _is_same(old, line)}
            gone = [line for line in was if (line.first, line.end) not in stay]
            come = [line for line in be if (line.first, line.end) not in stay]
            if gone or come:
                first = min(line.first for line in (*gone, *come))
                pks = tuple(line.id for line in gone if line.id is not None)
                found.append(Differing(child_id, service_id, pks, tuple(come), first))
    return found


def _is_same(old: Priced, line: Priced) -> bool:
    return (old.first, old.end) == (line.first, line.end) and old.is_as(line)


def _families(kids: Iterable[Kid]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for kid in kids:
        for payer in {payer for _, payer in kid.payers if payer is not None}:
            found.setdefault(payer, []).append(kid.id)
    return {payer: sorted(mine) for payer, mine in found.items()}


def _lines(values: dict[str, object]) -> tuple[dict[int, Sequence[Priced]], dict[int, tuple[str, str]]]:
    """Return the subscriptions of children by child, and (text, service) of the reckoned tariffs among them."""
    lines: dict[int, list[Priced]] = {}
    for pk, child_id, service_id, service, tariff_id, name, cents, *rest in sql.rows(_LINES, values):
        one = Priced(pk, child_id, service_id, service, tariff_id, name, cents, *rest)
        lines.setdefault(child_id, []).append(one)
    tariffs = {line.tariff_id for mine in lines.values() for line in mine}
    rows = sql.rows(_TEXTS, {"town": values["town"], "tariffs": sorted(tariffs)})
    return dict(lines), {pk: (text, service) for pk, text, service in rows}


_RELATED = """
select o.child_id from people_guardianship t
  join people_guardianship o on o.municipality_id = %(town)s and o.guardian_id = t.guardian_id and o.is_payer
 where t.municipality_id = %(town)s and t.child_id = any(%(children)s::bigint[]) and t.is_payer
   and (%(reckons)s or exists (select from services_tariff f where f.municipality_id = %(town)s and f.scheme <> ''))
 union
select p.child_id from enrolment_payerchange c
  join enrolment_payerchange p on p.municipality_id = %(town)s
   and (p.payer_id in (c.payer_id, c.before_id) or p.before_id in (c.payer_id, c.before_id))
 where c.municipality_id = %(town)s and c.child_id = any(%(children)s::bigint[])
   and (%(reckons)s or exists (select from services_tariff f where f.municipality_id = %(town)s and f.scheme <> ''))
"""

_PAID_BEFORE = """
select distinct child_id from enrolment_payerchange where municipality_id = %(town)s and %(payer)s in (before_id, payer_id)
"""

_KIDS = """
with asked as (
  select id from people_child where municipality_id = %(town)s
     and (%(children)s::bigint[] is null or id = any(%(children)s::bigint[]))
), paying as (
  select t.child_id, t.guardian_id from people_guardianship t where t.municipality_id = %(town)s and t.is_payer
   union select child_id, payer_id from enrolment_payerchange where municipality_id = %(town)s and payer_id is not null
   union select child_id, before_id from enrolment_payerchange where municipality_id = %(town)s and before_id is not null
), wanted as (
  select id from asked
   union select p.child_id from paying p
    where %(children)s::bigint[] is not null
      and p.guardian_id in (select m.guardian_id from paying m join asked on asked.id = m.child_id)
)
select c.id, c.birth_date, t.guardian_id from wanted w
  join people_child c on c.municipality_id = %(town)s and c.id = w.id
  left join people_guardianship t on t.municipality_id = %(town)s and t.child_id = c.id and t.is_payer
 order by c.id
"""

_PAYERS = """
select child_id, first, before_id, payer_id from enrolment_payerchange
 where municipality_id = %(town)s and child_id = any(%(children)s::bigint[]) order by child_id, first, id
"""

_FACTS = """
select child_id, first, is_resident, words from enrolment_childfact
 where municipality_id = %(town)s and child_id = any(%(children)s::bigint[]) order by child_id, first, id
"""

_LINES = """
select s.id, s.child_id, s.service_id, v.code, b.tariff_id, b.name, b.cents, s.reduction_percent, s.weekdays,
       lower(s.days), upper(s.days)
  from enrolment_subscription s
  join services_bracket b on b.municipality_id = %(town)s and b.id = s.bracket_id
  join services_service v on v.municipality_id = %(town)s and v.id = s.service_id
 where s.municipality_id = %(town)s and s.child_id = any(%(children)s::bigint[])
 order by s.child_id, lower(s.days), s.id
"""

_TEXTS = """
select t.id, t.scheme, v.code from services_tariff t
  join services_service v on v.municipality_id = %(town)s and v.id = t.service_id
 where t.municipality_id = %(town)s and t.id = any(%(tariffs)s::bigint[]) and t.scheme <> ''
"""

_DECLARED = """
select d.payer_id, d.id, d.cents, d.received_on, d.valid_until, d.household
  from enrolment_iseedeclaration d
  left join lateral (
    select state from enrolment_iseedecision c where c.municipality_id = %(town)s and c.declaration_id = d.id
     order by c.id desc limit 1) c on true
 where d.municipality_id = %(town)s and d.payer_id = any(%(payers)s::bigint[])
   and (c.state = 'checked' or %(unchecked)s and c.state is null) and (not d.has_omissions or %(omissions)s)
 order by d.payer_id, d.received_on, d.id
"""
