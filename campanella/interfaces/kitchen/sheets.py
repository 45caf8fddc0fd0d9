"""The papers of a frozen sheet, as PDF and as CSV: production, delivery note, labels; and the next number."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from campanella.domains.accounts.roles import Role
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.documents import sheets as csv
from campanella.foundation.documents.downloads import as_paper
from campanella.foundation.documents.labels import SHEETS
from campanella.interfaces.doors import PersonRequest, number, staff
from campanella.interfaces.kitchen import papers
from campanella.readings.kitchen.papers import Papers, labelled, papers_of
from campanella.usecases import freezing

door = staff(Role.KITCHEN, Role.OFFICE)


@require_safe
@door
def production(request: PersonRequest, sheet_id: int) -> HttpResponse:
    """Print the production sheet: what to cook, and for whom."""
    found = papers_of(sheet_id=sheet_id, user=request.user)
    made = papers.production_pdf(found, town_name=request.town.name, now=clock.now())
    return as_paper(made, filename=_name("produzione", found, "pdf"))


@require_safe
@door
def production_csv(request: PersonRequest, sheet_id: int) -> HttpResponse:
    """Give the lines of a sheet to a spreadsheet."""
    found = papers_of(sheet_id=sheet_id, user=request.user)
    head, rows = papers.lines_of(found, found.ordered)
    return as_paper(csv.csv_sheet(head=head, rows=rows), filename=_name("produzione", found, "csv"), kind=csv.CSV)


@require_safe
@door
def delivery(request: PersonRequest, sheet_id: int) -> HttpResponse:
    """Print the delivery notes, a page for each school."""
    found = papers_of(sheet_id=sheet_id, user=request.user)
    made = papers.delivery_pdf(found, town_name=request.town.name, now=clock.now())
    return as_paper(made, filename=_name("bolle", found, "pdf"))


@require_safe
@door
def delivery_csv(request: PersonRequest, sheet_id: int) -> HttpResponse:
    """Give to a spreadsheet what the delivery notes print."""
    found = papers_of(sheet_id=sheet_id, user=request.user)
    head, rows = papers.delivery_lines(found)
    return as_paper(csv.csv_sheet(head=head, rows=rows), filename=_name("bolle", found, "csv"), kind=csv.CSV)


@require_safe
@door
def labels_chosen(request: PersonRequest, sheet_id: int) -> HttpResponse:
    """Print the labels on the paper that a form names (``?formato=3x8&posto=5&solo=nuove``)."""
    return labels(request, sheet_id, request.GET.get("formato", ""))


@require_safe
@door
def labels(request: PersonRequest, sheet_id: int, format: str) -> HttpResponse:
    """
    Print a label for each special meal, or for those that are new to this number: what to serve, never why.

    ``?posto=5`` begins at the fifth place of the first sheet, whose first four were used before.
    """
    if format not in SHEETS:
        raise NotFound
    found = papers_of(sheet_id=sheet_id, user=request.user)
    only_new = found.sheet.number > 1 and request.GET.get("solo") == "nuove"
    made = papers.labels_of(
        found,
        format=format,
        only_new=only_new,
        first_place=number(request.GET.get("posto", "")) or 1,
        town_name=request.town.name,
        now=clock.now(),
    )
    return as_paper(made, filename=_name("etichette", found, "pdf"))


@require_safe
@door
def labels_csv(request: PersonRequest, sheet_id: int) -> HttpResponse:
    """Give the labels to whoever prints them on a machine of its own."""
    found = papers_of(sheet_id=sheet_id, user=request.user)
    head = ("Scuola", "Turno", "Classe", "Bambino", "Che cosa servire", "Piatti", "Giorno")
    rows = [
        (
            one.school_name,
            one.shift or None,
            one.class_name,
            one.child_name,
            one.special.label,
            one.dishes,
            found.sheet.day,
        )
        for one in labelled(found)
    ]
    return as_paper(csv.csv_sheet(head=head, rows=rows), filename=_name("etichette", found, "csv"), kind=csv.CSV)


@require_POST
@door
def again(request: PersonRequest, sheet_id: int) -> HttpResponse:
    """Make the next number of a sheet, with what was added."""
    found = papers_of(sheet_id=sheet_id, user=request.user)
    try:
        made = freezing.print_again(by=request.user, sheet_id=sheet_id, now=clock.now())
    except freezing.NothingAdded as refusal:
        messages.info(request, refusal.message)
    else:
        messages.success(request, f"Foglio n. {made.number} pronto: dice che cosa cambia dal n. {made.number - 1}.")
    board = reverse("kitchen:board")
    if found.sheet.day != clock.today():
        board = reverse("kitchen:day", args=[found.sheet.day.isoformat()])
    return HttpResponseRedirect(f"{board}?servizio={found.sheet.service.code}")


def _name(what: str, found: Papers, ending: str) -> str:
    return f"{what}-{found.sheet.day}-{found.sheet.service.code}-{found.sheet.number}.{ending}"
