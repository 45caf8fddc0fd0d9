"""
Applications with the band of ISEE that each falls into: the list whole, for a sheet, and how many there are of each state.

Nothing of health is in it, and no answer that somebody writes freely.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.applying import queries, rules
from campanella.domains.applying.queries import Application, EnrolmentCall
from campanella.domains.enrolment import declared
from campanella.domains.enrolment.declared import Declaration
from campanella.domains.people import queries as people
from campanella.domains.schools import queries as schools
from campanella.domains.services import queries as services
from campanella.domains.services.models import Bracket
from campanella.domains.services.rules import BY_SCHEME
from campanella.foundation.core.italian import day_figures
from campanella.foundation.core.money import Euro

NO_ISEE = "Senza ISEE"
# Of a tariff that is reckoned there are no bands: these are as ministries ask for them, in euro.
STEPS = (5_000, 10_000, 15_000, 20_000, 25_000, 30_000)
BEYOND = "Oltre 30.000 €"


@dataclass(frozen=True, slots=True)
class Applied:
    """
    An application as a list says it.

    :ivar child: the name, tax code and day of birth, as on record, or as they were written
    :ivar waits_at: its place in line, 0 where there is one
    """

    application: Application
    child: str
    tax_code: str
    birth_date: date | None
    school: str
    isee: Declaration | None
    band: str
    waits_at: int

    @property
    def received_at(self) -> datetime | None:
        """When it was sent first."""
        return self.application.sent_at

    @property
    def state(self) -> str:
        """Its state in words."""
        return rules.STATES[self.application.state]

    @property
    def isee_told(self) -> str:
        """Whether somebody has checked the ISEE, and of which day it is."""
        if self.isee is None:
            return ""
        word = "controllato" if self.isee.state == "checked" else "da controllare"
        return f"{word}, attestato il {day_figures(self.isee.issued_on)}"


def applied(*, call: EnrolmentCall, states: Sequence[str], band: str = "") -> list[Applied]:
    """
    Return the applications of a call in these states, the oldest first: nine queries, however many there are.

    :param band: only those that fall into it; empty for all
    """
    rows = list(queries.sent(call_id=call.pk, states=states))
    said = queries.data_sent(applications=rows)
    children = people.children(child_ids=[row.child_id for row in rows if row.child_id])
    names = people.register_names(child_ids=list(children))
    payers = {child_id: payer.pk for child_id, payer in people.payers_of(child_ids=list(children)).items()}
    owners = {row.pk: payers.get(row.child_id or 0, row.guardian_id or 0) for row in rows}
    isee = _isee_of(set(owners.values()), call.begins_on)
    known = {one.pk: one for one in schools.schools()}
    brackets = [one for one in services.prices_from(day=call.begins_on) if one.tariff.service_id == call.service_id]
    line = _line(call)
    found = []
    for row in rows:
        data = said.get(row.pk, {})
        written: Mapping[str, str] = data.get("child", {})
        child = children.get(row.child_id or 0)
        school = known.get(data.get("school") or 0)
        declaration = isee.get(owners[row.pk])
        cents = declaration.amount.cents if declaration else None
        fitting = [one for one in brackets if school is None or one.tariff.is_for(school.level)]
        found.append(
            Applied(
                application=row,
                child=names[child.pk] if child else _name(written),
                tax_code=child.tax_code if child else written.get("tax_code", ""),
                birth_date=child.birth_date if child else _day(written.get("birth_date", "")),
                school=school.name if school else "",
                isee=declaration,
                band=band_of(cents=cents, brackets=fitting),
                waits_at=line.get(row.pk, 0),
            )
        )
    return [one for one in found if band in ("", one.band)]


def band_of(*, cents: int | None, brackets: Sequence[Bracket]) -> str:
    """
    Name the band of an ISEE: that of the tariff where it has bands, else one of five thousand euro.

    :param cents: None where there is none
    """
    if cents is None:
        return NO_ISEE
    upper = [one for one in brackets if one.isee_up_to_cents is not None and one.code != BY_SCHEME]
    if upper:
        below = [one for one in upper if cents <= (one.isee_up_to_cents or 0)]
        lowest = min(below, key=lambda one: one.isee_up_to_cents or 0, default=None)
        highest = max(one.isee_up_to_cents or 0 for one in upper)
        return lowest.name if lowest else f"Oltre {Euro(highest).italian()}"
    step = next((step for step in STEPS if cents <= step * 100), None)
    return f"Fino a {Euro(step * 100).italian()}" if step else BEYOND


@dataclass(frozen=True, slots=True)
class Table:
    """
    How many applications of a call there are by band and state.

    :ivar states: those of which there is any, with their words, in the order of an application's life
    :ivar lines: a band each, with the count of each state and their sum
    """

    states: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, tuple[tuple[str, int], ...], int], ...]
    sums: tuple[int, ...]
    total: int


def table(*, call: EnrolmentCall) -> Table:
    """Count the applications of a call by band and state: nine queries."""
    every = [state for state in rules.STATES if state != "draft"]
    found = applied(call=call, states=every)
    counts = Counter((one.band, one.application.state) for one in found)
    least: dict[str, int] = {}
    for one in found:
        least[one.band] = min(least.get(one.band, 10**12), one.isee.amount.cents if one.isee else 10**12)
    states = [state for state in every if any(key == state for _, key in counts)]
    bands = sorted(least, key=lambda band: (least[band], band))
    lines = tuple(
        (band, tuple((state, counts[band, state]) for state in states), sum(counts[band, state] for state in states))
        for band in bands
    )
    sums = tuple(sum(counts[band, state] for band in bands) for state in states)
    return Table(tuple((state, rules.STATES[state]) for state in states), lines, sums, len(found))


def _isee_of(payer_ids: set[int], day: date) -> dict[int, Declaration]:
    """Return by household its newest ISEE that holds on a day and was not refused; one that was checked goes before."""
    good = [
        one for one in declared.of_payers(payer_ids=sorted(payer_ids)) if one.state != "refused" and one.valid_until >= day
    ]
    found: dict[int, Declaration] = {}
    for one in sorted(good, key=lambda one: one.state != "checked"):
        found.setdefault(one.payer_id, one)
    return found


def _line(call: EnrolmentCall) -> dict[int, int]:
    """Return the places in line of those that find no place, by application."""
    live = queries.sent(call_id=call.pk, states=rules.LIVE).order_by("number").values_list("pk", "state")
    line = {
        pk: rules.place_in_line(places=call.places, before=at) for at, (pk, state) in enumerate(live) if state in rules.OPEN
    }
    return {pk: at for pk, at in line.items() if at}


def _name(said: Mapping[str, str]) -> str:
    return f"{said.get('family_name', '')} {said.get('given_name', '')}".strip()


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
