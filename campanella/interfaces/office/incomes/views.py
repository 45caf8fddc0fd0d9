"""What came in: receipts by day, and each one whole."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render

from campanella.domains.accounts.models import Role
from campanella.domains.payments import queries as payments
from campanella.domains.payments import rules
from campanella.domains.payments.receipts import queries as receipts
from campanella.domains.payments.receipts.queries import ReceiptView
from campanella.foundation.core import audit, clock
from campanella.foundation.core.money import Euro
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.incomes.sheets import receipts_sheet
from campanella.usecases import office_day

SECTION = {"section": "payments"}
USUAL = timedelta(days=13)
LONGEST = timedelta(days=366)


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

    def receipts(self) -> list[ReceiptView]:
        """Return them, newest first."""
        if self.number:
            return receipts.search_receipts(text=self.number)
        found = office_day.receipts_of(first=self.first, last=self.last)
        return [receipt for receipt in found if self._takes(receipt)]

    def _takes(self, receipt: ReceiptView) -> bool:
        if self.state == "booked":
            return receipt.is_credited
        return self.state in ("", receipt.state)


@staff(Role.OFFICE)
def incomes(request: PersonRequest) -> HttpResponse:
    """Show the receipts by day, with totals."""
    chosen = _filter(request)
    receipts = chosen.receipts()
    days = [(day, list(lines)) for day, lines in groupby(receipts, key=lambda receipt: clock.day_of(receipt.kept_at))]
    page = {
        "chosen": chosen,
        "days": [(day, Euro(sum(line.share.cents for line in lines)), lines) for day, lines in days],
        "total": Euro(sum(receipt.share.cents for receipt in receipts)),
        "count": len(receipts),
    }
    return render(request, "office/incomes/incomes.html", {**SECTION, **page})


@staff(Role.OFFICE)
def download(request: PersonRequest) -> HttpResponse:
    """Give the same receipts as a sheet."""
    chosen = _filter(request)
    answer = HttpResponse(receipts_sheet(chosen.receipts()), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="ricevute-{chosen.first}-{chosen.last}.csv"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _filter(request: PersonRequest) -> Filter:
    last = clock.read_day(request.GET.get("al", "")) or clock.today()
    asked = clock.read_day(request.GET.get("dal", "")) or last - USUAL
    state = request.GET.get("stato", "")
    return Filter(
        first=max(min(asked, last), last - LONGEST), last=last, state=state if state in ("booked", "parked") else "",
        number=request.GET.get("numero", "").strip()[:40], is_upside_down=asked > last,
    )  # fmt: skip


@staff(Role.OFFICE)
def receipt(request: PersonRequest, receipt_id: int) -> HttpResponse:
    """Show one receipt: who paid what, and where it went."""
    found = receipts.receipt(receipt_pk=receipt_id)
    positions = payments.requests(request_ids=[found.request_id]) if found.request_id else []
    page = {
        "receipt": found,
        "position": positions[0] if positions else None,
        "reason": rules.REASONS.get(found.reason, ""),
        "acts": audit.acts_on(subjects=[f"receipt:{receipt_id}"]),
    }
    return render(request, "office/incomes/receipt.html", {**SECTION, **page})
