"""Giving charged days back in one act: of a class, a school, a service, some days; told first, done as it was told."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.roles import Role
from campanella.domains.attendance.choices import RollCallChoices
from campanella.domains.schools import queries as schools
from campanella.domains.services import queries as services
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.money import Euro
from campanella.foundation.design.forms import offer
from campanella.interfaces.doors import PersonRequest, number, staff
from campanella.interfaces.office.classes import name_of
from campanella.interfaces.office.rollcalls.closures import TOWN
from campanella.interfaces.office.rollcalls.forms import GiveBackForm
from campanella.interfaces.office.rollcalls.views import SECTION
from campanella.readings.office import changes as changing
from campanella.readings.office.changes import Plan
from campanella.usecases import bulk_days
from campanella.usecases.bulk_days import Scope


@staff(Role.OFFICE)
def give_back(request: PersonRequest) -> HttpResponse:
    """Ask which days, tell how many children and how much, and give it back."""
    now = clock.now()
    today = clock.day_of(now)
    first, last = _days(request, today)
    # Other days were chosen: the places of then are offered, and nothing is complained about yet.
    only_days = request.POST.get("act") == "places"
    form = GiveBackForm(
        None if only_days else request.POST or None,
        ready=request.town.chosen(RollCallChoices).correction_reasons,
        initial={**request.POST.dict(), "first": first, "last": last},
    )
    offer(form, "where", [("", TOWN), *_places(first, last, today)])
    offer(form, "what", [("", "Tutti i servizi"), *((f"{one.pk}", one.name) for one in services.services())])
    plans: list[Plan] = []
    if form.is_valid():
        scope = _scope(form.cleaned_data)
        if request.POST.get("act") == "confirm":
            return _give(request, scope, form.cleaned_data["reason"])
        plans = [changing.plan(service_id=pk, changes=found) for pk, found in bulk_days.charged_in(scope).items()]
    lines = [line for plan in plans for line in plan.lines]
    page = {
        "form": form,
        "asked": form.is_bound and form.is_valid(),
        "days": len(lines),
        "children": len({line.mark.child_id for line in lines}),
        "amount": -sum((plan.difference for plan in plans), Euro(0)),
    }
    return render(request, "office/rollcalls/give_back.html", {**SECTION, **page})


def _days(request: PersonRequest, today: date) -> tuple[date, date]:
    """Return from when to when it is asked, as far as that can be read: today without a word."""
    first = clock.read_day(request.POST.get("first", "")) or today
    return first, max(first, clock.read_day(request.POST.get("last", "")) or first)


def _places(first: date, last: date, today: date) -> list[tuple[str, str]]:
    """Return the schools, and the classes of the school year of these days: another year's have the same names."""
    known = schools.schools()
    groups = schools.classes_at(school_ids=[school.pk for school in known], first=first, last=last)
    classes = [(f"c{one.pk}", f"{name_of(one, today=today)}, {one.school.name}") for one in groups]
    return [*((f"s{school.pk}", school.name) for school in known), *classes]


def _give(request: PersonRequest, scope: Scope, reason: str) -> HttpResponse:
    told = Euro(number(request.POST.get("told", "")) or 0)
    every = services.services()
    try:
        back = bulk_days.give_back(by=request.user, scope=scope, services=every, reason=reason, told=told, now=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"Restituiti {back}: il credito è già giusto, e chi paga riceve una e-mail con il motivo.")
    return HttpResponseRedirect(reverse("office:give-back"))


def _scope(data: dict[str, Any]) -> Scope:
    where, what = data["where"], data["what"]
    place = int(where[1:]) if where else None
    return Scope(
        first=data["first"],
        last=data["last"],
        school_id=place if where.startswith("s") else None,
        class_group_id=place if where.startswith("c") else None,
        service_id=int(what) if what else None,
    )
