"""What the office sets up without code: calls, and the questions, documents and declarations of their forms."""

from datetime import time

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.applying import queries, rules, setting_up
from campanella.domains.schools import queries as schools
from campanella.domains.services import queries as services
from campanella.domains.services.tariff_files import kept
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.applying.forms import CallForm, PartForm, known_of, known_of_part
from campanella.usecases.applying import calls as calling

SECTION = {"section": "applications"}


@staff(Role.OFFICE)
@require_safe
def calls(request: PersonRequest) -> HttpResponse:
    """List the calls, with how many have applied."""
    now, counts = clock.now(), queries.counts()
    found = [
        (
            one,
            "wait" if now < one.opens_at else "ok" if now <= one.closes_at else "off",
            "non ancora aperte" if now < one.opens_at else "aperte" if now <= one.closes_at else "chiuse",
            sum(count for (call_id, _), count in counts.items() if call_id == one.pk),
            counts[one.pk, "accepted"],
        )
        for one in queries.calls()
    ]
    return render(request, "office/applying/calls.html", SECTION | {"calls": found})


@staff(Role.OFFICE)
def new(request: PersonRequest) -> HttpResponse:
    """Set a call up for a service and year."""
    years = schools.years_from(day=clock.today())
    known = {"opens": time(8), "closes": time(23, 59)}
    form = CallForm(request.POST or None, initial=known, services=services.services(), years=years)
    if form.is_valid():
        data = form.cleaned_data
        year = next(one for one in years if one.pk == data["year"])
        try:
            made = calling.open_call(
                by=request.user, service_id=data["service"], year=year, data=form.said(), now=clock.now()
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Preparate. Adesso guarda che cosa chiede il modulo.")
            return HttpResponseRedirect(reverse("office:call", args=[made.pk]))
    return render(request, "office/applying/call_new.html", SECTION | {"form": form})


@staff(Role.OFFICE)
def call(request: PersonRequest, call_id: int) -> HttpResponse:
    """Show a call with its form; change when it opens and closes, and what families read."""
    one = queries.call(call_id=call_id)
    form = CallForm(request.POST or None, initial=known_of(one))
    if form.is_valid():
        try:
            setting_up.change_call(by=request.user, call=one, data=form.said(), now=clock.now())
        except Refusal as refusal:
            form.add_error("closes_on", refusal.message)
        else:
            messages.success(request, "Salvato: le famiglie leggono questo da adesso.")
            return HttpResponseRedirect(reverse("office:call", args=[call_id]))
    parts = [(part, rules.PART_KINDS[part.kind]) for part in queries.parts(call_id=call_id)]
    dearer = kept.asking_enrolment(service_id=one.service_id)
    page = {"one": one, "form": form, "parts": parts, "dearer": dearer}
    return render(request, "office/applying/call.html", SECTION | page)


@staff(Role.OFFICE)
def new_part(request: PersonRequest, call_id: int) -> HttpResponse:
    """Let a form ask for one thing more."""
    one = queries.call(call_id=call_id)
    form = PartForm(request.POST or None, initial={"is_required": True})
    if form.is_valid():
        setting_up.add_part(by=request.user, call=one, data=form.said(), now=clock.now())
        messages.success(request, "Aggiunta al modulo.")
        return HttpResponseRedirect(reverse("office:call", args=[call_id]))
    return render(request, "office/applying/part.html", SECTION | {"call": one, "form": form, "part": None})


@staff(Role.OFFICE)
def part(request: PersonRequest, part_id: int) -> HttpResponse:
    """Ask a thing in other words, or no more."""
    found = queries.part(part_id=part_id)
    here = HttpResponseRedirect(reverse("office:call", args=[found.call_id]))
    if request.POST.get("fai") == "togli":
        setting_up.end_part(by=request.user, part=found, now=clock.now())
        messages.success(request, "Tolta dal modulo: quello che è stato risposto resta nelle domande mandate.")
        return here
    form = PartForm(request.POST or None, initial=known_of_part(found))
    if form.is_valid():
        setting_up.change_part(by=request.user, part=found, data=form.said(), now=clock.now())
        messages.success(request, "Salvata.")
        return here
    page = {"call": queries.call(call_id=found.call_id), "form": form, "part": found}
    return render(request, "office/applying/part.html", SECTION | page)
