"""Correcting one child, or the number of adults, after the confirmation, with its reason."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from campanella.domains.attendance.choices import RollCallChoices
from campanella.domains.attendance.queries import SheetLine
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.interfaces.doors import PersonRequest
from campanella.interfaces.rollcall.forms import AdultsForm, CorrectForm
from campanella.interfaces.rollcall.views import AnotherDay, address_of, day_asked, door, today_instead
from campanella.interfaces.rollcall.words import Words, words_for
from campanella.readings.class_sheet import ClassSheet, class_sheet_of
from campanella.usecases import class_sheet, mealtime

ABSENT, WHITE = "assente", "in bianco"


@require_http_methods(["GET", "HEAD", "POST"])
@door
def correct(request: PersonRequest, class_id: int, service: str, child_id: int) -> HttpResponse:
    """Ask why, then turn one presence over; only the difference of money is posted."""
    try:
        day = day_asked(request)
    except AnotherDay as another:
        return today_instead(request, class_id, service, another)
    found = class_sheet_of(user=request.user, class_group_id=class_id, service_code=service, day=day)
    if not found.confirmed_at:
        return HttpResponseRedirect(address_of(found))
    line = _line_of(found, child_id)
    words = words_for(found.service.kind)
    choices = [(code, label) for code, label in _labels(words).items() if code != _state(line)]
    form = CorrectForm(request.POST or None, ready=request.town.chosen(RollCallChoices).correction_reasons)
    if form.is_valid():
        # The same form twice, or a colleague in between: the presence may already be what was asked for.
        becomes = dict(choices).get(request.POST.get("becomes", ""))
        if becomes:
            try:
                mealtime.correct(
                    by=request.user,
                    child_id=child_id,
                    service=found.service,
                    day=day,
                    reason=form.cleaned_data["reason"],
                    is_present=becomes != ABSENT,
                    is_white=becomes == WHITE,
                    channel="page",
                    now=clock.now(),
                )
            except (mealtime.NotEnrolled, mealtime.SettledByOffice) as refusal:
                messages.error(request, refusal.message)
            else:
                messages.success(request, f"{found.names()[child_id]}: ora risulta {becomes}.")
        return HttpResponseRedirect(address_of(found))
    about = {
        "sheet": found,
        "group": found.class_group,
        "what": found.names()[child_id],
        "now_is": _labels(words).get(_state(line), ""),
        "choices": choices,
        "form": form,
        "address": address_of(found),
    }
    return render(request, "rollcall/correct.html", about)


@require_http_methods(["GET", "HEAD", "POST"])
@door
def adults(request: PersonRequest, class_id: int, service: str) -> HttpResponse:
    """Ask how many adults eat and why the number changes; the kitchen's board has it at once."""
    try:
        day = day_asked(request)
    except AnotherDay as another:
        return today_instead(request, class_id, service, another)
    found = class_sheet_of(user=request.user, class_group_id=class_id, service_code=service, day=day)
    if not words_for(found.service.kind).is_meal:
        raise NotFound
    if not found.confirmed_at:
        return HttpResponseRedirect(address_of(found))
    ready = request.town.chosen(RollCallChoices).adults_reasons
    form = AdultsForm(request.POST or None, initial={"adults": found.adults}, ready=ready)
    if form.is_valid():
        class_sheet.correct_adults(by=request.user, sheet=found, now=clock.now(), **form.cleaned_data)
        messages.success(request, f"Adulti corretti: ora sono {form.cleaned_data['adults']}. La cucina lo vede già.")
        return HttpResponseRedirect(address_of(found))
    about = {"sheet": found, "group": found.class_group, "what": "gli adulti", "form": form, "address": address_of(found)}
    return render(request, "rollcall/adults.html", about)


def _line_of(found: ClassSheet, child_id: int) -> SheetLine:
    line = next((line for line in found.lines if line.child_id == child_id), None)
    if line is None:
        raise NotFound("Questo bambino non era in questo appello.")
    return line


def _labels(words: Words) -> dict[str, str]:
    """Return what a presence may become, by code; the first that it is not is what is wanted most often."""
    there = {"presente": "presente"}
    return {"assente": ABSENT, **there, "bianco": WHITE} if words.is_meal else {"assente": ABSENT, **there}


def _state(line: SheetLine) -> str:
    """Return what a presence is by code; empty for a child that joined after the confirmation."""
    if line.is_present is None:
        return ""
    if line.is_white:
        return "bianco"
    return "presente" if line.eats else "assente"
