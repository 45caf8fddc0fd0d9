"""The weeks of camps: opened, offered, given to a child, left."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.roles import Role
from campanella.domains.people import queries as people
from campanella.domains.places import queries as places
from campanella.domains.services import queries as services
from campanella.domains.services.models import Service
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.italian import counted
from campanella.foundation.design.forms import offer
from campanella.interfaces.doors import PersonRequest, number, staff
from campanella.interfaces.office.families.answers import SECTION as FAMILIES
from campanella.interfaces.office.families.forms import day_field
from campanella.readings.office import camps as reading
from campanella.readings.office.camps import Week
from campanella.usecases.places import deciding
from campanella.usecases.places import weeks as work

SECTION = {"section": "applications"}
NUMBER = {"invalid": "Scrivi un numero.", "min_value": "Scrivi un numero da 0 in su."}


class PlacesForm(forms.Form):
    """How many places a week has."""

    capacity = forms.IntegerField(
        label="Posti a settimana",
        required=False,
        min_value=0,
        max_value=10_000,
        help_text="Vuoto: senza limite.",
        error_messages=NUMBER,
    )
    reserved = forms.IntegerField(
        label="Di questi, riservati", required=False, min_value=0, max_value=10_000, error_messages=NUMBER
    )


class WeeksForm(PlacesForm):
    """Weeks of a camp to open, each with so many places."""

    field_order = ("service", "first", "last")

    service = forms.TypedChoiceField(label="Centro", coerce=int)
    first = day_field("Dal")
    last = day_field("Al")

    def __init__(self, *args: Any, camps: list[Service], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "service", [(one.pk, one.name) for one in camps])


class WeekForm(forms.Form):
    """A week for a child."""

    week = forms.TypedChoiceField(label="Settimana", coerce=int, error_messages={"required": "Scegli la settimana."})
    is_reserved = forms.BooleanField(label="Ha diritto a un posto riservato", required=False)
    words = forms.CharField(
        label="Perché passa avanti",
        required=False,
        max_length=200,
        help_text="Solo se in lista c’è chi ha chiesto prima. Resta scritto.",
    )

    def __init__(self, *args: Any, weeks: list[Week], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "week", [("", "Scegli"), *((one.pool.pk, _named(one)) for one in weeks)])


@staff(Role.OFFICE)
def camps(request: PersonRequest) -> HttpResponse:
    """List the weeks with their places, and open more."""
    known = [one for one in services.services() if one.kind == "camp"]
    form = WeeksForm(request.POST or None, camps=known)
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = work.open_weeks(
                by=request.user,
                service=next(one for one in known if one.pk == said["service"]),
                first=said["first"],
                last=said["last"],
                capacity=said["capacity"],
                reserved=said["reserved"] or 0,
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            words = counted(len(made), "settimana aperta", "settimane aperte")
            messages.success(request, f"{words.capitalize()}. La quota di ogni settimana si decide in Fatture, Quote fisse.")
            return HttpResponseRedirect(reverse("office:camps"))
    page = {"weeks": reading.weeks(now=clock.now()), "form": form, "camps": known}
    return render(request, "office/camps/camps.html", {**SECTION, **page})


@staff(Role.OFFICE)
def week(request: PersonRequest, pool_id: int) -> HttpResponse:
    """Show who has a week and who waits; offer what is free, let a child leave, change how many places there are."""
    pool = work.week(pool_id=pool_id)
    if request.method == "POST":
        try:
            _act(request, pool_id)
        except NotFound:
            raise
        except Refusal as refusal:
            messages.error(request, refusal.message)
        return HttpResponseRedirect(reverse("office:camp-week", args=[pool_id]))
    form = PlacesForm(initial={"capacity": pool.capacity, "reserved": pool.reserved})
    page = {"page": reading.week_page(pool=pool, now=clock.now()), "form": form}
    return render(request, "office/camps/week.html", {**SECTION, **page})


@staff(Role.OFFICE)
def child_camps(request: PersonRequest, child_id: int) -> HttpResponse:
    """Show the weeks of a child, and give it one."""
    child, now = people.child(child_id=child_id), clock.now()
    weeks = reading.weeks(now=now)
    form = WeekForm(request.POST or None, weeks=weeks)
    if form.is_valid():
        said = form.cleaned_data
        try:
            work.assign(
                by=request.user,
                child_id=child_id,
                pool_id=said["week"],
                is_reserved=said["is_reserved"],
                words=said["words"],
                now=now,
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Ha il posto per quella settimana.")
            return HttpResponseRedirect(reverse("office:child-camps", args=[child_id]))
    mine = places.live_of(child_ids=[child_id], day=clock.day_of(now))
    page = {"child": child, "form": form, "weeks": weeks, "mine": [one for one in mine if one.pool.service.kind == "camp"]}
    return render(request, "office/camps/child.html", {**FAMILIES, **page})


def _act(request: PersonRequest, pool_id: int) -> None:
    act = request.POST.get("fai", "")
    if act == "offri":
        offered = deciding.offer_free(by=request.user, pool_id=pool_id, now=clock.now())
        if offered:
            words = counted(len(offered), "posto offerto", "posti offerti")
            messages.success(request, f"{words}: alle famiglie è partita una e-mail.")
        else:
            messages.info(request, "Non c’è nessun posto da offrire.")
        return
    if act == "posti":
        _change_places(request, pool_id)
        return
    place = places.place(place_id=number(request.POST.get("quale", "")) or 0)
    if act != "togli" or place.pool_id != pool_id:
        raise NotFound
    work.leave(by=request.user, child_id=place.child_id, place_id=place.pk, words="", now=clock.now())
    messages.success(request, "Fatto: il posto è libero per chi viene dopo.")


def _change_places(request: PersonRequest, pool_id: int) -> None:
    form = PlacesForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return
    capacity, reserved = form.cleaned_data["capacity"], form.cleaned_data["reserved"] or 0
    deciding.change_places(by=request.user, pool_id=pool_id, capacity=capacity, reserved=reserved, now=clock.now())
    messages.success(request, "Salvato: chi ha già il posto lo tiene.")


def _named(one: Week) -> str:
    left = one.tally.left
    return f"{one.pool.name}{'' if left is None else ' (completa)' if left == 0 else f' ({left} liberi)'}"
