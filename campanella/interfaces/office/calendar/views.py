"""How the days of each service go in each school: who decides, until when, from when to when, on which weekdays."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.roles import Role
from campanella.domains.attendance import ruled
from campanella.domains.attendance.models import DayRule
from campanella.domains.attendance.ruled import Terms
from campanella.domains.schools import kept
from campanella.domains.services import queries as services
from campanella.domains.services import timetable
from campanella.foundation.core import audit, clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import day_full
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.calendar.asking import asked
from campanella.interfaces.office.calendar.page import A_DAY, Page, holds, page_of
from campanella.interfaces.office.classes import A_YEAR, name_of
from campanella.readings import ways

SECTION = {"section": "settings"}


@dataclass(frozen=True)
class Line:
    """A service of a school: how its days go now, and what changes next."""

    school_id: int
    service_id: int
    service: str
    now: str
    next: str


@dataclass(frozen=True)
class Period:
    """A row of a calendar or of a rule as it is told; ``is_past`` is over, and stays as it is."""

    first: date | None
    last: date | None
    told: list[str]
    is_past: bool


@staff(Role.OFFICE)
def day_rules(request: PersonRequest) -> HttpResponse:
    """Show every school with its services, and how their days go."""
    today = clock.today()
    places = kept.schools_on(day=today)
    running = services.calendars_of(school_ids=[school.pk for school in places], first=today, last=today + A_YEAR)
    rules = ruled.rules_of()
    lines: dict[int, dict[int, Line]] = {}
    for calendar in running:
        mine = [r for r in rules if (r.school_id, r.service_id) == (calendar.school_id, calendar.service_id)]
        current = next((rule for rule in mine if holds(rule.days, today)), None)
        coming = next((rule for rule in mine if rule.days.lower and rule.days.lower > today), None)
        line = Line(
            calendar.school_id,
            calendar.service_id,
            calendar.service.name,
            ways.SHORT[Terms.of(current).mode],
            f"dal {day_full(coming.days.lower)}: {ways.SHORT[coming.mode]}" if coming else "",
        )
        lines.setdefault(calendar.school_id, {})[calendar.service_id] = line
    page = {"schools": [(school, list(lines.get(school.pk, {}).values())) for school in places]}
    return render(request, "office/calendar/schools.html", {**SECTION, **page})


@staff(Role.OFFICE)
def day_rule(request: PersonRequest, school_id: int, service_id: int) -> HttpResponse:
    """Show how the days of one service go in one school, and change it from a day to come: first told, then done."""
    now = clock.now()
    page = page_of(request, school_id, service_id, clock.day_of(now))
    found = asked(page, now)
    if found and request.POST.get("act") == "confirm":
        try:
            found.make(request.user, now)
        except Refusal as refusal:
            # Meanwhile a school was closed, a day has begun, or a colleague has changed the same.
            messages.error(request, refusal.message)
        else:
            messages.success(request, found.told)
        return HttpResponseRedirect(reverse("office:day-rule", args=[school_id, service_id]))
    return render(request, "office/calendar/school.html", {**SECTION, **_shown(page), "asked": found})


def _shown(page: Page) -> dict[str, object]:
    names = {group.pk: name_of(group, today=page.today) for group in page.groups}
    of_classes = timetable.class_days_of(service_id=page.service.pk, class_group_ids=list(names))
    # What is over is told by the usual hour of its own days.
    means = [(one, ways.means(Terms.of(one), closes_at=page.usual.on(_last_day(one, page.today)))) for one in page.rules]
    return {
        "school": page.school,
        "service": page.service,
        "rules": [_period(one.days, told, page.today) for one, told in means],
        "without": ways.means(Terms.of(None), closes_at=page.usual.hour),
        "has_rule": any(holds(one.days, page.today) for one in page.rules),
        "seasons": [_period(one.days, [timetable.named(one.weekdays)], page.today) for one in page.seasons],
        "class_days": [
            (names[one.class_group_id], _period(one.days, [timetable.named(one.weekdays)], page.today)) for one in of_classes
        ],
        "rule": page.rule,
        "when": page.when,
        "days": page.days,
        "last": page.last,
        "is_old": page.is_old,
        "acts": audit.acts_on(subjects=[ruled.subject_of(**page.where)], limit=10),
    }


def _last_day(rule: DayRule, today: date) -> date:
    """Return the last day of a rule that is over; of another, one to come."""
    end = rule.days.upper
    return end - A_DAY if end and end <= today else today + A_YEAR


def _period(days: object, told: list[str], today: date) -> Period:
    lower, upper = days.lower, days.upper  # type: ignore[attr-defined]  # a range of days
    return Period(lower, upper - A_DAY if upper else None, told, upper is not None and upper <= today)
