"""A list of children on the page, as a sheet, and a class on paper for the roll-call."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.attendance import queries as attendance
from campanella.domains.attendance.documents.paper_roll import paper_roll_pdf
from campanella.domains.schools import queries as schools
from campanella.domains.services import queries as services
from campanella.foundation.core import clock
from campanella.foundation.core.italian import day_figures, day_full
from campanella.foundation.core.money import Euro
from campanella.foundation.documents import sheets
from campanella.foundation.documents.downloads import as_download, as_paper
from campanella.foundation.documents.sheets import Cell
from campanella.foundation.documents.tables import PaperTable, table_pdf
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.lists.asked import CREDITS, MISSING, Asked, asked
from campanella.interfaces.office.lists.columns import COLUMNS, MONEY
from campanella.readings import serving
from campanella.readings.class_sheet import ClassSheet
from campanella.readings.office import children as lists
from campanella.readings.office.bulk import last_acts
from campanella.readings.office.children import Line

SECTION = {"section": "families"}
# What a printer should be given at once.
MOST_ON_PAPER = 1000


class _Pages:
    """A list as a paginator wants it: counted once, read a page at a time."""

    def __init__(self, chosen: Asked, count: int) -> None:
        self.chosen, self._count = chosen, count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Line]:
        return lists.every(chosen=self.chosen.filter, order=self.chosen.order)

    def __getitem__(self, place: Any) -> Any:
        return lists.page(chosen=self.chosen.filter, order=self.chosen.order, number=place.start // lists.PAGE + 1)


@staff(Role.OFFICE)
@require_safe
def children(request: PersonRequest) -> HttpResponse:
    """Show a list: eight queries and those of the frame, whatever the town's size."""
    today = clock.today()
    chosen = asked(request.GET, town=request.town, today=today)
    count, below, owed = lists.counts(chosen=chosen.filter)
    pages: Paginator[Line] = Paginator(_Pages(chosen, count), lists.PAGE)
    page = pages.get_page(request.GET.get("pagina"))
    context = {
        **SECTION,
        "asked": chosen,
        "page": page,
        "below": below,
        "owed": owed,
        "money": MONEY,
        "rows": [(line, [(column, column.cell(line)) for column in chosen.columns[1:]]) for line in page.object_list],
        "columns": COLUMNS,
        "shown": {column.key for column in chosen.columns},
        "options": _options(chosen, today),
        "is_class": chosen.filter.class_group_id is not None,
        "last_acts": last_acts(),
    }
    return render(request, "office/lists/children.html", context)


@staff(Role.OFFICE)
@require_safe
def sheet(request: PersonRequest, kind: str) -> HttpResponse:
    """Give the same list as XLSX, CSV or PDF, whole and in the same order."""
    today = clock.today()
    chosen = asked(request.GET, town=request.town, today=today)
    head = [column.label for column in chosen.columns]
    lines = lists.every(chosen=chosen.filter, order=chosen.order)
    rows = ([column.cell(line) for column in chosen.columns] for line in lines)
    name = f"bambini-{today}.{kind}"
    if kind == "xlsx":
        return as_download(
            content=sheets.xlsx_sheet(title="Bambini", head=head, rows=rows), name=name, content_type=sheets.XLSX
        )
    if kind == "csv":
        return as_download(content=sheets.csv_sheet(head=head, rows=rows), name=name, content_type=sheets.CSV)
    if kind != "pdf":
        raise Http404
    printed = [[_said(cell) for cell in row] for row, _ in zip(rows, range(MOST_ON_PAPER), strict=False)]
    total, below, owed = lists.counts(chosen=chosen.filter)
    sums = f", {_wallets(below)} {chosen.credit_words}: {owed} in tutto" if below else ""
    cut = f" Qui i primi {MOST_ON_PAPER}: per averli tutti scarica il foglio XLSX." if total > len(printed) else ""
    paper = PaperTable(
        town_name=request.town.name,
        title="Elenco dei bambini",
        about=f"{_in_words(chosen)}, al {day_full(today)}",
        columns=head,
        widths=[column.width for column in chosen.columns],
        rows=printed,
        sum=f"{_children(total)}{sums}.{cut}",
        made_at=clock.now(),
    )
    return as_paper(table_pdf(paper), filename=name)


@staff(Role.OFFICE)
@require_safe
def class_paper(request: PersonRequest, class_group_id: int) -> HttpResponse:
    """
    Print a class for a roll-call on paper: who is enrolled in one service on one day, in the order of the tablet, with
    boxes to tick; the code of the diet and nothing else about a child.
    """
    now = clock.now()
    day = clock.read_day(request.GET.get("giorno", "")) or clock.day_of(now)
    group = schools.class_group(class_group_id=class_group_id)
    running = serving.on(day=day).services(school_ids=[group.school_id]) or services.services()
    service = next((one for one in running if one.code == request.GET.get("servizio", "")), running[0] if running else None)
    if service is None:
        raise Http404
    lines = attendance.sheet(class_group_id=group.pk, service_id=service.pk, day=day)
    # A class is printed on any day, closed or not yet begun.
    paper = ClassSheet(group, service, day, "", None, lines).paper(town_name=request.town.name, now=now)
    return as_paper(paper_roll_pdf(paper), filename=f"appello-{group.pk}.pdf")


def _children(count: int) -> str:
    return "1 bambino" if count == 1 else f"{count} bambini"


def _wallets(count: int) -> str:
    return "1 borsellino" if count == 1 else f"{count} borsellini"


def _said(cell: Cell) -> str:
    if isinstance(cell, Euro):
        return str(cell)
    if cell is None:
        return ""
    return day_figures(cell) if isinstance(cell, date) else str(cell)


def _options(chosen: Asked, today: Any) -> list[dict[str, Any]]:
    """Return the filters as a form shows them: name, label, the choices with the one that holds."""
    school_id = chosen.filter.school_id
    classes = schools.all_classes(day=today).order_by("school__name", "name")
    if school_id:
        classes = classes.filter(school_id=school_id)
    choices = {
        "scuola": ("Scuola", [(str(s.pk), s.name) for s in schools.schools()]),
        "classe": ("Classe", [(str(c.pk), c.name if school_id else f"{c.name}, {c.school.name}") for c in classes]),
        "servizio": ("Servizio", [(str(s.pk), s.name) for s in services.services()]),
        "tariffa": ("Tariffa", [(str(pk), name) for pk, name in lists.brackets_paid(day=today)]),
        "dieta": ("Dieta", [("*", "una qualsiasi"), *((code, code) for code in lists.diets_served(day=today))]),
        "credito": ("Credito", list(CREDITS.items())),
        "manca": ("Dati che mancano", [(key, words) for key, (_, words) in MISSING.items()]),
        "accesso": ("Accesso al portale", [("senza", "senza accesso")]),
        "tutti": ("Chi", [("1", "anche chi non ha una classe")]),
    }
    return [
        {"name": name, "label": label, "choices": pairs, "value": chosen.values[name]}
        for name, (label, pairs) in choices.items()
    ]


def _in_words(chosen: Asked) -> str:
    """Say the filters that hold."""
    held = [
        f"{option['label'].lower()} {dict(option['choices']).get(option['value'], '')}".strip()
        for option in _options(chosen, chosen.filter.day)
        if option["value"]
    ]
    words = ", ".join(held) or "tutti i bambini che hanno una classe"
    return f"{words[0].upper()}{words[1:]}"
