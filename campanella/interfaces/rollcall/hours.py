"""The hours of a nursery's class on one page: when each child came in, and when it went home."""

import re
from dataclasses import dataclass
from datetime import time

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from campanella.domains.attendance.hours import Kind
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.interfaces.doors import PersonRequest
from campanella.interfaces.rollcall.views import AnotherDay, address_of, day_asked, door, today_instead
from campanella.interfaces.rollcall.words import words_for
from campanella.readings.class_sheet import ClassSheet, class_sheet_of
from campanella.usecases import hours as nursery_hours
from campanella.usecases.hours import HourRefused, Hours

KINDS: tuple[Kind, ...] = ("arrived", "left")


@dataclass(frozen=True, slots=True)
class Cell:
    """An hour of a child, as its field shows it; ``before`` is what was on record when the page was drawn."""

    name: str
    label: str
    value: str
    before: str
    # What a colleague has written meanwhile where something else was typed.
    now: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A child of the class; without cells where it is not there. ``error`` says which of its hours cannot be."""

    name: str
    cells: tuple[Cell, ...]
    error: str = ""


class Unreadable(HourRefused):
    """A field that is no hour."""

    message = "Scrivi l’ora così: 8:20."


@require_http_methods(["GET", "HEAD", "POST"])
@door
def hours(request: PersonRequest, class_id: int, service: str) -> HttpResponse:
    """Show the hours of a class, and write down those that the page has changed."""
    try:
        day = day_asked(request)
    except AnotherDay as another:
        return today_instead(request, class_id, service, another)
    found = class_sheet_of(user=request.user, class_group_id=class_id, service_code=service, day=day)
    if found.closed_because or not found.lines or not words_for(found.service.kind).has_hours:
        return HttpResponseRedirect(address_of(found))
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            changes, shown = changes_of(found, request.POST)
            nursery_hours.write(by=request.user, sheet=found, changes=changes, shown=shown, now=clock.now())
        except Refusal as refused:
            refusal = refused
        else:
            messages.success(request, "Entrate e uscite salvate.")
            return HttpResponseRedirect(address_of(found))
    about = {
        "sheet": found,
        "group": found.class_group,
        "rows": _rows(found, request.POST, refusal),
        "refusal": refusal,
        "address": address_of(found),
    }
    return render(request, "rollcall/hours.html", about)


def changes_of(found: ClassSheet, sent: QueryDict) -> tuple[Hours, Hours]:
    """
    Return the hours that differ from the page as it was shown, and what it has shown of them.

    :raises Unreadable: one of them is no hour
    """
    changed: dict[tuple[int, Kind], time | None] = {}
    shown: dict[tuple[int, Kind], time | None] = {}
    for line in found.lines:
        for kind in KINDS:
            name = f"{kind}-{line.child_id}"
            written, before = sent.get(name, "").strip(), sent.get(f"{name}-before", "")
            if name in sent and written != before:
                changed[line.child_id, kind] = _read(written, line.child_id)
                shown[line.child_id, kind] = _read(before, line.child_id)
    return changed, shown


def _read(written: str, child_id: int) -> time | None:
    if not written:
        return None
    said = re.fullmatch(r"([0-9]{1,2})[:.]([0-9]{2})", written)
    if said is None:
        raise Unreadable(child_id)
    try:
        return time(int(said[1]), int(said[2]))
    except ValueError as error:
        raise Unreadable(child_id) from error


def _rows(found: ClassSheet, sent: QueryDict, refusal: Refusal | None) -> list[Row]:
    names, wrong = found.names(), refusal.child_id if isinstance(refusal, HourRefused) else None
    rows = []
    for line in found.lines:
        known = {"arrived": line.arrived, "left": line.left}
        cells = []
        for kind, label in (("arrived", "Entrata"), ("left", "Uscita")):
            name, hour = f"{kind}-{line.child_id}", known[kind]
            before = f"{hour:%H:%M}" if hour else ""
            # What was changed here stays as it was typed; the rest is what others have written by now.
            typed, shown = sent.get(name, before), sent.get(f"{name}-before", before)
            is_changed = typed.strip() != shown
            told = f"adesso {hour:%-H:%M}" if hour and is_changed and before != shown else ""
            cells.append(Cell(name, label, typed if is_changed else before, before, told))
        is_here = line.eats and (line.is_present is not None or not found.confirmed_at)
        error = refusal.message if refusal and wrong == line.child_id else ""
        rows.append(Row(names[line.child_id], tuple(cells) if is_here else (), error))
    return rows
