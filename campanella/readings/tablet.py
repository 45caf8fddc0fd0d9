"""
What a tablet of a school keeps for the days when there is no network: its classes, today and on the next school days, and
on the last ones, which are looked at only.

First name and initial, what to serve and never why, no money, no address. Everything at once: a tablet that was connected
yesterday has today's list.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from campanella.domains.accounts.models import Device, User
from campanella.domains.attendance import terms
from campanella.domains.attendance.rules import DayTerms, Mode
from campanella.domains.attendance.statements.sheets import LEFT
from campanella.domains.attendance.terms import TermsOfDay
from campanella.domains.enrolment.statements import attends
from campanella.domains.people import words
from campanella.domains.schools import queries as schools
from campanella.domains.schools.models import ClassGroup, Closure, School
from campanella.domains.services import queries as services
from campanella.domains.services import rules as running
from campanella.domains.services.models import Service, ServiceCalendar
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id
from campanella.readings import serving
from campanella.readings.tablet_rides import RideOfDay, rides_on

# Today and the next days with a service, over a bridge or a week of holidays.
DAYS, AS_FAR_AS = 4, timedelta(days=10)
# School days that are over.
PAST = 3

LINES = f"""
select asked.day, m.class_group_id, s.service_id, c.id as child_id, c.given_name, c.family_name, c.birth_date,
       d.code as diet_code, d.menu as diet_menu, p.is_present, p.is_white, p.is_late, p.arrived, {LEFT},
       b.is_booked, b.is_white, b.is_packed, coalesce(k.mode, 'roll_call') as mode
  from unnest(%(days)s::date[]) as asked(day)
  join schools_membership m on m.municipality_id = %(town)s and m.class_group_id = any(%(classes)s) and m.days @> asked.day
  join schools_classgroup g on g.municipality_id = m.municipality_id and g.id = m.class_group_id
  join enrolment_subscription s on s.municipality_id = m.municipality_id and s.child_id = m.child_id
   and s.service_id = any(%(services)s) and s.days @> asked.day
  join people_child c on c.municipality_id = m.municipality_id and c.id = m.child_id
  left join enrolment_diet d on d.municipality_id = m.municipality_id and d.child_id = m.child_id and d.days @> asked.day
  left join attendance_presence p on p.municipality_id = m.municipality_id and p.child_id = m.child_id
   and p.service_id = s.service_id and p.day = asked.day
  left join attendance_booking b on b.municipality_id = m.municipality_id and b.child_id = m.child_id
   and b.service_id = s.service_id and b.day = asked.day
  left join attendance_dayrule k on k.municipality_id = m.municipality_id and k.service_id = s.service_id
   and k.school_id = g.school_id and k.days @> asked.day
 where {attends(line="s", group="m.class_group_id", day="asked.day")} or p.is_present
 order by c.name_key, c.id
"""  # noqa: S608  # the fragment is enrolment's

CALLS = """
select day, class_group_id, service_id, adults, confirmed_at
  from attendance_rollcall
 where municipality_id = %(town)s and day = any(%(days)s::date[]) and class_group_id = any(%(classes)s)
"""


class Line(NamedTuple):
    """A child of a class on a day, with what is known of the day; columns as ``LINES`` has them."""

    day: date
    class_group_id: int
    service_id: int
    child_id: int
    given_name: str
    family_name: str
    birth_date: date | None
    diet_code: str | None
    diet_menu: str | None
    is_present: bool | None
    is_white: bool | None
    is_late: bool | None
    arrived: time | None
    left: time | None
    is_booked: bool | None
    wants_white: bool | None
    wants_packed: bool | None
    mode: Mode


class CallState(NamedTuple):
    """How far a roll-call is; columns as ``CALLS`` has them."""

    day: date
    class_group_id: int
    service_id: int
    adults: int
    confirmed_at: datetime | None


@dataclass(frozen=True)
class ClassOfDay:
    """
    One class for one service on one day; ``closed_because`` says why nobody is expected.

    :ivar closes_at: until when it is called, as the rule of its school says
    :ivar terms: how the day goes there
    """

    group: ClassGroup
    service: Service
    closes_at: datetime
    terms: DayTerms
    closed_because: str
    call: CallState | None
    lines: Sequence[Line]

    def names(self) -> dict[int, str]:
        """Return how the class calls each child."""
        return words.at_school({line.child_id: line for line in self.lines})


@dataclass(frozen=True)
class TabletDay:
    """One day of a tablet; ``closes_at`` is when the last of its classes closes, ``rides`` are those of its children."""

    day: date
    closes_at: datetime
    classes: Sequence[ClassOfDay]
    rides: Sequence[RideOfDay]

    @classmethod
    def of(cls, day: date, classes: Sequence[ClassOfDay], rides: Sequence[RideOfDay]) -> "TabletDay":
        """Return a day of these classes; one without any closes at the town's hour."""
        return cls(day, max((one.closes_at for one in classes), default=serving.closing_time(day)), classes, rides)


@dataclass(frozen=True)
class TabletDays:
    """Everything a tablet keeps; ``past`` are the days that are over."""

    schools: Sequence[School]
    operators: Sequence[User]
    past: Sequence[TabletDay]
    days: Sequence[TabletDay]


def days_of(*, device: Device, today: date) -> TabletDays:
    """
    Return today, the next school days and the last ones of a tablet's schools: nine queries, however many the classes and
    the days; one more where a bus runs.
    """
    places = schools.schools_of_device(device_id=device.pk)
    school_ids = [school.pk for school in places]
    calendars = services.calendars_of(school_ids=school_ids, first=today - AS_FAR_AS, last=today + AS_FAR_AS)
    near = [today + timedelta(days=ahead) for ahead in range(-AS_FAR_AS.days, AS_FAR_AS.days + 1)]
    running = [day for day in near if day == today or _running(calendars, day)]
    past, coming = [day for day in running if day < today][-PAST:], [day for day in running if day >= today][:DAYS]
    days = [*past, *coming]
    groups = schools.classes_at(school_ids=school_ids, first=days[0], last=days[-1])
    closures = schools.closures_between(first=days[0], last=days[-1])
    values = {
        "town": active_town_id(),
        "days": [str(day) for day in days],
        "classes": [group.pk for group in groups],
        "services": sorted({calendar.service_id for calendar in calendars}),
    }
    lines = _by_class(Line(*row) for row in sql.rows(LINES, values))
    calls = {(call.day, call.class_group_id, call.service_id): call for call in map(_call, sql.rows(CALLS, values))}
    going = terms.between(first=days[0], last=days[-1])
    classes = {day: list(_classes(going[day], groups, calendars, closures, lines, calls)) for day in days}
    known = {day: {(of.service.pk, one.child_id) for of in classes[day] for one in of.lines} for day in days}
    rides = rides_on(calendars=calendars, known=known)
    found = [TabletDay.of(day, classes[day], rides.get(day, ())) for day in days]
    return TabletDays(places, schools.operators_at(school_ids=school_ids), found[: len(past)], found[len(past) :])


def _classes(
    going: TermsOfDay,
    groups: Iterable[ClassGroup],
    calendars: Sequence[ServiceCalendar],
    closures: Sequence[Closure],
    lines: Mapping[tuple[date, int, int], Sequence[Line]],
    calls: Mapping[tuple[date, int, int], CallState],
) -> Iterable[ClassOfDay]:
    """Give every class that has a service on a day, closed ones too: a tablet says why nobody is called."""
    day = going.day
    for group in groups:
        if not group.year.days.lower <= day < group.year.days.upper:
            continue
        for calendar in _running(calendars, day):
            key = (day, group.pk, calendar.service_id)
            if calendar.school_id == group.school_id and (key in lines or key in calls):
                closure = schools.closure_on(
                    closures=closures,
                    day=day,
                    school_id=group.school_id,
                    class_group_id=group.pk,
                    service_id=calendar.service_id,
                )
                reason = closure.reason if closure else ""
                goes = going.of(service_id=calendar.service_id, school_id=group.school_id)
                of_class = [] if closure else lines.get(key, [])
                closes_at = terms.closing(goes, day=day)
                yield ClassOfDay(group, calendar.service, closes_at, goes, reason, calls.get(key), of_class)


def _running(calendars: Iterable[ServiceCalendar], day: date) -> list[ServiceCalendar]:
    return [
        calendar
        for calendar in calendars
        if calendar.days.lower <= day < calendar.days.upper and running.runs_on(day=day, weekdays=calendar.weekdays)
    ]


def _by_class(rows: Iterable[Line]) -> dict[tuple[date, int, int], list[Line]]:
    found: dict[tuple[date, int, int], list[Line]] = defaultdict(list)
    for row in rows:
        found[row.day, row.class_group_id, row.service_id].append(row)
    return dict(found)


def _call(row: Sequence[object]) -> CallState:
    return CallState(*row)  # type: ignore[arg-type]  # columns as the statement names them
