"""A month of one child and service, as the office sees it: which days it was there, and which could be corrected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from campanella.domains.attendance import queries as attendance
from campanella.domains.attendance import rules as attendance_rules
from campanella.domains.attendance.rules import DayState
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.enrolment.queries import Enrolled
from campanella.domains.schools import queries as schools
from campanella.domains.schools.models import Closure
from campanella.domains.schools.queries import Place
from campanella.domains.services import queries as services
from campanella.domains.services import rules as services_rules
from campanella.domains.services.models import ServiceCalendar

SATURDAY_BIT = 1 << 5


@dataclass(frozen=True)
class Day:
    """One day of the small month."""

    day: date
    state: DayState
    is_marked: bool


@dataclass(frozen=True)
class Month:
    """
    The school days of a month by week, for one service; None fills days of other months.

    :ivar before: first day of the month before, None when the child used nothing then
    :ivar after: first day of the month after, None when it is still to come
    :ivar services: id and name of every service the child uses or has used
    """

    first: date
    service_id: int
    service_name: str
    weeks: list[list[Day | None]]
    weekdays: int
    before: date | None
    after: date | None
    services: list[tuple[int, str]]


def month(*, child_id: int, service_id: int | None, day: date, today: date) -> Month | None:
    """
    Return the month of a day.

    :param service_id: None or one the child never used shows its first service
    :returns: None for a child that never used a service
    """
    lines = enrolment.subscriptions_of(child_id=child_id)
    names = {line.service_id: line.service_name for line in lines}
    if not names:
        return None
    chosen = service_id if service_id in names else next(iter(names))
    mine = [line for line in lines if line.service_id == chosen]
    first = day.replace(day=1)
    before, after = (first - timedelta(days=1)).replace(day=1), _month_after(first)
    place = schools.places_of(child_ids=[child_id], day=min(after - timedelta(days=1), max(first, today))).get(child_id)
    calendars = [one for one in services.calendars(school_id=place.school_id) if one.service_id == chosen] if place else []
    length = 6 if any(calendar.weekdays & SATURDAY_BIT for calendar in calendars) else 5
    states = _states(child_id, mine, calendars, place, first, after, today)
    weeks = [[states.get(one) for one in week] for week in _weeks(first, after, length)]
    return Month(
        first=first, service_id=chosen, service_name=names[chosen], weeks=[week for week in weeks if any(week)],
        weekdays=length, before=before if any(line.first < first for line in mine) else None,
        after=after if after <= today else None, services=list(names.items()),
    )  # fmt: skip


def _states(
    child_id: int, lines: Sequence[Enrolled], calendars: Sequence[ServiceCalendar], place: Place | None,
    first: date, after: date, today: date,
) -> dict[date, Day]:  # fmt: skip
    last = after - timedelta(days=1)
    closures = schools.closures_between(first=first, last=last)
    marks = {
        mark.day: mark.is_present
        for mark in attendance.marks_of(child_id=child_id, first=first, last=last)
        if mark.service_id == lines[0].service_id
    }
    days = [first + timedelta(days=i) for i in range((after - first).days)]
    return {
        day: Day(
            day,
            attendance_rules.day_state(
                is_enrolled=any(line.holds_on(day) for line in lines), runs=_runs(calendars, day),
                is_closed=_is_closed(closures, place, day), is_present=marks.get(day),
                is_future=day > today, is_today=day == today,
            ),
            day in marks,
        )
        for day in days
    }  # fmt: skip


def _runs(calendars: Sequence[ServiceCalendar], day: date) -> bool:
    return any(
        calendar.days.lower <= day < calendar.days.upper and services_rules.runs_on(day=day, weekdays=calendar.weekdays)
        for calendar in calendars
    )


def _is_closed(closures: Sequence[Closure], place: Place | None, day: date) -> bool:
    if place is None:
        return False
    at = {"school_id": place.school_id, "class_group_id": place.class_group_id}
    return schools.closure_on(closures=closures, day=day, **at) is not None


def _month_after(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _weeks(first: date, after: date, length: int) -> list[list[date]]:
    monday = first - timedelta(days=first.weekday())
    count = (after - timedelta(days=1) - monday).days // 7 + 1
    return [[monday + timedelta(days=7 * week + day) for day in range(length)] for week in range(count)]
