"""
Which classes are served on a day: the calendar of the service in each school, less the closures.

The roll-call, the kitchen and the end of the day all ask here, so that a closed class is expected by nobody.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_

from campanella.domains.attendance import terms
from campanella.domains.attendance.queries import BoardLine
from campanella.domains.schools import queries as schools
from campanella.domains.schools.models import ClassGroup, Closure
from campanella.domains.services import queries as services
from campanella.domains.services import rules, timetable
from campanella.domains.services.models import ClassCalendar, Service, ServiceCalendar
from campanella.foundation.core import clock

# A presence of these is a meal to cook.
COOKED = ("meal", "nursery")


@dataclass(frozen=True)
class ServingDay:
    """What runs where on one day; made by ``on`` in two queries, asked as often as one likes."""

    day: date
    calendars: dict[int, dict[int, Service]]
    closures: Sequence[Closure]
    # (service, class) of classes that do not use it on this day of the week.
    off: frozenset[tuple[int, int]] = frozenset()
    # By service and school, on which weekdays it runs in that season, be it this one or not: seven bits.
    weekdays: Mapping[int, Mapping[int, int]] = field(default_factory=dict)

    def services(self, *, kinds: Sequence[str] | None = None, school_ids: Iterable[int] | None = None) -> list[Service]:
        """Return the services that run anywhere in these schools, in the town's order; closures apart."""
        schools_asked = self.calendars if school_ids is None else school_ids
        found = {pk: service for school in schools_asked for pk, service in self.calendars.get(school, {}).items()}
        wanted = [service for service in found.values() if kinds is None or service.kind in kinds]
        return sorted(wanted, key=lambda service: (service.position, service.pk))

    def weekdays_of(self, *, service_id: int, school_ids: Collection[int] | None = None) -> int:
        """Return on which weekdays a service runs in these schools, or in any: seven bits."""
        of_service = self.weekdays.get(service_id, {})
        return reduce(or_, (bits for pk, bits in of_service.items() if school_ids is None or pk in school_ids), 0)

    def service(self, *, code: str, school_id: int) -> Service | None:
        """Return the service of this code, if it runs in a school on this day."""
        return next((s for s in self.calendars.get(school_id, {}).values() if s.code == code), None)

    def closed_because(self, *, school_id: int, class_group_id: int, service_id: int) -> str:
        """Return why a class is not served, empty when it is."""
        closure = schools.closure_on(
            closures=self.closures, day=self.day, school_id=school_id, class_group_id=class_group_id, service_id=service_id
        )
        return closure.reason if closure else ""

    def uses(self, *, service_id: int, school_id: int, class_group_id: int) -> bool:
        """Tell whether a class uses a service on this day of the week, closures apart."""
        return service_id in self.calendars.get(school_id, {}) and (service_id, class_group_id) not in self.off

    def serves(self, *, service_id: int, school_id: int, class_group_id: int) -> bool:
        """Tell whether a class is served; asked for every class of a town."""
        where = {"service_id": service_id, "school_id": school_id, "class_group_id": class_group_id}
        return self.uses(**where) and not (self.closures and self.closed_because(**where))


def on(*, day: date) -> ServingDay:
    """Look at the calendars and closures of a day: two queries."""
    calendars: dict[int, dict[int, Service]] = {}
    off: set[tuple[int, int]] = set()
    weekdays: defaultdict[int, defaultdict[int, int]] = defaultdict(lambda: defaultdict(int))
    for calendar, classes_off in services.seasons_on(day=day):
        weekdays[calendar.service_id][calendar.school_id] |= calendar.weekdays
        if _runs(calendar, day):
            calendars.setdefault(calendar.school_id, {})[calendar.service_id] = calendar.service
            off |= {(calendar.service_id, class_id) for class_id in classes_off}
    return ServingDay(day, calendars, schools.closures_between(first=day, last=day), frozenset(off), weekdays)


@dataclass(frozen=True)
class ServingMonth:
    """When one service is served in a span of days; made by ``between``, asked for every class and day."""

    service_id: int
    days: Sequence[date]
    calendars: Mapping[int, Sequence[ServiceCalendar]]
    weekdays: Mapping[int, Sequence[ClassCalendar]]
    closures: Sequence[Closure]

    def serves(self, group: ClassGroup, day: date) -> bool:
        """Tell whether a class is served on a day."""
        runs = any(_runs(one, day) for one in self.calendars.get(group.school_id, ()))
        off = any(day in one.days and not _runs(one, day) for one in self.weekdays.get(group.pk, ()))
        if not runs or off:
            return False
        return not self.closures or not schools.closure_on(
            closures=self.closures,
            day=day,
            school_id=group.school_id,
            class_group_id=group.pk,
            service_id=self.service_id,
        )


def between(*, service_id: int, class_group_ids: Sequence[int], first: date, last: date) -> ServingMonth:
    """Look at the calendars and closures of a service between two days, both included: three queries."""
    calendars: dict[int, list[ServiceCalendar]] = {}
    for calendar in services.calendars_between(service_id=service_id, first=first, last=last):
        calendars.setdefault(calendar.school_id, []).append(calendar)
    weekdays: dict[int, list[ClassCalendar]] = {}
    for own in timetable.class_days_of(service_id=service_id, class_group_ids=list(class_group_ids)):
        weekdays.setdefault(own.class_group_id, []).append(own)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return ServingMonth(service_id, days, calendars, weekdays, schools.closures_between(first=first, last=last))


def _runs(calendar: ServiceCalendar | ClassCalendar, day: date) -> bool:
    return day in calendar.days and rules.runs_on(day=day, weekdays=calendar.weekdays)


def closing_time(day: date) -> datetime:
    """Return the instant the roll-call of a day closes."""
    return clock.rome(day, terms.usual_hours().on(day))


def classes(*, service_id: int, day: date) -> list[ClassGroup]:
    """Return the classes that a service serves on a day: what ``mealtime.confirm_day`` is given. Three queries."""
    serving = on(day=day)
    found = schools.all_classes(day=day).order_by("id")
    return [c for c in found if serving.serves(service_id=service_id, school_id=c.school_id, class_group_id=c.pk)]


def served(*, serving: ServingDay, service_id: int, lines: Sequence[BoardLine]) -> list[BoardLine]:
    """
    Return the kitchen's lines of the classes that are served.

    A class that was confirmed stays on the board even when a closure is entered afterwards: its meals are cooked.
    """
    return [
        line
        for line in lines
        if line.is_confirmed
        or serving.serves(service_id=service_id, school_id=line.school_id, class_group_id=line.class_group_id)
    ]
