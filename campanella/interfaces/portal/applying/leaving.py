"""Giving a service up to which a child was accepted: until which day, what becomes of what is paid, then it is said."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from campanella.domains.applying import rules
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.design.forms import DayField
from campanella.interfaces.doors import PersonRequest, family
from campanella.readings.family.applications import family_application
from campanella.readings.leaving import leaving_of
from campanella.usecases.applying import leaving

SECTION = {"section": "utility"}


class LastDayForm(forms.Form):
    """Until when; nothing is asked of what has not begun."""

    last = DayField(
        label="Ultimo giorno con il servizio",
        help_text="Oggi o un giorno dopo. Fino a quel giorno resta tutto come adesso.",
        error_messages={"required": "Scegli l’ultimo giorno."},
    )


@family
@require_http_methods(["GET", "HEAD", "POST"])
def give_up(request: PersonRequest, application_id: int) -> HttpResponse:
    """Say what ends and what is owed, then give the service up."""
    now = clock.now()
    found, today = family_application(user=request.user, application_id=application_id, now=now), clock.day_of(now)
    one, here = found.application, reverse("portal:application", args=[application_id])
    if not found.is_own or not rules.leads(state=one.state, to="given_up"):
        return HttpResponseRedirect(here)
    how = leaving_of(application=one, today=today)
    form = LastDayForm(request.POST or None, initial={"last": today}) if how.begun else None
    refused = ""
    if request.method == "POST" and (form is None or form.is_valid()):
        last = form.cleaned_data["last"] if form else max(today, (how.begins or today) - timedelta(days=1))
        try:
            leaving.give_up(by=request.user, application_id=one.pk, last=last, is_by_office=False, now=now)
        except Refusal as refusal:
            if form:
                form.add_error("last", refusal.message)
            refused = refusal.message
        else:
            messages.success(request, "Rinuncia registrata: ti abbiamo scritto una e-mail.")
            return HttpResponseRedirect(here)
    page = {"found": found, "one": one, "how": how, "form": form, "refused": refused}
    return render(request, "portal/applying/give_up.html", SECTION | page)
