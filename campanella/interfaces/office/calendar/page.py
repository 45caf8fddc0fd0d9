"""One service in one school: what is known of its days, and the three forms that change them from a day on."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypedDict

from campanella.domains.attendance import ruled
from campanella.domains.attendance.models import DayRule
from campanella.domains.attendance.ruled import Terms
from campanella.domains.attendance.terms import UsualHours, usual_hours
from campanella.domains.schools import queries as schools
from campanella.domains.schools.models import ClassGroup, School
from campanella.domains.services import queries as services
from campanella.domains.services import timetable
from campanella.domains.services.models import Service, ServiceCalendar
from campanella.foundation.core import audit
from campanella.foundation.core.errors import NotFound
from campanella.foundation.design.forms import offer
from campanella.interfaces.doors import PersonRequest, number
from campanella.interfaces.office.calendar.forms import ClassDaysForm, RuleForm, SeasonForm
from campanella.interfaces.office.classes import A_YEAR, name_of

A_DAY = timedelta(days=1)


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
    usual: UsualHours
    rules: list[DayRule]
    seasons: list[ServiceCalendar]
    groups: list[ClassGroup]
    rule: RuleForm
    when: SeasonForm
    days: ClassDaysForm
    # The last act that the page which was sent has shown, and the last one there is.
    seen: int | None
    last: int

    @property
    def is_old(self) -> bool:
        """Tell whether a colleague has changed something since the page was drawn that was sent."""
        return self.seen is not None and self.seen != self.last

    @property
    def where(self) -> Where:
        """Which service of which school."""
        return {"service_id": self.service.pk, "school_id": self.school.pk}


def page_of(request: PersonRequest, school_id: int, service_id: int, today: date) -> Page:
    """
    Gather it, with the form that was sent.

    :raises NotFound: there is no such school or service
    """
    school = next((one for one in schools.schools() if one.pk == school_id), None)
    service = next((one for one in services.services() if one.pk == service_id), None)
    if school is None or service is None:
        raise NotFound
    rules = ruled.rules_of(service_id=service_id, school_id=school_id)
    known = timetable.seasons_of(service_id=service_id, school_id=school_id)
    # Next year's too: their return days are known before it begins.
    groups = schools.classes_at(school_ids=[school.pk], first=today, last=today + A_YEAR)
    current = Terms.of(next((rule for rule in rules if holds(rule.days, today)), None))
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
    offer(days, "class_group", [(group.pk, name_of(group, today=today)) for group in groups])
    seen = number(request.POST.get("seen", ""))
    last = audit.last_on(subject=ruled.subject_of(service_id=service_id, school_id=school_id))
    return Page(school, service, today, usual_hours(), rules, known, groups, rule, when, days, seen, last)


def holds(days: object, day: date) -> bool:
    """Tell whether a day lies in a range, which may be open."""
    lower, upper = days.lower, days.upper  # type: ignore[attr-defined]  # a range of days
    return (lower is None or lower <= day) and (upper is None or day < upper)
