"""Contesting the charge of a day."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.interfaces.doors import PersonRequest, family
from campanella.interfaces.origins import origin_of
from campanella.readings.family.day import family_day
from campanella.usecases import contests


class ContestForm(forms.Form):
    """Why a family thinks that a day must not be paid."""

    text = forms.CharField(
        label="Che cosa non torna",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Per esempio: era a casa malata, lo sa la maestra.",
        error_messages={"required": "Scrivi che cosa non torna."},
    )


@family
def contest(request: PersonRequest, child_id: str, day: str, service_id: str) -> HttpResponse:
    """Show what is on record of a charged day, and send what the family says against it to the office."""
    asked, now = clock.read_day(day), clock.now()
    if asked is None:
        raise NotFound
    child, parts = family_day(user=request.user, child_id=int(child_id), day=asked, now=now)
    part = next((one for one in parts if one.service_id == int(service_id)), None)
    if part is None:
        raise NotFound
    back = reverse("portal:presence-day", args=[child.id, asked.isoformat()])
    form = ContestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            number = contests.contest(
                by=request.user,
                child_id=child.id,
                service_id=part.service_id,
                day=asked,
                text=form.cleaned_data["text"],
                origin=origin_of(request),
                now=now,
            )
        except Refusal as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, f"L’ufficio ha la tua contestazione: segnalazione n. {number}.")
            return HttpResponseRedirect(reverse("portal:ticket", args=[number]))
    context = {"form": form, "child": child, "part": part, "day": asked, "back": back, "section": "presences"}
    return render(request, "portal/presences/contest.html", context)
