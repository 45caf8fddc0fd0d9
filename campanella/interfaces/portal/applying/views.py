"""Iscrizioni: what is open, what the family has sent and what became of it, its receipt, taking it back."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.documents.downloads import as_paper
from campanella.interfaces.doors import PersonRequest, family, form_of
from campanella.readings.family.applications import family_application, family_applications, own_application
from campanella.readings.family.camps import weeks_of
from campanella.readings.receipts import receipt_of
from campanella.usecases.applying import sending

SECTION = {"section": "utility"}


@family
@require_safe
def applications(request: PersonRequest) -> HttpResponse:
    """Show what is open, what is over, and the family's applications."""
    now = clock.now()
    found = family_applications(user=request.user, now=now, today=clock.day_of(now))
    choices = request.town.choices
    desk = {"address": choices.office_address, "office_name": choices.office_name}
    return render(request, "portal/applying/list.html", SECTION | {"found": found} | desk)


@family
@require_safe
def application(request: PersonRequest, application_id: int) -> HttpResponse:
    """Show one application with its history, and what may be done about it."""
    found = family_application(user=request.user, application_id=application_id, now=clock.now())
    if found.sent is None:
        return HttpResponseRedirect(reverse("portal:application-data", args=[application_id]))
    weeks = weeks_of(application=found.application, now=clock.now())
    page = {"found": found, "one": found.application, "weeks": weeks, "address": request.town.choices.office_address}
    return render(request, "portal/applying/application.html", SECTION | page)


@family
@require_safe
def receipt(request: PersonRequest, application_id: int) -> HttpResponse:
    """Print the receipt of what was sent last."""
    found = family_application(user=request.user, application_id=application_id, now=clock.now())
    if found.sent is None:
        raise NotFound
    return as_paper(receipt_of(application=found.application, sent=found.sent), filename="ricevuta-iscrizione.pdf")


@family
@form_of("portal:application", "application_id")
def withdraw(request: PersonRequest, application_id: int) -> HttpResponse:
    """Take an application back that is not decided."""
    own = own_application(user=request.user, application_id=application_id)
    try:
        sending.withdraw(by=request.user, application_id=own.pk, is_by_office=False, now=clock.now())
    except Refusal as refusal:
        messages.info(request, refusal.message)
    else:
        messages.success(request, "Domanda ritirata: non vale più.")
    return HttpResponseRedirect(reverse("portal:application", args=[application_id]))
