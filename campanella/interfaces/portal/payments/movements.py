"""Movimenti: what came into a wallet and what left it, meal by meal, with the credit after each."""

import csv
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from io import StringIO

from django.http import HttpResponse
from django.shortcuts import render

from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger.queries import MovementLine
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.design.forms import plain_amount
from campanella.foundation.documents.downloads import as_paper
from campanella.interfaces.doors import PersonRequest, family
from campanella.interfaces.portal.payments.purses import purse_for, purses_of
from campanella.usecases import statement

PAGE = 50
# Enough for every day of many school years; a table is read, not scrolled.
MOST_ROWS = 5000
MONTHS_BACK = 24


@dataclass(frozen=True)
class Period:
    """A month, or everything when ``month`` is empty."""

    month: str
    first: date | None
    last: date | None


@family
def movements(request: PersonRequest, wallet_id: int) -> HttpResponse:
    """Show fifty movements at a time, newest first."""
    today = clock.today()
    purse = purse_for(purses=purses_of(user=request.user, today=today), wallet_id=wallet_id)
    period = _period(request.GET.get("mese", ""))
    before = request.GET.get("prima", "")
    lines = wallets.movements_of(
        wallet_id=wallet_id, first=period.first, last=period.last, limit=PAGE + 1,
        before_entry=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
    )  # fmt: skip
    context = {
        "section": "payments", "purse": purse, "period": period,
        "told": statement.told(lines=lines[:PAGE], is_shared=purse.is_shared),
        "months": _months(today), "next": lines[PAGE - 1].entry_id if len(lines) > PAGE else 0, "is_first": not before,
        "sums": _sums(lines) if period.month and not before and len(lines) <= PAGE else [],
    }  # fmt: skip
    return render(request, "portal/payments/movements.html", context)


@family
def as_csv(request: PersonRequest, wallet_id: int) -> HttpResponse:
    """Give the movements as a table, for who keeps accounts."""
    purse = purse_for(purses=purses_of(user=request.user, today=clock.today()), wallet_id=wallet_id)
    period = _period(request.GET.get("mese", ""))
    lines = wallets.movements_of(wallet_id=wallet_id, first=period.first, last=period.last, limit=MOST_ROWS)
    text = StringIO()
    table = csv.writer(text, delimiter=";")
    table.writerow(["Giorno", "Che cosa", "Perché", "Importo", "Credito"])
    for item in statement.told(lines=lines, is_shared=purse.is_shared):
        line = item.line
        amounts = [plain_amount(line.amount.cents), plain_amount(line.balance_after.cents)]
        table.writerow([f"{line.day:%d/%m/%Y}", _harmless(item.title), _harmless(item.why), *amounts])
    # The mark at the head tells spreadsheets that the text is UTF-8.
    return as_paper(text.getvalue().encode("utf-8-sig"), filename="movimenti.csv", kind="text/csv; charset=utf-8")


def _period(month: str) -> Period:
    """Read ``2026-10``; anything else is everything."""
    first = clock.read_day(f"{month}-01")
    if first is None:
        return Period("", None, None)
    return Period(month, first, first.replace(day=monthrange(first.year, first.month)[1]))


def _months(today: date) -> list[tuple[str, date]]:
    counted = [divmod(today.year * 12 + today.month - 1 - back, 12) for back in range(MONTHS_BACK)]
    return [(f"{year}-{month + 1:02}", date(year, month + 1, 1)) for year, month in counted]


def _sums(lines: list[MovementLine]) -> list[tuple[str, Euro]]:
    """Sum a month by kind: what came in, what was used, what was given back."""
    groups = {
        "Ricariche": [line for line in lines if line.kind == "top_up"],
        "Servizi usati": [line for line in lines if line.kind == "charge" and line.amount.cents < 0],
        "Correzioni e ricalcoli": [line for line in lines if line.kind in ("charge", "adjust") and line.amount.cents > 0],
        "Altro": [line for line in lines if line.kind not in ("top_up", "charge", "adjust")],
    }
    return [(name, Euro(sum(line.amount.cents for line in group))) for name, group in groups.items() if group]


def _harmless(text: str) -> str:
    """Keep a spreadsheet from reading a text as a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text
