"""What the change of the school year would do, before anybody does it: read only."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from campanella.domains.applying import queries as applying
from campanella.domains.enrolment import rolled
from campanella.domains.enrolment.operations import NewSubscription
from campanella.domains.enrolment.rolled import Use
from campanella.domains.schools import promotion
from campanella.domains.schools import queries as schools
from campanella.domains.schools import rolled as classes
from campanella.domains.schools.models import YearRoll
from campanella.domains.schools.rolled import Move, Seat
from campanella.domains.services import queries as services
from campanella.domains.services import rules
from campanella.domains.services.models import Bracket, Service
from campanella.domains.services.tariffs.carrying import Carried, a_year_after
from campanella.foundation.core.errors import Refusal
from campanella.usecases.yearly import carrying

Policy = Literal["renew", "carry", "ask", "none"]
POLICIES: dict[Policy, str] = {
    "renew": "continua",
    "carry": "continua, con la tariffa di quest’anno",
    "ask": "si chiede di nuovo",
    "none": "finisce",
}
AS_IT_IS = Fraction(0)
# Who has just moved up does not mean to move up again.
NOT_AGAIN = timedelta(days=120)


class NoYear(Refusal):
    """Today is in no school year of the town."""

    message = "Oggi non è in nessun anno scolastico: prima importa o apri l’anno in corso."


class JustRolled(Refusal):
    """The present year has just begun by a roll-over."""

    message = "Il passaggio a quest’anno è appena stato fatto: il prossimo si fa da gennaio in poi."


class NameTaken(Refusal):
    """Another year has the name that the new one would have."""


class UnknownService(Refusal):
    """A policy names no service of the town."""


@dataclass(frozen=True)
class Step:
    """
    What becomes of a child: the class it goes to, or None where it leaves; ``is_unclear`` where a person must say.

    :ivar is_placed: somebody has put it in that class before, and there it stays
    """

    seat: Seat
    class_name: str | None
    is_unclear: bool
    level: str
    is_placed: bool = False


@dataclass(frozen=True)
class Line:
    """What becomes of a child's use of a service: it goes on as ``renewal`` or ``as_it_is``, or it ends."""

    use: Use
    renewal: NewSubscription | None
    as_it_is: bool
    is_ended: bool
    is_to_ask: bool

    @property
    def bracket_id(self) -> int | None:
        """The price at which it goes on, that of before where that is settled; None where it does not go on."""
        return self.renewal.bracket_id if self.renewal else self.use.bracket_id if self.as_it_is else None


@dataclass(frozen=True)
class ServicePlan:
    """What becomes of a service: how it is dealt with, and for how many children it goes on, is asked for anew, or ends."""

    service: Service
    policy: Policy
    has_prices: bool
    going_on: int
    to_ask: int
    ending: int


@dataclass(frozen=True)
class RollPlan:
    """
    The whole of it.

    :ivar end: first day after the new year
    :ivar also_open: (school, class) of the first classes, in which nobody sits yet
    :ivar carried: the tariffs that go on
    """

    name: str
    first: date
    end: date
    done: YearRoll | None
    steps: Sequence[Step]
    also_open: Sequence[tuple[int, str]]
    lines: Sequence[Line]
    services: Sequence[ServicePlan]
    carried: Sequence[Carried] = ()

    @property
    def moves(self) -> list[Move]:
        """Who goes where; whoever is unclear stays where it is, whoever is placed keeps its place."""
        return [Move(step.seat, step.class_name) for step in self.steps if not (step.is_unclear or step.is_placed)]

    @property
    def promoted(self) -> int:
        """How many children have a class in the new year."""
        return sum(step.class_name is not None for step in self.steps)

    @property
    def leaving(self) -> int:
        """How many leave their school."""
        return sum(step.class_name is None and not step.is_unclear for step in self.steps)

    @property
    def unclear(self) -> int:
        """How many a person must place."""
        return sum(step.is_unclear for step in self.steps)

    @property
    def classes(self) -> int:
        """How many classes the new year has."""
        going = {(move.seat.school_id, move.class_name) for move in self.moves if move.class_name}
        return len(going | set(self.also_open))


def plan(*, today: date, policies: Mapping[str, Policy], raise_by: Fraction = AS_IT_IS) -> RollPlan:
    """
    Reckon what moving up into the next year would do. A dozen queries, however many the children.

    :param policies: by the code of a service; without one it goes on where the new year has prices, else it is asked for
    :param raise_by: percent, on the prices of the tariffs that go on
    :raises NoYear: today is in no school year
    :raises JustRolled: the present year has begun by a roll-over not long ago
    :raises UnknownService: a policy names no service of the town
    :raises NameTaken: another year is called as the new one would be
    """
    year = schools.year_of(day=today)
    if year is None:
        raise NoYear
    first = year.days.upper
    done = classes.standing(first=first)
    if done is None and classes.standing(first=year.days.lower) and today < year.days.lower + NOT_AGAIN:
        raise JustRolled
    known = schools.year_of(day=first)
    end = known.days.upper if known else a_year_after(first)
    name = f"{first.year}/{end.year % 100:02}"
    if done is None and known is None and classes.is_name_taken(name=name, first=first):
        raise NameTaken(f"L’anno «{name}» c’è già, con altri giorni: prima correggi i giorni degli anni scolastici.")
    seats = [] if done else classes.seats_at_end_of(year=year)
    placed = classes.placed_from(first=first) if seats else {}
    gone = {one.pk for one in schools.schools() if one.closed_from and one.closed_from <= first}
    steps = [_step(seat, first.year, placed.get(seat.child_id), gone) for seat in seats]
    catalogue = services.services()
    _check(policies, catalogue)
    codes = [] if done else [code for code, policy in policies.items() if policy == "carry"]
    carried = carrying.planned(codes=codes, since=year.days.lower, first=first, year=name, raise_by=raise_by)
    prices = _prices(first, carrying.as_prices(carried, catalogue))
    lines, plans = _services(steps, catalogue, policies, prices, first, end)
    open_classes = {(seat.school_id, seat.class_name) for seat in seats if seat.school_id not in gone}
    firsts = [(school, name) for school, name in sorted(open_classes) if _is_first(seats, school, name)]
    return RollPlan(name, first, end, done, steps, firsts, lines, plans, carried)


def _step(seat: Seat, autumn: int, placed: tuple[str, str] | None, gone: Collection[int]) -> Step:
    """Tell what becomes of a child; of one whose school is gone by then a person must say."""
    if placed:
        name, level = placed
        return Step(seat, name, is_unclear=False, level=level, is_placed=True)
    if seat.school_id in gone:
        return Step(seat, None, is_unclear=True, level=seat.level)
    found = promotion.next_class(level=seat.level, name=seat.class_name, birth_date=seat.birth_date, autumn=autumn)
    return Step(seat, found.name or None, found.step == "unclear", seat.level)


def _is_first(seats: Sequence[Seat], school_id: int, name: str) -> bool:
    level = next(seat.level for seat in seats if seat.school_id == school_id)
    return promotion.first_class(level=level, name=name)


def _check(policies: Mapping[str, Policy], catalogue: Sequence[Service]) -> None:
    codes = [service.code for service in catalogue]
    for code in policies:
        if code not in codes:
            raise UnknownService(f"Il Comune non ha il servizio «{code}»: ha {', '.join(codes) or 'nessun servizio'}.")


def _services(
    steps: Sequence[Step],
    catalogue: Sequence[Service],
    policies: Mapping[str, Policy],
    prices: Sequence[Bracket],
    first: date,
    end: date,
) -> tuple[list[Line], list[ServicePlan]]:
    clear = {step.seat.child_id: step for step in steps if not step.is_unclear}
    uses = rolled.uses_until(child_ids=list(clear), first=first) if clear else []
    ends = _seasons(steps, first)
    lines: list[Line] = []
    plans: list[ServicePlan] = []
    for service in catalogue:
        mine = [use for use in uses if use.service_id == service.pk]
        # What is only carried is on record nowhere yet.
        has_prices = any(bracket.tariff.service_id == service.pk and bracket.pk > 0 for bracket in prices)
        policy = policies.get(service.code) or ("renew" if has_prices else "ask")
        denied = set(applying.not_admitted(child_ids=[use.child_id for use in mine], service_id=service.pk, day=first))
        counts: Counter[str] = Counter()
        for use in mine:
            step = clear[use.child_id]
            season = min(ends.get((step.seat.school_id, service.pk), first), use.season_end or first)
            if use.end and use.end < min(season, first) and not use.is_settled:
                continue  # ended before the others: its family, or the office, has done so
            line = _line(use, step, "ask" if use.child_id in denied else policy, prices, first, end)
            lines.append(line)
            counts["on" if line.bracket_id else "ask" if line.is_to_ask else "end"] += 1
        plans.append(ServicePlan(service, policy, has_prices, counts["on"], counts["ask"], counts["end"]))
    return lines, plans


def _line(use: Use, step: Step, policy: Policy, prices: Sequence[Bracket], first: date, end: date) -> Line:
    may_ask = step.class_name is not None and policy != "none"
    if use.is_settled:
        return Line(use, None, as_it_is=True, is_ended=False, is_to_ask=False)
    reaches_over = use.end is None or use.end > first
    if policy not in ("renew", "carry") or step.class_name is None:
        return Line(use, None, as_it_is=False, is_ended=reaches_over, is_to_ask=may_ask)
    found = _price(use, step.level, prices, first)
    if found is None:
        return Line(use, None, as_it_is=False, is_ended=reaches_over, is_to_ask=may_ask)
    is_same = found.tariff_id == use.tariff_id if use.is_reckoned else found.pk == use.bracket_id
    if is_same and reaches_over:
        return Line(use, None, as_it_is=True, is_ended=False, is_to_ask=False)
    # An end of its own in the new year is somebody's word: it stays.
    until = None if use.end is None else min(use.end if reaches_over else end, found.tariff.days.upper or end)
    new = NewSubscription(use.child_id, use.service_id, found.pk, until, use.reduction_percent, use.weekdays)
    return Line(use, new, as_it_is=False, is_ended=reaches_over, is_to_ask=False)


def _prices(first: date, carried: Sequence[Bracket]) -> list[Bracket]:
    """Return the prices that hold in the new year, those of the tariff that begins first at the front."""
    return sorted([*services.prices_from(day=first), *carried], key=lambda bracket: bracket.tariff.days.lower)


def _price(use: Use, level: str, prices: Sequence[Bracket], first: date) -> Bracket | None:
    """Return the same price of the new list: of the same code, or the list itself where it reckons."""
    for bracket in prices:
        tariff = bracket.tariff
        if tariff.service_id != use.service_id or not tariff.is_for(level):
            continue
        if bracket.code == rules.BY_SCHEME or (bracket.code == use.bracket_code and not use.is_reckoned):
            return bracket
    return None


def _seasons(steps: Sequence[Step], first: date) -> dict[tuple[int, int], date]:
    """Return by school and service the first day after its season of the old year."""
    school_ids = sorted({step.seat.school_id for step in steps})
    before = services.calendars_of(school_ids=school_ids, first=_a_year_before(first), last=first - timedelta(days=1))
    found: dict[tuple[int, int], date] = {}
    for one in before:
        key = (one.school_id, one.service_id)
        found[key] = max(one.days.upper or first, found.get(key, date.min))
    return found


def _a_year_before(day: date) -> date:
    return day.replace(year=day.year - 1) if (day.month, day.day) != (2, 29) else date(day.year - 1, 3, 1)
