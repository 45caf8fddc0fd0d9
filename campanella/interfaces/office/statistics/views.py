"""Statistiche: what a councillor and the State ask for, as charts with their tables, and whole as sheets."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.services.models import Service
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.documents import sheets
from campanella.foundation.documents.downloads import as_download
from campanella.foundation.documents.sheets import Cell
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.charts import MONTHS_WIDE, months
from campanella.interfaces.office.covering import cost_of, percent
from campanella.readings.office import statistic_sheets
from campanella.readings.office import statistics as reading
from campanella.readings.office.statistics import Statistics
from campanella.readings.spans import Days, days_asked, usual_spans

SHEETS: Mapping[str, tuple[Sequence[str], Callable[[Statistics], Iterator[list[Cell]]]]] = {
    "presenze": (statistic_sheets.USES_HEAD, statistic_sheets.uses_cells),
    "personale": (statistic_sheets.STAFF_HEAD, statistic_sheets.staff_cells),
    "entrate": (statistic_sheets.INCOME_HEAD, statistic_sheets.income_cells),
}


SHEET_NAMES = (
    ("presenze", "Presenze per mese, scuola e servizio"),
    ("personale", "Pasti del personale per scuola"),
    ("entrate", "Entrate per mese e servizio"),
)


@staff(Role.OFFICE)
@require_safe
def figures(request: PersonRequest) -> HttpResponse:
    """Show the figures of some days: six queries."""
    today = clock.today()
    asked = _asked(request, today)
    found = reading.statistics(first=asked.first, last=asked.last)
    typed = {one.pk: request.GET.get(_name(one), "") for one in found.catalogue}
    costs = {pk: cost_of(text) for pk, text in typed.items()}
    income = found.income_by_month
    page = {
        "section": "payments",
        "asked": asked,
        "query": urlencode({"dal": asked.first.isoformat(), "al": asked.last.isoformat()}),
        "spans": usual_spans(today=today),
        "found": found,
        "meals": sum(children for _, children, _ in found.by_month),
        "adults": sum(adults for _, _, adults in found.by_month),
        "meal_columns": months([(month, children + adults) for month, children, adults in found.by_month]),
        "income_columns": months([(month, amount.cents) for month, amount in income], in_euro=True),
        "income": income,
        "width": MONTHS_WIDE,
        "costs_told": any(costs.values()),
        "sheets": SHEET_NAMES,
        "lines": [
            (one, _name(one.service), typed[one.service.pk], percent(one, costs[one.service.pk])) for one in found.coverage
        ],
    }
    return render(request, "office/statistics/statistics.html", page)


@staff(Role.OFFICE)
@require_safe
def sheet(request: PersonRequest, what: str, kind: str) -> HttpResponse:
    """Give one of the tables whole, CSV or XLSX."""
    if what not in SHEETS or kind not in ("csv", "xlsx"):
        raise NotFound
    asked = _asked(request, clock.today())
    head, cells = SHEETS[what]
    rows = cells(reading.statistics(first=asked.first, last=asked.last))
    name = f"statistiche-{what}-{asked.first}-{asked.last}.{kind}"
    if kind == "xlsx":
        whole = sheets.xlsx_sheet(title=what.capitalize(), head=head, rows=rows)
        return as_download(content=whole, name=name, content_type=sheets.XLSX)
    return as_download(content=sheets.csv_sheet(head=head, rows=rows), name=name, content_type=sheets.CSV)


def _asked(request: PersonRequest, today: date) -> Days:
    """Read the days of the address; without them the school year that goes on."""
    if "dal" in request.GET or "al" in request.GET:
        return days_asked(request.GET, today=today)
    _, first, last = usual_spans(today=today)[-1]
    return Days(first, last)


def _name(service: Service) -> str:
    return f"costo-{service.code}"
