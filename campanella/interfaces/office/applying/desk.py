"""The desk: an application is entered for a family that stands there with its papers, or changed for it."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.roles import Role
from campanella.domains.applying import queries, rules
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.interfaces.applying import ApplicationForm
from campanella.interfaces.doors import PersonRequest, numbers, received_at, staff
from campanella.interfaces.office.applying.deciding_forms import BeginForm
from campanella.interfaces.office.families.answers import Words, action
from campanella.readings.family.applications import known_isee
from campanella.readings.family.camps import weeks_of
from campanella.usecases.applying import sending, writing


@staff(Role.OFFICE)
def begin(request: PersonRequest, child_id: int) -> HttpResponse:
    """Choose for which call, and which of the child's adults applies."""
    child, now = people.child(child_id=child_id), clock.now()
    adults = [(tie.guardian_id, tie.guardian.full_name) for tie in people.guardians_of(child_id=child_id)]
    calls = [one for one in queries.opened(now=now) if clock.day_of(now) < one.year.days.upper]
    form = BeginForm(request.POST or None, calls=calls, adults=adults)
    if form.is_valid():
        data = form.cleaned_data
        try:
            begun = writing.begin_at_desk(call_id=data["call"], guardian_id=data["guardian"], child_id=child_id, now=now)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            return HttpResponseRedirect(reverse("office:application-form", args=[begun.pk]))
    lead = "La inserisci tu al posto della famiglia, anche dopo la scadenza: vale da quando la registri."
    return action(request, form, Words("Domanda d’iscrizione", "Prosegui", lead), child=child)


@staff(Role.OFFICE)
def form(request: PersonRequest, application_id: int) -> HttpResponse:
    """Fill an application in from a paper, and register it."""
    one = queries.application(application_id=application_id)
    if not rules.may_send(state=one.state, in_time=True, by_office=True) or (one.state == "draft" and not one.is_by_office):
        raise NotFound
    parts = queries.parts(call_id=one.call_id)
    attached = queries.files(application_id=one.pk)
    ticks = [part for part in parts if part.kind in rules.TICKED]
    filled = ApplicationForm(
        request.POST or None,
        request.FILES or None,
        application=one,
        parts=parts,
        attached=[file.part_id for file in attached],
        known=known_isee(guardian_id=one.guardian_id, today=clock.today()),
        whole=True,
        weeks=weeks_of(application=one, now=clock.now()),
    )
    if filled.is_valid():
        now = clock.now()
        try:
            writing.write(application=one, data=filled.written(), files=filled.papers(), now=now)
            sent = sending.send(
                by=request.user,
                application_id=one.pk,
                version=one.version + 1,
                ticked=numbers(request.POST.getlist("spunta")),
                is_by_office=True,
                received_at=received_at(request),
                now=now,
            )
        except Refusal as refusal:
            filled.add_error(None, refusal.message)
        else:
            messages.success(request, f"Registrata con il n. {sent.number}: alla famiglia è partita una e-mail.")
            return HttpResponseRedirect(reverse("office:application", args=[one.pk]))
    ticked = numbers(request.POST.getlist("spunta"))
    page = {"one": one, "form": filled, "ticks": ticks, "ticked": ticked, "attached": attached}
    return render(request, "office/applying/form.html", {"section": "applications", **page})
