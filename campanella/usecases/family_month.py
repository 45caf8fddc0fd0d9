"""A child's month of one service, day by day, and what is behind one day: for the family's calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campanella.domains.accounts import queries as accounts
from campanella.domains.accounts.models import User
from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.queries import DayMark
from campanella.domains.attendance.rules import DayState, day_state
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.enrolment.queries import Enrolled
from campanella.domains.ledger import queries as ledger
from campanella.domains.ledger.queries import Step
from campanella.domains.people import queries as people
from campanella.domains.people.queries import FamilyChild
from campanella.domains.schools import queries as schools
from campanella.domains.schools.models import Closure
from campanella.domains.schools.queries import Place
from campanella.domains.services import queries as services
from campanella.domains.services import rules
from campanella.domains.services.models import ServiceCalendar
from campanella.foundation.core import audit, clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro

Stay = tuple[Place, date, date | None]


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of the calendar; ``charged`` is what it took from the credit so far."""

    day: date
    state: DayState
    is_white: bool
    closed_because: str
    charged: Euro | None
    is_today: bool


@dataclass(frozen=True, slots=True)
class FamilyMonth:
    """A month of one child and service; ``stays`` are its classes, newest first, ``services`` those it ever used."""

    child: FamilyChild
    siblings: tuple[FamilyChild, ...]
    place: Place | None
    service: Enrolled | None
    services: tuple[Enrolled, ...]
    cells: tuple[DayCell, ...]
    stays: tuple[Stay, ...]
    first_day: date | None


@dataclass(frozen=True, slots=True)
class ServiceDay:
    """What is behind one day of one service: the mark, its price and why, the postings, the corrections."""

    service_name: str
    kind: str
    unit: str
    cell: DayCell
    mark: DayMark | None
    confirmed_by: str
    subscription: Enrolled | None
    steps: tuple[Step, ...]
    corrections: tuple[audit.Act, ...]


def family_month(
    *, user: User, child_id: int | None, service_id: int | None, month: date, now: datetime
) -> FamilyMonth | None:
    """
    Gather one month: seven queries, whatever the number of days.

    :param child_id: None takes the first child; the answer is None when the family has no child
    :param service_id: None takes the first service of the month, else the first one ever used
    :param month: any day of it
    :raises NotFound: the child is not this user's, or never used the service
    """
    children = people.children_of(user=user)
    child = _chosen(children, child_id)
    if child is None:
        return None
    first = month.replace(day=1)
    last = _next_month(first) - timedelta(days=1)
    subscriptions = enrolment.subscriptions_of(child_id=child.id)
    used = _services_of(subscriptions)
    service = _service_of(used, subscriptions, service_id, first, last)
    stays = schools.history_of(child_id=child.id)
    today = clock.day_of(now)
    cells: tuple[DayCell, ...] = ()
    if service:
        mine = [line for line in subscriptions if line.service_id == service.service_id]
        cells = tuple(_cells(child.id, mine, stays, first=first, last=last, today=today))
    return FamilyMonth(
        child=child,
        siblings=tuple(other for other in children if other.id != child.id),
        place=_place_on(stays, min(last, max(first, today))),
        service=service,
        services=tuple(used),
        cells=cells,
        stays=tuple(stays),
        first_day=min((line.first for line in subscriptions), default=None),
    )


def family_day(*, user: User, child_id: int, day: date, now: datetime) -> tuple[FamilyChild, list[ServiceDay]]:
    """
    Tell what one day was for a child: one part for each service it was enrolled in or marked for.

    :raises NotFound: the child is not this user's
    """
    child = people.child_for(user=user, child_id=child_id)
    subscriptions = enrolment.subscriptions_of(child_id=child_id)
    stays = schools.history_of(child_id=child_id)
    marks = {mark.service_id: mark for mark in sheets.marks_of(child_id=child_id, first=day, last=day) if mark.confirmed_at}
    parts = []
    for service in _services_of(subscriptions):
        mine = [line for line in subscriptions if line.service_id == service.service_id]
        on_day = next((line for line in mine if _is_within(day, line.first, line.end)), None)
        mark = marks.get(service.service_id)
        if on_day is None and mark is None:
            continue
        (cell,) = _cells(child_id, mine, stays, first=day, last=day, today=clock.day_of(now))
        parts.append(_behind(service, cell, mark, on_day))
    return child, parts


def _behind(service: Enrolled, cell: DayCell, mark: DayMark | None, subscription: Enrolled | None) -> ServiceDay:
    steps: list[Step] = []
    corrections: list[audit.Act] = []
    confirmed_by = ""
    if mark:
        source = f"presence:{mark.presence_id}"
        steps = ledger.steps_of(source=source)
        corrections = audit.acts_on(subjects=[source])
        confirmed_by = accounts.first_role(user_id=mark.confirmed_by_id) if mark.confirmed_by_id else ""
    return ServiceDay(
        service.service_name, service.kind, service.unit, cell, mark, confirmed_by, subscription,
        tuple(steps), tuple(corrections),
    )  # fmt: skip


def _cells(
    child_id: int, subscriptions: Sequence[Enrolled], stays: Sequence[Stay], *, first: date, last: date, today: date
) -> list[DayCell]:
    service_id = subscriptions[0].service_id
    marks = {
        mark.day: mark
        for mark in sheets.marks_of(child_id=child_id, first=first, last=last)
        if mark.service_id == service_id and mark.confirmed_at
    }
    charged = ledger.charged_for(sources=[f"presence:{mark.presence_id}" for mark in marks.values()]) if marks else {}
    closures = schools.closures_between(first=first, last=last)
    calendars = services.calendars_between(service_id=service_id, first=first, last=last)
    cells = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        mark = marks.get(day)
        place = _place_on(stays, day)
        closure = _closure_on(closures, day, place)
        state = day_state(
            is_enrolled=place is not None and any(_is_within(day, line.first, line.end) for line in subscriptions),
            runs=_runs(calendars, day, place),
            is_closed=closure is not None,
            is_present=mark.is_present if mark else None,
            is_future=day > today,
            is_today=day == today,
        )
        price = charged.get(f"presence:{mark.presence_id}") if mark else None
        cells.append(
            DayCell(day, state, bool(mark and mark.is_white), closure.reason if closure else "", price, day == today)
        )
    return cells


def _chosen(children: Sequence[FamilyChild], child_id: int | None) -> FamilyChild | None:
    if child_id is None:
        return children[0] if children else None
    for child in children:
        if child.id == child_id:
            return child
    raise NotFound


def _services_of(subscriptions: Sequence[Enrolled]) -> list[Enrolled]:
    """Return one line for each service, the newest, the meal first."""
    found: dict[int, Enrolled] = {}
    for line in subscriptions:
        found.setdefault(line.service_id, line)
    return sorted(found.values(), key=lambda line: line.kind not in ("meal", "nursery"))


def _service_of(
    used: Sequence[Enrolled], subscriptions: Sequence[Enrolled], service_id: int | None, first: date, last: date
) -> Enrolled | None:
    if service_id is not None:
        for service in used:
            if service.service_id == service_id:
                return service
        raise NotFound
    now_used = {line.service_id for line in subscriptions if line.first <= last and (line.end is None or line.end > first)}
    return next((service for service in used if service.service_id in now_used), used[0] if used else None)


def _place_on(stays: Sequence[Stay], day: date) -> Place | None:
    return next((place for place, first, end in stays if _is_within(day, first, end)), None)


def _closure_on(closures: Sequence[Closure], day: date, place: Place | None) -> Closure | None:
    if place is None:
        return None
    return schools.closure_on(closures=closures, day=day, school_id=place.school_id, class_group_id=place.class_group_id)


def _runs(calendars: Sequence[ServiceCalendar], day: date, place: Place | None) -> bool:
    return place is not None and any(
        calendar.school_id == place.school_id
        and _is_within(day, calendar.days.lower, calendar.days.upper)
        and rules.runs_on(day=day, weekdays=calendar.weekdays)
        for calendar in calendars
    )


def _is_within(day: date, first: date | None, end: date | None) -> bool:
    return (first is None or first <= day) and (end is None or day < end)


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
