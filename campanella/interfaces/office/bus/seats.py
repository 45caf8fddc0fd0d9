"""A child's seat: given, moved to another stop, left; and a wait or an offer that ends."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.roles import Role
from campanella.domains.people import queries as people
from campanella.domains.places import queries as places
from campanella.domains.places.rules import SAID
from campanella.domains.transport import queries as lines
from campanella.domains.transport.queries import Ride, Stop
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.bus.forms import LeaveForm, OtherStopForm, SeatForm
from campanella.interfaces.office.families.answers import SECTION
from campanella.readings.office import bus as reading
from campanella.usecases.places import deciding


@staff(Role.OFFICE)
def child_bus(request: PersonRequest, child_id: int) -> HttpResponse:
    """Show where a child rides and waits, and give it a seat."""
    child, now = people.child(child_id=child_id), clock.now()
    rides = reading.ride_lines(now=now)
    stops = lines.stops(ride_ids=[one.ride.pk for one in rides])
    ride_of = {stop.pk: one.ride for one in rides for stop in stops[one.ride.pk]}
    form = SeatForm(request.POST or None, stops=_offered(rides, stops), initial={"first": clock.day_of(now)})
    if form.is_valid():
        said = form.cleaned_data
        ride = ride_of[said["stop"]]
        try:
            deciding.assign(
                by=request.user,
                child_id=child_id,
                ride_id=ride.pk,
                stop_id=said["stop"],
                first=said["first"],
                is_reserved=said["is_reserved"],
                words=said["words"],
                now=now,
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"Ha il posto: {ride.name}. Dal giorno scelto è nell’elenco di chi guida.")
            return HttpResponseRedirect(reverse("office:child-bus", args=[child_id]))
    page = {"child": child, "form": form, "riders": reading.seats_of(child_id=child_id, now=now), "rides": rides}
    return render(request, "office/bus/child.html", {**SECTION, **page})


@staff(Role.OFFICE)
def place(request: PersonRequest, place_id: int) -> HttpResponse:
    """Show a child's seat or wait; move it to another stop, or end it."""
    one, now = places.place(place_id=place_id), clock.now()
    ride = lines.ride_of_pool(pool_id=one.pool_id)
    if ride is None:
        raise NotFound
    act, today = request.POST.get("fai", ""), clock.day_of(now)
    stops = lines.stops(ride_ids=[ride.pk])[ride.pk]
    here = lines.boarding(place_ids=[place_id], day=today).get(place_id)
    sent = request.POST if act == "fermata" else None
    other = OtherStopForm(sent, stops=stops, initial={"first": today, "stop": here.pk if here else None})
    leave = LeaveForm(request.POST if act == "lascia" else None, initial={"last": today})
    try:
        if act == "togli":
            deciding.let_go(by=request.user, place_id=place_id, last=today, words="", now=now)
            return _done(request, ride, "Tolto dalla lista.")
        if other.is_valid():
            said = other.cleaned_data
            deciding.change_stop(by=request.user, place_id=place_id, stop_id=said["stop"], first=said["first"], now=now)
            return _done(request, ride, "Fermata cambiata: dal giorno scelto è nell’elenco di chi guida.")
        if leave.is_valid():
            deciding.let_go(by=request.user, place_id=place_id, now=now, **leave.cleaned_data)
            return _done(request, ride, "Scritto: il posto si libera dal giorno dopo.")
    except Refusal as refusal:
        if act == "togli":
            messages.error(request, refusal.message)
        else:
            (leave if act == "lascia" else other).add_error(None, refusal.message)
    steps = [(SAID[step.state], step) for step in places.steps(place_ids=[place_id])]
    page = {"one": one, "ride": ride, "other": other, "leave": leave, "stop": here, "steps": steps}
    return render(request, "office/bus/place.html", {**SECTION, **page})


def _offered(rides: list[reading.RideLine], stops: dict[int, list[Stop]]) -> Iterator[tuple[int, str]]:
    for one in rides:
        left = one.tally.left
        room = "" if left is None else " (completa)" if left == 0 else f" ({left} liberi)"
        for stop in stops[one.ride.pk]:
            yield stop.pk, f"{one.ride.name}{room}: {stop.name}, {stop.at:%-H:%M}"


def _done(request: PersonRequest, ride: Ride, words: str) -> HttpResponse:
    messages.success(request, words)
    return HttpResponseRedirect(reverse("office:bus-ride", args=[ride.pk]))
