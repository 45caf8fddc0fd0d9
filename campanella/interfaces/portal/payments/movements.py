"""Movimenti: what came into a wallet and what left it, meal by meal, with the credit after each."""

from calendar import monthrange
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render

from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger.queries import MovementLine
from campanella.foundation.core import clock
from campanella.foundation.documents.downloads import as_paper
from campanella.foundation.documents.sheets import CSV, Cell, csv_sheet
from campanella.interfaces.doors import PersonRequest, family, number
from campanella.interfaces.portal.payments.codes import code_of
from campanella.readings.family.purses import purse_for, purses_of
from campanella.readings.movements import told
from campanella.readings.wallet_sums import Account, account, account_of_lines

PAGE = 50
# Enough for every day of many school years; a table is read, not scrolled.
MOST_ROWS = 5000
MONTHS_BACK = 24
ALL = "tutti"
HEAD = ("Registrato il", "Del giorno", "Che cosa", "Perché", "Importo", "Credito")


@dataclass(frozen=True)
class Period:
    """A month, or everything when ``month`` is empty; ``key`` is its word in the address."""

    month: str
    first: date | None
    last: date | None

    @property
    def key(self) -> str:
        """The month, or the word for all of them."""
        return self.month or ALL


@family
def movements(request: PersonRequest, wallet_id: int) -> HttpResponse:
    """Show a month's movements, this one's to begin with, or all of them; fifty at a time, newest first."""
    today = clock.today()
    purse = purse_for(purses=purses_of(user=request.user, today=today), wallet_id=wallet_id)
    period = _period(request.GET.get("mese", f"{today:%Y-%m}"))
    before = request.GET.get("prima", "")
    lines = wallets.movements_of(
        wallet_id=wallet_id,
        first=period.first,
        last=period.last,
        limit=PAGE + 1,
        before_entry=number(before),
    )
    found = told(lines=lines[:PAGE], is_shared=purse.is_shared)
    is_whole = not before and len(lines) <= PAGE
    context = {
        "section": "payments",
        "purse": purse,
        "period": period,
        "told": found,
        "used": _used(lines) if is_whole else 0,
        "months": _months(today),
        "next": lines[PAGE - 1].entry_id if len(lines) > PAGE else 0,
        "is_first": not before,
        "account": None if before else _whole(lines, period) if is_whole else _account(wallet_id, period),
        "code": code_of(town=request.town, wallet_id=wallet_id),
        "has_late": any(line.day != line.booked_on for line in lines),
    }
    return render(request, "portal/payments/movements.html", context)


def _used(lines: Sequence[MovementLine]) -> int:
    """Count the days of a service that these movements leave paid: what was charged and given back is none."""
    sums: Counter[str] = Counter()
    for line in lines:
        if line.kind == "charge":
            sums[line.source] += line.amount.cents
    return sum(cents < 0 for cents in sums.values())


@family
def as_csv(request: PersonRequest, wallet_id: int) -> HttpResponse:
    """Give the movements as a table, for who keeps accounts."""
    purse = purse_for(purses=purses_of(user=request.user, today=clock.today()), wallet_id=wallet_id)
    period = _period(request.GET.get("mese", ""))
    lines = wallets.movements_of(wallet_id=wallet_id, first=period.first, last=period.last, limit=MOST_ROWS)
    found = told(lines=lines, is_shared=purse.is_shared)
    rows: list[list[Cell]] = [
        [item.line.booked_on, item.line.day, item.title, item.why, item.line.amount, item.line.balance_after]
        for item in found
    ]
    if month := _account(wallet_id, period):
        rows.insert(0, [None, None, "Credito alla fine del mese", None, None, month.closing])
        rows.append([None, None, "Credito all’inizio del mese", None, None, month.opening])
    return as_paper(csv_sheet(head=HEAD, rows=rows), filename="movimenti.csv", kind=CSV)


def _period(month: str) -> Period:
    """Read ``2026-10``; anything else is everything."""
    first = clock.read_day(f"{month}-01")
    if first is None:
        return Period("", None, None)
    return Period(month, first, first.replace(day=monthrange(first.year, first.month)[1]))


def _months(today: date) -> list[tuple[str, date]]:
    counted = [divmod(today.year * 12 + today.month - 1 - back, 12) for back in range(MONTHS_BACK)]
    return [(f"{year}-{month + 1:02}", date(year, month + 1, 1)) for year, month in counted]


def _whole(lines: Sequence[MovementLine], period: Period) -> Account | None:
    """Account for a month that is shown whole."""
    return account_of_lines(lines) if period.first else None


def _account(wallet_id: int, period: Period) -> Account | None:
    return account(wallet_id=wallet_id, first=period.first, last=period.last) if period.first and period.last else None
