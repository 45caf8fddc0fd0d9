"""The classes, day by day."""

from datetime import timedelta
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render

from campanella.domains.accounts.models import Role
from campanella.foundation.core import clock
from campanella.foundation.design import italian
from campanella.interfaces.doors import PersonRequest, staff
from campanella.usecases import office_day

SECTION = {"section": "rollcalls"}


@staff(Role.OFFICE)
def rollcalls(request: PersonRequest) -> HttpResponse:
    """Show the state of every class on one day."""
    today = clock.today()
    day = clock.read_day(request.GET.get("giorno", "")) or today
    classes = office_day.classes_on(day=day)
    page = {
        "day": day,
        "today": today,
        "named": italian.day_long_in(day, today),
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "schools": [(name, list(lines)) for name, lines in groupby(classes, key=lambda line: line.school_name)],
        "confirmed": sum(1 for line in classes if line.confirmed_at),
        "count": len(classes),
    }
    return render(request, "office/rollcalls/day.html", {**SECTION, **page})
