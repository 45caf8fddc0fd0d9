"""The list of a ride, or of an hour before or after school: looked at and printed, with who takes each child home."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campanella.domains.people.choices import PickUpChoices
from campanella.domains.transport.queries import Ride
from campanella.domains.transport.rules import STOP_WORDS
from campanella.foundation.core import clock
from campanella.foundation.core.italian import day_full
from campanella.foundation.documents.downloads import as_paper
from campanella.foundation.documents.tables import BOX, Section, sections_pdf
from campanella.interfaces.doors import PersonRequest, number
from campanella.interfaces.pick_up_words import takers
from campanella.interfaces.rollcall.views import door
from campanella.interfaces.rollcall.words import cancelled_words
from campanella.readings import riders as reading
from campanella.readings.riders import Rider, RiderList

NO_STOP = "Senza fermata"
AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Row:
    """A child of the list, in words; ``taken_by`` are who may take it home, line by line."""

    name: str
    class_name: str
    comes: bool
    state: str
    taken_by: tuple[str, ...]


@door
@require_safe
def riders(request: PersonRequest, service: str) -> HttpResponse:
    """Show everybody who takes a ride today, in all of my classes: by line and stop, or else by school."""
    found = reading.riders(user=request.user, service_code=service, day=_day(request))
    ride = _asked(request, found)
    groups = groups_of(found, ride)
    page = {
        "list": found,
        "ride": ride,
        "is_today": found.day == clock.today(),
        "last_day": clock.today() + AHEAD,
        "groups": groups,
        "coming": sum(row.comes for _, rows in groups for row in rows) if ride else found.coming,
        "count": sum(len(rows) for _, rows in groups) if ride else len(found.riders),
        "nobody": request.town.chosen(PickUpChoices).nobody_there if leads_home(found, ride) else "",
    }
    return render(request, "rollcall/riders.html", page)


@door
@require_safe
def riders_paper(request: PersonRequest, service: str) -> HttpResponse:
    """Print the list, with a box to tick for each child."""
    found = reading.riders(user=request.user, service_code=service, day=_day(request))
    ride = _asked(request, found)
    goes_home, groups = leads_home(found, ride), groups_of(found, ride)
    columns = ["", "Bambino", "Classe", "Oggi", *(["Lo può prendere"] if goes_home else [])]
    sections = [
        Section(
            heading=heading,
            columns=columns,
            widths=[0, 2, 0, 2, *([3] if goes_home else [])],
            rows=[
                [
                    BOX if row.comes else "",
                    row.name,
                    row.class_name,
                    row.state,
                    *([" · ".join(row.taken_by)] if goes_home else []),
                ]
                for row in rows
            ],
            sum=f"Vengono in {sum(row.comes for row in rows)}.",
        )
        for heading, rows in groups
    ]
    nobody = [request.town.chosen(PickUpChoices).nobody_there] if goes_home else []
    coming = sum(row.comes for _, rows in groups for row in rows) if ride else found.coming
    content = sections_pdf(
        town_name=request.town.name,
        title=f"{found.service.name}: {ride.name}" if ride else found.service.name,
        about=f"{day_full(found.day)} · vengono in {coming}",
        lines=[*nobody, *(f"Chiusa: {name}." for name in found.closed)],
        sections=sections,
        made_at=clock.now(),
    )
    of_line = f"-{ride.line.code}-{ride.way_word}" if ride else ""
    return as_paper(content, filename=f"elenco-{found.service.code}{of_line}-{found.day:%Y-%m-%d}.pdf")


def leads_home(found: RiderList, ride: Ride | None) -> bool:
    """Tell whether somebody has to take the children of a list over."""
    return ride.way == "back" if ride else found.leads_home


def groups_of(found: RiderList, ride: Ride | None) -> list[tuple[str, list[Row]]]:
    """Return the list in pieces with their headings: the stops of one line or of all of them, or else the schools."""
    if not found.rides:
        grouped = groupby(found.riders, key=lambda rider: rider.place.school_name)
        return [(school, [_row(one, found, one.place.class_name) for one in riders]) for school, riders in grouped]
    groups = [group for one in found.rides if ride in (None, one) for group in _stops(found, one, is_alone=ride is not None)]
    without = [] if ride else found.without_stop()
    return [*groups, *([(NO_STOP, _rows(without, found))] if without else [])]


def _stops(found: RiderList, ride: Ride, *, is_alone: bool) -> Iterable[tuple[str, list[Row]]]:
    for stop, riders in groupby(found.on(ride), key=lambda one: one[0].stop):
        words = f"{stop.at:%-H:%M} {stop.name}"
        heading = words if is_alone else f"{ride.name}: {STOP_WORDS[ride.way]} {words}"
        rows = _rows([rider for _, rider in riders], found)
        # On the way to school nobody takes anybody over.
        yield heading, rows if ride.way == "back" else [replace(row, taken_by=()) for row in rows]


def _day(request: PersonRequest) -> date:
    """Return today, or a day to come: who drives has the list the evening before."""
    asked, today = clock.read_day(request.GET.get("giorno", "")), clock.today()
    return asked if asked and today < asked <= today + AHEAD else today


def _asked(request: PersonRequest, found: RiderList) -> Ride | None:
    asked = number(request.GET.get("corsa", ""))
    return next((one for one in found.rides if one.pk == asked), None)


def _rows(riders: Iterable[Rider], found: RiderList) -> list[Row]:
    return [_row(one, found, one.place.label) for one in riders]


def _row(rider: Rider, found: RiderList, class_name: str) -> Row:
    line = rider.line
    state = "arriva dopo" if line.eats and line.is_late else "viene" if line.eats else "assente"
    if line.cancelled_at and not line.eats:
        state = cancelled_words(line.cancelled_at, found.day)
    return Row(f"{line.family_name} {line.given_name}".strip(), class_name, line.eats, state, takers(rider.pick_up))
