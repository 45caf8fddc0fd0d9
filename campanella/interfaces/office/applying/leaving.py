"""An accepted application ends: the office enters what a family gives up at the desk, or revokes with a reason."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.roles import Role
from campanella.domains.applying import rules
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.families.forms import day_field
from campanella.readings.leaving import leaving_of
from campanella.readings.office.applications import office_application
from campanella.usecases.applying import leaving

SECTION = {"section": "applications"}
WAYS = [
    ("given_up", "La famiglia rinuncia"),
    ("revoked", "L’ufficio revoca: non andava accettata, o non vale più"),
]


class EndForm(forms.Form):
    """Who ends it, until when, and why."""

    way = forms.ChoiceField(
        label="Che cosa succede?",
        choices=WAYS,
        widget=forms.RadioSelect,
        error_messages={"required": "Scegli se la famiglia rinuncia o l’ufficio revoca."},
    )
    last = day_field("Ultimo giorno con il servizio")
    words = forms.CharField(
        label="Motivo della revoca",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Solo se revochi: lo legge la famiglia, anche per e-mail.",
    )

    def clean(self) -> dict[str, Any]:
        """:raises ValidationError: it is revoked without a reason"""
        data = super().clean() or {}
        if data.get("way") == "revoked" and not data.get("words", "").strip():
            self.add_error("words", "Scrivi perché la revochi: la famiglia lo legge.")
        return data


@staff(Role.OFFICE)
def end(request: PersonRequest, application_id: int) -> HttpResponse:
    """Say how the service is used and what is owed, then end it."""
    found, now = office_application(application_id=application_id), clock.now()
    one, here = found.application, reverse("office:application", args=[application_id])
    if not rules.leads(state=one.state, to="revoked"):
        messages.warning(request, "Questa domanda non è tra quelle accettate: guarda com’è adesso.")
        return HttpResponseRedirect(here)
    form = EndForm(request.POST or None, initial={"last": clock.day_of(now)})
    if form.is_valid():
        data = form.cleaned_data
        acting: dict[str, Any] = {"by": request.user, "application_id": one.pk, "last": data["last"], "now": now}
        try:
            if data["way"] == "revoked":
                leaving.revoke(words=data["words"], **acting)
            else:
                leaving.give_up(is_by_office=True, **acting)
        except Refusal as refusal:
            form.add_error("last", refusal.message)
        else:
            messages.success(request, "Fatto: l’iscrizione al servizio è finita, e alla famiglia è partita una e-mail.")
            return HttpResponseRedirect(here)
    page = {"one": one, "form": form, "how": leaving_of(application=one, today=clock.day_of(now))}
    return render(request, "office/applying/end.html", SECTION | page)
