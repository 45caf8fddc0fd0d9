"""A child's camp weeks: asked for, an offer answered, a week left."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.interfaces.doors import PersonRequest, family, number, numbers, received_at
from campanella.readings.family.camps import family_camps
from campanella.usecases.places import asking, weeks


@family
def camps(request: PersonRequest, child_id: int) -> HttpResponse:
    """Show the weeks of a child; ask for some, accept or refuse an offer, take a request back, leave a week."""
    child = people.child_for(user=request.user, child_id=child_id)
    if request.method == "POST":
        try:
            messages.success(request, _act(request, child.id))
        except NotFound:
            raise
        except Refusal as refusal:
            messages.error(request, refusal.message)
        return HttpResponseRedirect(reverse("portal:camps", args=[child_id]))
    page = family_camps(user=request.user, child_id=child_id, now=clock.now())
    return render(request, "portal/camps/camps.html", {"page": page, "section": "profile"})


def _act(request: PersonRequest, child_id: int) -> str:
    """
    Do what the page asks for, and say what was done.

    :raises NotFound: it asks for something that is not there
    """
    act, who = request.POST.get("fai", ""), number(request.POST.get("quale", "")) or 0
    acting: dict[str, Any] = {"by": request.user, "child_id": child_id, "now": clock.now()}
    if act == "chiedi":
        weeks.ask(pool_ids=numbers(request.POST.getlist("settimana")), received_at=received_at(request), **acting)
        return "Richiesta registrata. Quando c’è un posto ti scriviamo."
    if act == "accetta":
        asking.accept(place_id=who, received_at=received_at(request), **acting)
        return "Il posto è tuo."
    if act == "lascia":
        weeks.leave(place_id=who, words="", **acting)
        return "Fatto: la settimana è libera per chi viene dopo."
    raise NotFound
