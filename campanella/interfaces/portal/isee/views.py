"""A payer declares an ISEE, sees what became of it and what each child pays by it, and why."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.enrolment.choices import IseeChoices
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.interfaces.declaring import IseeForm
from campanella.interfaces.doors import PersonRequest, family, received_at
from campanella.readings.family.isee import family_isee
from campanella.usecases import isee as declaring


@family
def isee(request: PersonRequest) -> HttpResponse:
    """Show a payer's ISEE and prices; declare one. Whoever does not pay for a child finds nothing here."""
    found = family_isee(user=request.user, today=clock.today())
    if found is None:
        raise NotFound
    choices = request.town.chosen(IseeChoices)
    form = IseeForm(request.POST or None, initial={"kind": "ordinary"})
    if form.is_valid():
        received = received_at(request)
        try:
            declaring.declare(
                by=request.user,
                payer_id=found.payer_id,
                said=form.said(received_on=clock.day_of(received)),
                key=form.cleaned_data["key"],
                now=clock.now(),
            )
        except Refusal as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, "Ricevuto. L’ufficio lo controlla, e qui vedi da quando vale.")
            return HttpResponseRedirect(reverse("portal:isee"))
    page = {"found": found, "form": form, "choices": choices, "section": "profile"}
    return render(request, "portal/isee/isee.html", page)
