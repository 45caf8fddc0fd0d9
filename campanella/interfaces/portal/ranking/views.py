"""A family's own place in a published list, explained line by line; the place offered to it, accepted or given up."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from campanella.domains.places.offering import OfferOver
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.interfaces.doors import PersonRequest, family, number, received_at
from campanella.readings.family.ranking import FamilyPlace, family_place
from campanella.readings.ranking.words import worth_rows
from campanella.usecases.ranking import offers

ACCEPT, GIVE_UP = "accetta", "rinuncia"


@family
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: PersonRequest, application_id: int) -> HttpResponse:
    """Show where the application stands; take the answer to an offer."""
    found = family_place(user=request.user, application_id=application_id, now=clock.now())
    if request.method == "POST":
        _answer(request, found)
        return HttpResponseRedirect(reverse("portal:application-place", args=[application_id]))
    worth = worth_rows(found.line.facts) if found.line else []
    page = {"found": found, "one": found.application, "line": found.line, "worth": worth}
    return render(request, "portal/ranking/place.html", {"section": "utility", **page})


def _answer(request: PersonRequest, found: FamilyPlace) -> None:
    """Take the answer that was pressed, to the offer that the page showed."""
    act, shown = request.POST.get("fai", ""), number(request.POST.get("offerta", ""))
    known = {one.pk for one, _ in found.answered} | ({found.offer.pk} if found.offer else set())
    if shown not in known or act not in (ACCEPT, GIVE_UP):
        messages.warning(request, OfferOver.message)
        return
    answer = offers.accept if act == ACCEPT else offers.refuse
    try:
        answer(by=request.user, offer_id=shown, received_at=received_at(request), now=clock.now())
    except Refusal as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, "Accettato: il posto è tuo." if act == ACCEPT else "Hai rinunciato a questo posto.")
