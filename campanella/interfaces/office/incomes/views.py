"""What came in: receipts by day, and each one whole."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from campanella.domains.accounts.roles import Role
from campanella.domains.payments import queries as payments
from campanella.domains.payments import rules
from campanella.domains.payments.receipts import queries as receipts
from campanella.domains.payments.receipts.queries import ReceiptView, Span
from campanella.foundation.core import audit, clock
from campanella.foundation.core.money import Euro
from campanella.foundation.documents import sheets
from campanella.foundation.documents.downloads import as_download
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.incomes.sheets import HEAD, rows_of
from campanella.readings.office.receipts import whose

SECTION = {"section": "payments"}
USUAL = timedelta(days=13)
LONGEST = timedelta(days=366)
A_PAGE = 40
MOST_IN_A_SHEET = 200_000


@dataclass(frozen=True)
class Filter:
    """
    Which receipts are looked at: between two days, in one state, of one number.

    :ivar is_upside_down: the last day asked for comes before the first one, so only the last one is looked at
    """

    first: date
    last: date
    state: str
    number: str
    is_upside_down: bool

    @property
    def span(self) -> Span:
        """The receipts between the two days, both included."""
        midnight = time(0)
        return Span(clock.rome(self.first, midnight), clock.rome(self.last + timedelta(days=1), midnight), self.state)

    def receipts(self) -> list[ReceiptView]:
        """Return all of them, newest first."""
        if self.number:
            return receipts.search_receipts(text=self.number)
        return receipts.page_of(span=self.span, start=0, most=MOST_IN_A_SHEET)


@dataclass(frozen=True)
class Day:
    """One day of the page: the receipts shown here, and the sum of all of that day."""

    day: date
    receipts: list[ReceiptView]
    count: int
    total: Euro

    @property
    def is_cut(self) -> bool:
        """Tell whether the day has more receipts than this page shows."""
        return len(self.receipts) < self.count


class _Pages:
    """The receipts of a span as a paginator wants them: counted by their sums, read a page at a time."""

    def __init__(self, span: Span, count: int) -> None:
        self.span, self._count = span, count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[ReceiptView]:
        return iter(receipts.page_of(span=self.span, start=0, most=self._count))

    def __getitem__(self, place: Any) -> Any:
        return receipts.page_of(span=self.span, start=place.start, most=place.stop - place.start)


@staff(Role.OFFICE)
def incomes(request: PersonRequest) -> HttpResponse:
    """Show the receipts by day with their totals, forty a page: two queries."""
    chosen = _filter(request)
    span = chosen.span
    if chosen.number:
        found = chosen.receipts()
        sums = {day: (len(lines), _sum(lines)) for day, lines in _by_day(found)}
        pages: Paginator[ReceiptView] = Paginator(found, A_PAGE)
    else:
        sums = receipts.sums_of(span=span)
        pages = Paginator(_Pages(span, sum(count for count, _ in sums.values())), A_PAGE)
    page = pages.get_page(request.GET.get("pagina"))
    context = {
        "chosen": chosen,
        "page": page,
        "days": [Day(day, lines, *sums[day]) for day, lines in _by_day(page.object_list)],
        "total": Euro(sum(total.cents for _, total in sums.values())),
        "count": sum(count for count, _ in sums.values()),
    }
    return render(request, "office/incomes/incomes.html", {**SECTION, **context})


def _by_day(found: Iterable[ReceiptView]) -> list[tuple[date, list[ReceiptView]]]:
    return [(day, list(lines)) for day, lines in groupby(found, key=lambda receipt: clock.day_of(receipt.kept_at))]


def _sum(lines: Iterable[ReceiptView]) -> Euro:
    return Euro(sum(line.share.cents for line in lines))


@staff(Role.OFFICE)
def download(request: PersonRequest, kind: str) -> HttpResponse:
    """Give the same receipts as a sheet, CSV or XLSX."""
    chosen = _filter(request)
    name, found = f"ricevute-{chosen.first}-{chosen.last}.{kind}", chosen.receipts()
    if kind == "xlsx":
        whole = sheets.xlsx_sheet(title="Ricevute", head=HEAD, rows=rows_of(found, in_fours=False))
        return as_download(content=whole, name=name, content_type=sheets.XLSX)
    text = sheets.csv_sheet(head=HEAD, rows=rows_of(found, in_fours=True))
    return as_download(content=text, name=name, content_type=sheets.CSV)


def _filter(request: PersonRequest) -> Filter:
    last = clock.read_day(request.GET.get("al", "")) or clock.today()
    asked = clock.read_day(request.GET.get("dal", "")) or last - USUAL
    state = request.GET.get("stato", "")
    return Filter(
        first=max(min(asked, last), last - LONGEST),
        last=last,
        state=state if state in ("booked", "parked") else "",
        number=request.GET.get("numero", "").strip()[:40],
        is_upside_down=asked > last,
    )


@staff(Role.OFFICE)
def receipt(request: PersonRequest, receipt_id: int) -> HttpResponse:
    """Show one receipt: who paid what, and where it went."""
    found = receipts.receipt(receipt_pk=receipt_id)
    positions = payments.requests(request_ids=[found.request_id]) if found.request_id else []
    page = {
        "receipt": found,
        "position": positions[0] if positions else None,
        "reason": rules.REASONS.get(found.reason, ""),
        "whose": whose(receipts=[found])[found.id],
        "acts": audit.acts_on(subjects=[f"receipt:{receipt_id}"]),
    }
    return render(request, "office/incomes/receipt.html", {**SECTION, **page})
