"""The list of a ride, or of an hour before or after school: looked at and printed, with who takes each child home."""

from dataclasses import dataclass
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campanella.domains.people.choices import PickUpChoices
from campanella.foundation.core import clock
from campanella.foundation.core.italian import day_full
from campanella.foundation.documents.downloads import as_paper
from campanella.foundation.documents.tables import BOX, Section, sections_pdf
from campanella.interfaces.doors import PersonRequest
from campanella.interfaces.rollcall.views import door
from campanella.interfaces.rollcall.words import cancelled_words
from campanella.readings import riders as reading
from campanella.readings.riders import Rider, RiderList


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
    """Show everybody who takes a ride today, in all of my classes."""
    found = reading.riders(user=request.user, service_code=service, day=clock.today())
    page = {
        "list": found,
        "schools": _schools(found),
        "nobody": request.town.chosen(PickUpChoices).nobody_there if found.leads_home else "",
    }
    return render(request, "rollcall/riders.html", page)


@door
@require_safe
def riders_paper(request: PersonRequest, service: str) -> HttpResponse:
    """Print the list, with a box to tick for each child."""
    found = reading.riders(user=request.user, service_code=service, day=clock.today())
    columns = ["", "Bambino", "Classe", "Oggi", *(["Lo può prendere"] if found.leads_home else [])]
    sections = [
        Section(
            heading=school,
            columns=columns,
            widths=[0, 2, 0, 2, *([3] if found.leads_home else [])],
            rows=[
                [
                    BOX if row.comes else "",
                    row.name,
                    row.class_name,
                    row.state,
                    *([" · ".join(row.taken_by)] if found.leads_home else []),
                ]
                for row in rows
            ],
            sum=f"Vengono in {sum(row.comes for row in rows)}.",
        )
        for school, rows in _schools(found)
    ]
    nobody = [request.town.chosen(PickUpChoices).nobody_there] if found.leads_home else []
    content = sections_pdf(
        town_name=request.town.name,
        title=found.service.name,
        about=f"{day_full(found.day)} · vengono in {found.coming}",
        lines=[*nobody, *(f"Chiusa: {name}." for name in found.closed)],
        sections=sections,
        made_at=clock.now(),
    )
    return as_paper(content, filename=f"elenco-{found.service.code}-{found.day:%Y-%m-%d}.pdf")


def _schools(found: RiderList) -> list[tuple[str, list[Row]]]:
    grouped = groupby(found.riders, key=lambda rider: rider.place.school_name)
    return [(school, [_row(rider, found) for rider in riders]) for school, riders in grouped]


def _row(rider: Rider, found: RiderList) -> Row:
    line = rider.line
    state = "arriva dopo" if line.eats and line.is_late else "viene" if line.eats else "assente"
    if line.cancelled_at and not line.eats:
        state = cancelled_words(line.cancelled_at, found.day)
    return Row(f"{line.family_name} {line.given_name}".strip(), rider.place.class_name, line.eats, state, _takers(rider))


def _takers(rider: Rider) -> tuple[str, ...]:
    """Say who may take the child home, its parents first; what they show is the delegates' document."""
    if rider.pick_up is None:
        return ()
    alone = ("può andare da solo",) if rider.pick_up.is_alone else ()
    parents = (f"{name}, {phone}" if phone else name for _, name, phone in rider.pick_up.guardians)
    others = (f"{one.given_name} {one.family_name}, {one.document}" for one in rider.pick_up.confirmed)
    return (*alone, *parents, *others)
