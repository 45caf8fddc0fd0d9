"""Paper for the bad day: the sheet of a class to print before it, and a page to copy it fast after it."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from campanella.domains.attendance.documents.paper_roll import paper_roll_pdf
from campanella.domains.attendance.rules import Mark
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.italian import counted
from campanella.foundation.documents.downloads import as_paper
from campanella.interfaces.doors import PersonRequest, number
from campanella.interfaces.rollcall.views import AnotherDay, address_of, day_asked, door
from campanella.interfaces.rollcall.words import words_for
from campanella.readings.class_sheet import ClassSheet, class_sheet_of
from campanella.usecases import class_sheet

STATES = {"present": "Presente", "white": "In bianco", "absent": "Assente"}


@dataclass(frozen=True, slots=True)
class Row:
    """A child of the sheet: its number on paper, how the register calls it, and how it is so far."""

    place: int
    child_id: int
    name: str
    state: str


@door
@require_safe
def paper(request: PersonRequest, class_id: int, service: str) -> HttpResponse:
    """Print the sheet of a class, of today or of any day to come: it is printed while there is a network."""
    day = max(clock.read_day(request.GET.get("giorno", "")) or clock.today(), clock.today())
    found = class_sheet_of(user=request.user, class_group_id=class_id, service_code=service, day=day)
    content = paper_roll_pdf(found.paper(town_name=request.town.name, now=clock.now()))
    return as_paper(content, filename=f"appello-{found.class_group.pk}-{day:%Y-%m-%d}.pdf")


@require_http_methods(["GET", "HEAD", "POST"])
@door
def copy(request: PersonRequest, class_id: int, service: str) -> HttpResponse:
    """Copy a sheet that was filled in on paper, in its order, and confirm the class by it."""
    try:
        day = day_asked(request)
    except AnotherDay as another:
        raise NotFound(another.message) from another
    found = class_sheet_of(user=request.user, class_group_id=class_id, service_code=service, day=day)
    if found.closed_because or not found.lines or found.confirmed_at:
        return HttpResponseRedirect(address_of(found))
    if request.method == "POST":
        return _enter(request, found)
    words, names = words_for(found.service.kind), found.register_names()
    rows = [
        Row(place, one.child_id, names[one.child_id], ("white" if one.is_white else "present") if one.eats else "absent")
        for place, one in enumerate(found.lines, start=1)
    ]
    states = {state: label for state, label in STATES.items() if words.is_meal or state != "white"}
    about = {
        "sheet": found,
        "group": found.class_group,
        "rows": rows,
        "states": states,
        "words": words,
        "address": address_of(found),
        "is_today": day == clock.today(),
    }
    return render(request, "rollcall/copy.html", about)


def _enter(request: PersonRequest, found: ClassSheet) -> HttpResponse:
    chosen = {line.child_id: request.POST.get(f"s-{line.child_id}", "") for line in found.lines}
    states = {
        child_id: Mark(is_present=state != "absent", is_white=state == "white")
        for child_id, state in chosen.items()
        if state in STATES
    }
    adults = number(request.POST.get("adults", ""))
    try:
        there = class_sheet.enter_from_paper(
            by=request.user, sheet=found, states=states, adults=adults, now=clock.now(), channel="page"
        )
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        said = counted(there, "presente", "presenti") or "nessun presente"
        messages.success(request, f"Appello copiato dal foglio: {said}.")
    return HttpResponseRedirect(address_of(found))
