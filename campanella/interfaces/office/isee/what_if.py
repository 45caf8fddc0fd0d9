"""What another tariff would bring in: written as its file says it, reckoned on the whole town, kept by nobody."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from campanella.domains.accounts.roles import Role
from campanella.domains.services import queries as services
from campanella.domains.services.models import Tariff
from campanella.domains.services.tariff_files import kept, reading, writing
from campanella.domains.services.tariff_files.nodes import FileRefused
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.interfaces.doors import PersonRequest, number, staff
from campanella.readings.office.what_if import what_if

MOST_LETTERS = 50_000


class WhatIfForm(forms.Form):
    """A tariff as its file says it."""

    text = forms.CharField(
        label="La tariffa",
        max_length=MOST_LETTERS,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false", "class": "font-monospace"}),
        help_text="Cambia i prezzi o le fasce e guarda: qui non si salva niente.",
        error_messages={"required": "Scrivi la tariffa da provare."},
    )


@staff(Role.OFFICE)
def trial(request: PersonRequest) -> HttpResponse:
    """Show what a tariff brings in by band, and what it would as it is written here."""
    tariffs = [tariff for tariff in services.tariffs() if tariff.scheme]
    chosen = _chosen(tariffs, request)
    page: dict[str, Any] = {"section": "settings", "tariffs": tariffs, "chosen": chosen, "found": None}
    if chosen is None:
        return render(request, "office/isee/trial.html", page)
    form = WhatIfForm(request.POST or None, initial={"text": writing.text([kept.scheme_of(chosen)])})
    if form.is_valid():
        try:
            (scheme, *_) = reading.schemes(form.cleaned_data["text"], services=[chosen.service.code])
        except FileRefused as refused:
            form.add_error("text", refused.message)
        else:
            page["found"] = what_if(scheme=scheme, tariff_id=chosen.pk, service_id=chosen.service_id, today=clock.today())
    return render(request, "office/isee/trial.html", {**page, "form": form})


def _chosen(tariffs: list[Tariff], request: PersonRequest) -> Tariff | None:
    """Return the tariff that the address names, the first one without; :raises NotFound: there is no such tariff"""
    wanted = request.GET.get("tariffa")
    if wanted is None:
        return tariffs[0] if tariffs else None
    found = next((tariff for tariff in tariffs if tariff.pk == number(wanted)), None)
    if found is None:
        raise NotFound
    return found
