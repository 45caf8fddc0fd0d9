"""The classes, day by day."""

from dataclasses import dataclass
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render

from campanella.domains.accounts.roles import Role
from campanella.domains.services import queries as services
from campanella.domains.services.queries import Service
from campanella.domains.services.rules import next_running
from campanella.foundation.core import clock, italian
from campanella.interfaces.doors import PersonRequest, number, staff
from campanella.readings.office import day as office_day
from campanella.readings.office.day import ClassDay

SECTION = {"section": "rollcalls"}
# More lines than this are folded by school.
MOST_LINES = 60


@dataclass(frozen=True)
class SchoolDay:
    """The classes of a school on a day; folded, only their numbers are shown."""

    id: int
    name: str
    lines: list[ClassDay]
    is_folded: bool

    @property
    def confirmed(self) -> int:
        """How many have confirmed."""
        return sum(1 for line in self.lines if line.confirmed_at)

    @property
    def present(self) -> list[tuple[Service, int]]:
        """How many children are there in the classes that have confirmed, by service: a meal is no day of the bus."""
        found: dict[int, tuple[Service, int]] = {}
        for line in self.lines:
            if line.confirmed_at:
                _, present = found.get(line.service.pk, (line.service, 0))
                found[line.service.pk] = line.service, present + line.eating
        return list(found.values())


@staff(Role.OFFICE)
def rollcalls(request: PersonRequest) -> HttpResponse:
    """Show the state of every class on one day."""
    today = clock.today()
    day = clock.read_day(request.GET.get("giorno", "")) or today
    classes = office_day.classes_on(day=day)
    weekdays = services.weekdays_around(day=day)
    page = {
        "day": day,
        "today": today,
        "named": italian.day_long_in(day, today),
        "before": next_running(day=day, step=-1, weekdays=weekdays),
        "after": next_running(day=day, step=1, weekdays=weekdays),
        "schools": _by_school(classes, number(request.GET.get("scuola", ""))),
        "confirmed": sum(1 for line in classes if line.confirmed_at),
        "count": len(classes),
        "closures": office_day.told_closures(day=day) if classes else [],
        "closed_because": office_day.closed_because(day=day) if not classes else "",
    }
    return render(request, "office/rollcalls/day.html", {**SECTION, **page})


def _by_school(classes: list[ClassDay], open_id: int | None) -> list[SchoolDay]:
    is_long = len(classes) > MOST_LINES
    grouped = groupby(classes, key=lambda line: (line.school_id, line.school_name))
    return [SchoolDay(pk, name, list(lines), is_long and pk != open_id) for (pk, name), lines in grouped]
