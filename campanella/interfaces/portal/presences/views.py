"""The calendar of a month, and what is behind one day."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.interfaces.doors import PersonRequest, family, number
from campanella.interfaces.portal.presences.calendar import MonthPage
from campanella.interfaces.portal.presences.days import DayPage
from campanella.readings.family.beside import days_beside
from campanella.readings.family.day import family_day
from campanella.readings.family.month import family_month


@family
@require_safe
def month(request: PersonRequest, child_id: str | None = None, month: str | None = None) -> HttpResponse:
    """Show a month of one child and one service, day by day."""
    now = clock.now()
    first = _day(f"{month}-01") if month else clock.day_of(now).replace(day=1)
    found = family_month(
        user=request.user, child_id=int(child_id) if child_id else None, service_id=_service(request), month=first, now=now
    )
    if found is None:
        return render(request, "portal/presences/no_children.html", {"section": "presences"})
    page = MonthPage.of(found, month=first, today=clock.day_of(now))
    return render(request, "portal/presences/month.html", {"page": page, "section": "presences"})


@family
@require_safe
def day(request: PersonRequest, child_id: str, day: str) -> HttpResponse:
    """Show what one day was, what it cost and why."""
    asked, now = _day(day), clock.now()
    child, parts = family_day(user=request.user, child_id=int(child_id), day=asked, now=now)
    beside = days_beside(child_id=child.id, day=asked)
    page = DayPage.of(child, parts, day=asked, today=clock.day_of(now), beside=beside)
    return render(request, "portal/presences/day.html", {"page": page, "section": "presences"})


def _day(text: str) -> date:
    found = clock.read_day(text)
    if found is None:
        raise NotFound
    return found


def _service(request: PersonRequest) -> int | None:
    asked = request.GET.get("servizio", "")
    if not asked:
        return None
    found = number(asked)
    if found is None:
        raise NotFound
    return found
