"""
Which classes are served on a day: the calendar of the service in each school, less the closures.

The roll-call, the kitchen and the end of the day all ask here, so that a closed class is expected by nobody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.queries import BoardLine
from campanella.domains.schools import queries as schools
from campanella.domains.schools.models import ClassGroup, Closure
from campanella.domains.services import queries as services
from campanella.domains.services.models import Service

# A presence of these is a meal to cook.
COOKED = ("meal", "nursery")


@dataclass(frozen=True)
class ServingDay:
    """What runs where on one day; made by ``on`` in two queries, asked as often as one likes."""

    day: date
    calendars: dict[int, dict[int, Service]]
    closures: Sequence[Closure]

    def services(self, *, kinds: Sequence[str] | None = None, school_ids: Iterable[int] | None = None) -> list[Service]:
        """Return the services that run anywhere in these schools, in the town's order; closures apart."""
        schools_asked = self.calendars if school_ids is None else school_ids
        found = {pk: service for school in schools_asked for pk, service in self.calendars.get(school, {}).items()}
        wanted = [service for service in found.values() if kinds is None or service.kind in kinds]
        return sorted(wanted, key=lambda service: (service.position, service.pk))

    def service(self, *, code: str, school_id: int) -> Service | None:
        """Return the service of this code, if it runs in a school on this day."""
        return next((s for s in self.calendars.get(school_id, {}).values() if s.code == code), None)

    def closed_because(self, *, school_id: int, class_group_id: int) -> str:
        """Return why a class stays at home, empty when it does not."""
        closure = schools.closure_on(
            closures=self.closures, day=self.day, school_id=school_id, class_group_id=class_group_id
        )
        return closure.reason if closure else ""

    def serves(self, *, service_id: int, school_id: int, class_group_id: int) -> bool:
        """Tell whether a class is served."""
        runs = service_id in self.calendars.get(school_id, {})
        return runs and not self.closed_because(school_id=school_id, class_group_id=class_group_id)


def on(*, day: date) -> ServingDay:
    """Look at the calendars and closures of a day: two queries."""
    calendars: dict[int, dict[int, Service]] = {}
    for calendar in services.running_on(day=day):
        calendars.setdefault(calendar.school_id, {})[calendar.service_id] = calendar.service
    return ServingDay(day, calendars, schools.closures_between(first=day, last=day))


def classes(*, service_id: int, day: date) -> list[ClassGroup]:
    """Return the classes that a service serves on a day: what ``mealtime.confirm_day`` is given. Three queries."""
    serving = on(day=day)
    found = schools.all_classes(day=day).order_by("id")
    return [c for c in found if serving.serves(service_id=service_id, school_id=c.school_id, class_group_id=c.pk)]


def board(*, serving: ServingDay, service_id: int) -> list[BoardLine]:
    """
    Return the kitchen's numbers of a day for the classes that are served: one query.

    A class that was confirmed stays on the board even when a closure is entered afterwards: its meals are cooked.
    """
    lines = sheets.board(day=serving.day, service_ids=[service_id])
    return [
        line for line in lines
        if line.is_confirmed
        or serving.serves(service_id=service_id, school_id=line.school_id, class_group_id=line.class_group_id)
    ]  # fmt: skip
