"""How the days of each service go in each school: who decides, until when, from when to when, on which weekdays."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypedDict

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.roles import Role
from campanella.domains.attendance import ruling
from campanella.domains.attendance.choices import RollCallChoices
from campanella.domains.attendance.models import DayRule
from campanella.domains.attendance.ruling import Terms
from campanella.domains.schools import queries as schools
from campanella.domains.schools.models import ClassGroup, School
from campanella.domains.services import queries as services
from campanella.domains.services import seasons
from campanella.domains.services.models import Service, ServiceCalendar
from campanella.foundation.core import audit, clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.design.forms import offer
from campanella.foundation.tenants.queries import active_town
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.calendar import words
from campanella.interfaces.office.calendar.forms import ClassDaysForm, RuleForm, SeasonForm
from campanella.readings import ways
from campanella.readings.office import rule_readers
from campanella.readings.office.rule_readers import Concerned

SECTION = {"section": "settings"}
A_DAY = timedelta(days=1)
A_YEAR = timedelta(days=366)


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
    places = schools.schools()
    running = services.calendars_of(school_ids=[school.pk for school in places], first=today, last=today + A_YEAR)
    rules = ruling.rules_of()
    lines: dict[int, dict[int, Line]] = {}
    for calendar in running:
        mine = [r for r in rules if (r.school_id, r.service_id) == (calendar.school_id, calendar.service_id)]
        current = next((rule for rule in mine if _holds(rule.days, today)), None)
        coming = next((rule for rule in mine if rule.days.lower and rule.days.lower > today), None)
        line = Line(
            calendar.school_id,
            calendar.service_id,
            calendar.service.name,
            ways.SHORT[Terms.of(current).mode],
            f"dal {coming.days.lower:%d/%m/%Y}: {ways.SHORT[coming.mode]}" if coming else "",
        )
        lines.setdefault(calendar.school_id, {})[calendar.service_id] = line
    page = {"schools": [(school, list(lines.get(school.pk, {}).values())) for school in places]}
    return render(request, "office/calendar/schools.html", {**SECTION, **page})


class Where(TypedDict):
    """A service of a school."""

    service_id: int
    school_id: int


@dataclass
class Page:
    """One service in one school, and the three forms that change it from a day on."""

    school: School
    service: Service
    today: date
    closes_at: time
    rules: list[DayRule]
    seasons: list[ServiceCalendar]
    groups: list[ClassGroup]
    rule: RuleForm
    when: SeasonForm
    days: ClassDaysForm

    @property
    def where(self) -> Where:
        """Which service of which school."""
        return {"service_id": self.service.pk, "school_id": self.school.pk}


@staff(Role.OFFICE)
def day_rule(request: PersonRequest, school_id: int, service_id: int) -> HttpResponse:
    """Show how the days of one service go in one school, and change it from a day to come: first told, then done."""
    now = clock.now()
    page = _page(request, school_id, service_id, clock.day_of(now))
    told = ""
    if page.rule.is_valid():
        first, terms = page.rule.cleaned_data["first"], page.rule.terms()
        try:
            ruling.check_first(first=first, terms=terms, now=now)
        except ruling.TooSoon as refusal:
            page.rule.add_error("first", refusal.message)
        else:
            told = ways.change(terms, first=first, closes_at=page.closes_at)
    done = _done(request, page, told, now)
    if done:
        messages.success(request, done)
        return HttpResponseRedirect(reverse("office:day-rule", args=[school_id, service_id]))
    concerns = words.concerns(_concerned(page)) if told else []
    return render(request, "office/calendar/school.html", {**SECTION, **_shown(page), "told": told, "concerns": concerns})


def _page(request: PersonRequest, school_id: int, service_id: int, today: date) -> Page:
    school = next((one for one in schools.schools() if one.pk == school_id), None)
    service = next((one for one in services.services() if one.pk == service_id), None)
    if school is None or service is None:
        raise NotFound
    rules = ruling.rules_of(service_id=service_id, school_id=school_id)
    known = seasons.seasons_of(service_id=service_id, school_id=school_id)
    groups = list(schools.all_classes(day=today).filter(school=school).order_by("name"))
    current = Terms.of(next((rule for rule in rules if _holds(rule.days, today)), None))
    season = next((one for one in known if one.days.upper > today), None)
    tomorrow = today + A_DAY
    span = {"first": tomorrow, "last": None, "weekdays": 0b11111}
    if season:
        last = season.days.upper - A_DAY
        span = {"first": max(tomorrow, season.days.lower), "last": last, "weekdays": season.weekdays}
    sent = {request.POST.get("form"): request.POST} if request.method == "POST" else {}
    about = {"first": tomorrow, **{name: getattr(current, name) for name in current.__slots__}}
    rule = RuleForm(sent.get("rule"), today=today, prefix="rule", initial=about)
    when = SeasonForm(sent.get("season"), today=today, prefix="season", initial=span)
    days = ClassDaysForm(sent.get("class"), today=today, prefix="class", initial={"first": tomorrow})
    offer(days, "class_group", [(group.pk, group.name) for group in groups])
    closes_at = active_town().chosen(RollCallChoices).roll_call_closes_at
    return Page(school, service, today, closes_at, rules, known, groups, rule, when, days)


def _concerned(page: Page) -> Concerned | None:
    """Count the families that are told of what the form says, None where they do not notice it."""
    first = page.rule.cleaned_data["first"]
    if not ruling.is_noticed(ruling.terms_on(**page.where, day=first), page.rule.terms()):
        return None
    return rule_readers.concerned(**page.where, first=first)


def _done(request: PersonRequest, page: Page, told: str, now: datetime) -> str:
    """Do what was sent and is right, and return what was done; nothing for what is only told so far."""
    if told:
        if request.POST.get("act") != "confirm":
            return ""
        first, terms = page.rule.cleaned_data["first"], page.rule.terms()
        ruling.change(by=request.user, **page.where, first=first, terms=terms, words=told[:300], now=now)
        return told
    if page.when.is_valid():
        seasons.set_season(by=request.user, **page.where, now=now, **page.when.cleaned_data)
        return "Calendario salvato: vale dal giorno che hai scelto."
    if page.days.is_valid():
        data = page.days.cleaned_data
        name = next(group.name for group in page.groups if group.pk == data["class_group"])
        seasons.set_class_days(
            by=request.user,
            **page.where,
            class_group_id=data["class_group"],
            class_name=name,
            first=data["first"],
            weekdays=data["weekdays"] or None,
            now=now,
        )
        return f"Giorni di {name} salvati: valgono dal giorno che hai scelto."
    return ""


def _shown(page: Page) -> dict[str, object]:
    names = {group.pk: group.name for group in page.groups}
    of_classes = seasons.class_days_of(service_id=page.service.pk, class_group_ids=list(names))
    means = [(one, ways.means(Terms.of(one), closes_at=page.closes_at)) for one in page.rules]
    return {
        "school": page.school,
        "service": page.service,
        "rules": [_period(one.days, told, page.today) for one, told in means],
        "without": ways.means(Terms.of(None), closes_at=page.closes_at),
        "has_rule": any(_holds(one.days, page.today) for one in page.rules),
        "seasons": [_period(one.days, [seasons.named(one.weekdays)], page.today) for one in page.seasons],
        "class_days": [
            (names[one.class_group_id], _period(one.days, [seasons.named(one.weekdays)], page.today)) for one in of_classes
        ],
        "rule": page.rule,
        "when": page.when,
        "days": page.days,
        "acts": audit.acts_on(subjects=[ruling.subject_of(**page.where)], limit=10),
    }


def _holds(days: object, day: date) -> bool:
    lower, upper = days.lower, days.upper  # type: ignore[attr-defined]  # a range of days
    return (lower is None or lower <= day) and (upper is None or day < upper)


def _period(days: object, told: list[str], today: date) -> Period:
    lower, upper = days.lower, days.upper  # type: ignore[attr-defined]  # a range of days
    return Period(lower, upper - A_DAY if upper else None, told, upper is not None and upper <= today)
