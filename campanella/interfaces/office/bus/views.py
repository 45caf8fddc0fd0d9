"""The bus lines: which there are, how many places, who rides and who waits."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.schools import queries as schools
from campanella.domains.services import queries as services
from campanella.domains.services.rules import BUS_KINDS
from campanella.domains.transport import queries as lines
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import counted
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.bus.forms import NewRideForm, RideForm, known_of
from campanella.readings.office import bus as reading
from campanella.usecases.places import deciding
from campanella.usecases.places import lines as setting_up
from campanella.usecases.places.lines import RideData

SECTION = {"section": "applications"}


@staff(Role.OFFICE)
@require_safe
def rides(request: PersonRequest) -> HttpResponse:
    """List the rides with their places."""
    return render(request, "office/bus/rides.html", {**SECTION, "rides": reading.ride_lines(now=clock.now())})


@staff(Role.OFFICE)
def new(request: PersonRequest) -> HttpResponse:
    """Let a line run in a direction."""
    buses = [one for one in services.services() if one.kind in BUS_KINDS]
    years = schools.years_from(day=clock.today())
    form = NewRideForm(request.POST or None, services=buses, years=years)
    if form.is_valid():
        said = form.cleaned_data
        year = next(one for one in years if one.pk == said["year"])
        capacity, reserved = form.places()
        data = RideData(
            code=said["code"],
            name=said["name"],
            way=said["way"],
            service=next(one for one in buses if one.pk == said["service"]),
            first=year.days.lower,
            end=year.days.upper,
            capacity=capacity,
            reserved=reserved,
            stops=said["stops"],
        )
        try:
            made = setting_up.open_ride(by=request.user, data=data, now=clock.now())
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"{made.name}: aperta. Adesso le famiglie possono chiedere un posto.")
            return _to_ride(made.pk)
    return render(request, "office/bus/new.html", {**SECTION, "form": form, "buses": buses})


@staff(Role.OFFICE)
def ride(request: PersonRequest, ride_id: int) -> HttpResponse:
    """Show who rides and who waits; offer what is free."""
    if request.POST.get("fai") == "offri":
        found = lines.ride(ride_id=ride_id)
        try:
            _offer(request, found.pool_id)
        except Refusal as refusal:
            messages.error(request, refusal.message)
        return _to_ride(ride_id)
    found_ride = reading.office_ride(ride_id=ride_id, now=clock.now())
    return render(request, "office/bus/ride.html", {**SECTION, "page": found_ride})


@staff(Role.OFFICE)
def change(request: PersonRequest, ride_id: int) -> HttpResponse:
    """Change name, places and stops of a ride."""
    found = lines.ride(ride_id=ride_id)
    stops = lines.stops(ride_ids=[ride_id])[ride_id]
    form = RideForm(request.POST or None, initial=known_of(found, stops))
    if form.is_valid():
        capacity, reserved = form.places()
        said = form.cleaned_data
        try:
            setting_up.change_ride(
                by=request.user,
                ride_id=ride_id,
                name=said["name"],
                capacity=capacity,
                reserved=reserved,
                stops=said["stops"],
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Salvato: le famiglie leggono questo da adesso.")
            return _to_ride(ride_id)
    return render(request, "office/bus/change.html", {**SECTION, "form": form, "ride": found})


def _offer(request: PersonRequest, pool_id: int) -> None:
    offered = deciding.offer_free(by=request.user, pool_id=pool_id, now=clock.now())
    if offered:
        many = counted(len(offered), "posto offerto", "posti offerti")
        messages.success(request, f"{many}: alle famiglie è partita una e-mail.")
    else:
        messages.info(request, "Non c’è nessun posto da offrire.")


def _to_ride(ride_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("office:bus-ride", args=[ride_id]))
