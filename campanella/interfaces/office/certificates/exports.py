"""Esportazioni: accounting entries, meals by school, coverage, debts by age; in sums on the page, whole as sheets."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campanella.domains.accounts.roles import Role
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro
from campanella.foundation.documents import sheets
from campanella.foundation.documents.downloads import as_download
from campanella.foundation.documents.sheets import Cell
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.covering import cost_of, percent
from campanella.readings.office import exports as reading
from campanella.readings.office.statistics import statistics
from campanella.readings.spans import Days, days_asked, usual_spans

HEADS = {
    "scritture": reading.ENTRIES_HEAD,
    "pasti": reading.MEALS_HEAD,
    "debiti": reading.DEBTS_HEAD,
    "bollo": reading.STAMPS_HEAD,
}


@staff(Role.OFFICE)
@require_safe
def exports(request: PersonRequest) -> HttpResponse:
    """Show what each service brought in and how much of its cost it covers, and the debts by their age."""
    today = clock.today()
    asked = days_asked(request.GET, today=today)
    cost = cost_of(request.GET.get("costo", ""))
    debts = reading.debts(today=today)
    covered = statistics(first=asked.first, last=asked.last).coverage
    page = {
        "section": "payments",
        "asked": asked,
        "query": urlencode({"dal": asked.first.isoformat(), "al": asked.last.isoformat()}),
        "spans": usual_spans(today=today),
        "cost": request.GET.get("costo", ""),
        "lines": [(one, percent(one, cost)) for one in covered],
        "ages": list(zip(reading.DEBTS_HEAD[3:], _by_age(debts), strict=True)),
        "owed": Euro(sum(debt.amount.cents for debt in debts)),
        "count": len(debts),
    }
    return render(request, "office/certificates/exports.html", page)


def _by_age(debts: list[reading.Debt]) -> list[Euro]:
    return [Euro(sum(debt.parts[place].cents for debt in debts)) for place in range(len(reading.AGES) + 1)]


@staff(Role.OFFICE)
@require_safe
def sheet(request: PersonRequest, what: str, kind: str) -> HttpResponse:
    """Give one of the exports whole, CSV or XLSX."""
    if what not in HEADS or kind not in ("csv", "xlsx"):
        raise NotFound
    asked = days_asked(request.GET, today=clock.today())
    name, rows = f"{what}-{asked.first}-{asked.last}.{kind}", _rows(what, asked)
    if kind == "xlsx":
        whole = sheets.xlsx_sheet(title=what.capitalize(), head=HEADS[what], rows=rows)
        return as_download(content=whole, name=name, content_type=sheets.XLSX)
    return as_download(content=sheets.csv_sheet(head=HEADS[what], rows=rows), name=name, content_type=sheets.CSV)


def _rows(what: str, asked: Days) -> Iterator[list[Cell]]:
    if what == "scritture":
        return reading.entry_cells(first=asked.first, last=asked.last)
    if what == "pasti":
        return reading.meal_cells(first=asked.first, last=asked.last)
    if what == "bollo":
        return reading.stamp_cells(first=asked.first, last=asked.last)
    return reading.debt_cells(today=clock.today())
