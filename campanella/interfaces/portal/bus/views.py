"""A child's bus: line, stop, hour; another stop asked for, an offer answered."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.people import queries as people
from campanella.domains.places.operations import AskedAlready
from campanella.domains.transport import queries as lines
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.interfaces.doors import PersonRequest, family, number, received_at
from campanella.readings.family.bus import family_bus
from campanella.usecases.places import asking


class StopMissing(Refusal):
    """Nobody said which stop."""

    message = "Scegli la corsa e la fermata."


class StopGone(Refusal):
    """The ride stops there no more since the page was opened."""

    message = "A questa fermata non si passa più: scegline un’altra."


@family
def bus(request: PersonRequest, child_id: int) -> HttpResponse:
    """Show where a child gets on and off; ask for a stop, accept or refuse an offer, take a request back."""
    child = people.child_for(user=request.user, child_id=child_id)
    if request.method == "POST":
        try:
            messages.success(request, _act(request, child.id))
        except AskedAlready:
            messages.info(request, "L’hai già chiesto: la richiesta è qui sotto.")
        except NotFound:
            raise
        except Refusal as refusal:
            messages.error(request, refusal.message)
        return HttpResponseRedirect(reverse("portal:bus", args=[child_id]))
    page = family_bus(user=request.user, child_id=child_id, now=clock.now())
    return render(request, "portal/bus/bus.html", {"page": page, "section": "profile"})


def _act(request: PersonRequest, child_id: int) -> str:
    """
    Do what the page asks for, and say what was done.

    :raises NotFound: it asks for something that is not there
    """
    act, who = request.POST.get("fai", ""), number(request.POST.get("quale", "")) or 0
    acting: dict[str, Any] = {"by": request.user, "child_id": child_id, "now": clock.now()}
    if act == "chiedi":
        if not who:
            raise StopMissing
        try:
            ride = lines.ride_with(stop_id=who)
            made = asking.ask(ride_id=ride.pk, stop_id=who, received_at=received_at(request), **acting)
        except NotFound:
            if lines.has_ended(stop_id=who):
                raise StopGone
            raise
        if made.state == "held":
            return "Fermata cambiata: vale da domani."
        return "Richiesta registrata. Quando c’è un posto ti scriviamo."
    if act == "accetta":
        asking.accept(place_id=who, received_at=received_at(request), **acting)
        return "Il posto è tuo."
    if act in ("rifiuta", "ritira"):
        asking.refuse(place_id=who, **acting)
        return "Fatto: il posto va a chi viene dopo." if act == "rifiuta" else "Richiesta ritirata."
    raise NotFound
