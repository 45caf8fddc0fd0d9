"""An offer is given more time, with a reason that the family reads: of a seat or a week, and of a place of a list."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.roles import Role
from campanella.domains.places import queries as places
from campanella.domains.ranking import queries as ranking
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.families.forms import day_field, reason_field
from campanella.usecases.places import deciding
from campanella.usecases.ranking import offers

SECTION = {"section": "applications"}


class ProlongForm(forms.Form):
    """Until when, and why."""

    day = day_field("Ultimo giorno per rispondere")
    words = reason_field("Lo legge la famiglia, anche per e-mail.")


@staff(Role.OFFICE)
def place(request: PersonRequest, place_id: int) -> HttpResponse:
    """Give a family more time for a seat on the bus or a week of a camp."""
    one = places.place(place_id=place_id)
    is_camp = one.pool.service.kind == "camp"
    back = reverse("office:camp-week", args=[one.pool_id]) if is_camp else reverse("office:bus-place", args=[place_id])
    page = {"name": one.child.full_name, "what": one.pool.name, "until": one.offer_ends_at, "back": back}

    def act(**said: Any) -> None:
        deciding.prolong(by=request.user, place_id=place_id, **said)

    return _prolong(request, page if one.state == "offered" else page | {"until": None}, act)


@staff(Role.OFFICE)
def seat(request: PersonRequest, offer_id: int) -> HttpResponse:
    """Give a family more time for a place of a list."""
    one = ranking.offer(offer_id=offer_id)
    back = reverse("office:application", args=[one.application_id])
    until = one.until if one.state == "open" else None
    page = {"name": f"Domanda n. {one.application.number}", "what": one.school.name, "until": until, "back": back}

    def act(**said: Any) -> None:
        offers.prolong(by=request.user, offer_id=offer_id, **said)

    return _prolong(request, page, act)


def _prolong(request: PersonRequest, page: dict[str, Any], act: Callable[..., None]) -> HttpResponse:
    until: datetime | None = page["until"]
    if until is None:
        messages.warning(request, "Nessuno aspetta più una risposta per questo posto: guarda com’è adesso.")
        return HttpResponseRedirect(page["back"])
    form = ProlongForm(request.POST or None)
    if form.is_valid():
        try:
            act(now=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Fatto: alla famiglia parte una e-mail con il giorno nuovo e il motivo.")
            return HttpResponseRedirect(page["back"])
    return render(request, "office/offers/prolong.html", SECTION | page | {"form": form, "is_over": until < clock.now()})
