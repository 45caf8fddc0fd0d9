"""The roll-call of one ride, stop by stop."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from campanella.domains.people.choices import PickUpChoices
from campanella.domains.transport import queries as lines
from campanella.domains.transport.queries import Ride
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.italian import counted
from campanella.interfaces.doors import PersonRequest, numbers
from campanella.interfaces.pick_up_words import takers
from campanella.interfaces.rollcall.views import door
from campanella.interfaces.rollcall.words import cancelled_words
from campanella.readings import riders as reading
from campanella.readings.riders import Rider, RiderList
from campanella.usecases import line_roll
from campanella.usecases.line_roll import Called


@require_http_methods(["GET", "HEAD", "POST"])
@door
def line(request: PersonRequest, ride_id: int) -> HttpResponse:
    """Show who rides today, stop by stop, and take the roll-call of them all."""
    ride, today = lines.ride(ride_id=ride_id), clock.today()
    found = reading.riders(user=request.user, service_code=ride.pool.service.code, day=today)
    if ride_id not in {one.pk for one in found.rides}:
        raise NotFound
    if request.method == "POST":
        _call(request, found, ride)
        return HttpResponseRedirect(reverse("rollcall:line", args=[ride_id]))
    goes_home = ride.way == "back"
    page = {
        "ride": ride,
        "list": found,
        "stops": list(_stops(found, ride, goes_home=goes_home)),
        "nobody": request.town.chosen(PickUpChoices).nobody_there if goes_home else "",
    }
    return render(request, "rollcall/line.html", page)


def _call(request: PersonRequest, found: RiderList, ride: Ride) -> None:
    if request.POST.get("day", "") != found.day.isoformat():
        messages.warning(request, "La pagina era di un altro giorno: ecco l’appello di oggi.")
        return
    shown, there = (set(numbers(request.POST.getlist(name))) for name in ("shown", "there"))
    try:
        done = line_roll.call(
            by=request.user,
            found=found,
            ride=ride,
            there={child_id: child_id in there for child_id in shown},
            now=clock.now(),
        )
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _said(done))


def _said(done: Called) -> str:
    words = f"Segnati: {counted(done.there, 'bambino viaggia', 'bambini viaggiano')}."
    if done.open:
        words += f" {counted(done.open, 'classe aspetta', 'classi aspettano')} chi è su altre corse o senza fermata."
    if done.late:
        words += (
            f" {counted(done.late, 'bambino è', 'bambini sono')} in una classe già confermata: correggi dalla sua classe."
        )
    return words


def _stops(found: RiderList, ride: Ride, *, goes_home: bool) -> Iterator[tuple[str, str, list[dict[str, object]]]]:
    at: dict[int, tuple[str, str, list[dict[str, object]]]] = {}
    for seat, rider in found.on(ride):
        stop = at.setdefault(seat.stop.pk, (f"{seat.stop.at:%-H:%M}", seat.stop.name, []))
        stop[2].append(_child(rider, found, goes_home=goes_home))
    yield from at.values()


def _child(rider: Rider, found: RiderList, *, goes_home: bool) -> dict[str, object]:
    line = rider.line
    return {
        "id": line.child_id,
        "name": f"{line.family_name} {line.given_name}".strip(),
        "place": rider.place.label,
        "there": line.eats,
        "is_known": line.is_present is not None,
        "cancelled": cancelled_words(line.cancelled_at, found.day) if line.cancelled_at and not line.eats else "",
        "taken_by": takers(rider.pick_up) if goes_home else (),
    }
