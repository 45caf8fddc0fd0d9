"""Receipts: what came in, what waits for the office, what was paid by whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from campanella.domains.payments import rules
from campanella.domains.payments.models import SHARE, Receipt
from campanella.foundation.core import sql
from campanella.foundation.core.clock import ROME
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id


@dataclass(frozen=True)
class ReceiptView:
    """A receipt as families and office see it."""

    id: int
    receipt_id: str
    notice_number: str
    amount: Euro
    fee: Euro | None
    paid_at: datetime | None
    kept_at: datetime
    payer_name: str
    payer_tax_code: str
    psp_name: str
    psp_tax_code: str
    method: str
    applied_on: date | None
    outcome: str
    reason: str
    request_id: int | None
    issuer_tax_code: str
    share: Euro
    resolved_at: datetime | None

    @property
    def state(self) -> str:
        """How it stands: ``booked``, ``placed`` by the office, ``closed`` without a credit, ``parked``, empty on its way."""
        return "placed" if self.outcome == "parked" and self.resolved_at else self.outcome

    @property
    def is_credited(self) -> bool:
        """Tell whether the money is in a wallet."""
        return self.state in ("booked", "placed")


def parked(*, limit: int = 100) -> list[ReceiptView]:
    """Return the receipts that wait for the office, oldest first."""
    rows = Receipt.objects.filter(outcome="parked", resolved_at=None).order_by("kept_at", "id")
    return [view_of(row) for row in rows[:limit]]


def unbooked(*, limit: int = 100) -> list[ReceiptView]:
    """Return the receipts that are kept and not yet booked, oldest first; in health there are none."""
    rows = Receipt.objects.filter(outcome="", resolved_at=None).order_by("kept_at", "id")
    return [view_of(row) for row in rows[:limit]]


def waiting_counts() -> tuple[int, int]:
    """Count the receipts that wait for the office and those not yet booked: one query."""
    found = Receipt.objects.exclude(outcome="booked").filter(resolved_at=None).aggregate(parked=_PARKED, unbooked=_UNBOOKED)
    return found["parked"], found["unbooked"]


def counts() -> dict[str, int]:
    """Count the receipts that are kept, booked, parked for the office and not yet looked at: one query."""
    booked = Count("pk", filter=Q(outcome="booked"))
    return Receipt.objects.aggregate(kept=Count("pk"), booked=booked, parked=_PARKED, unbooked=_UNBOOKED)


def money_waits(*, notice_number: str) -> bool:
    """Tell whether a receipt of the town's notice is kept and not yet settled: one look-up in an index of few."""
    return bool(sql.rows(_WAITS, {"town": active_town_id(), "number": notice_number}))


def numbers_waiting(*, notice_numbers: Sequence[str]) -> set[str]:
    """Return those of these notices for which a receipt is kept and not yet settled: one query."""
    waits = Receipt.objects.filter(~Q(outcome="booked"), resolved_at=None, issuer_tax_code="")
    return set(waits.filter(notice_number__in=list(notice_numbers)).values_list("notice_number", flat=True))


def receipt(*, receipt_pk: int) -> ReceiptView:
    """
    Return one receipt of the town.

    :raises NotFound: the town has no such receipt
    """
    row = Receipt.objects.filter(pk=receipt_pk).first()
    if row is None:
        raise NotFound
    return view_of(row)


def waiting_since(*, before: datetime) -> bool:
    """Tell whether a receipt that was kept before an instant is not in the ledger yet and before nobody."""
    return Receipt.objects.filter(outcome="", resolved_at=None, kept_at__lt=before).exists()


def last_receipt_at() -> datetime | None:
    """Return when the last receipt was kept: one index look-up."""
    return Receipt.objects.order_by("-id").values_list("kept_at", flat=True).first()


def receipts_by_id(*, receipt_ids: Sequence[str]) -> dict[str, ReceiptView]:
    """Return receipts by their IUR, for explaining movements: one query."""
    return {row.receipt_id: view_of(row) for row in Receipt.objects.filter(receipt_id__in=list(receipt_ids))}


def booked_of(*, request_ids: Sequence[int]) -> dict[int, ReceiptView]:
    """Return by position the receipt that paid it: one query."""
    rows = Receipt.objects.filter(request_id__in=list(request_ids), outcome="booked").order_by("id")
    return {row.request_id: view_of(row) for row in rows if row.request_id}


@dataclass(frozen=True)
class Span:
    """
    Receipts kept between two instants.

    :ivar state: ``booked`` for those in a wallet, ``parked`` for those that wait, empty for all
    """

    first: datetime
    end: datetime
    state: str = ""

    def rows(self) -> "QuerySet[Receipt]":
        """Return them, newest first."""
        rows = Receipt.objects.filter(kept_at__gte=self.first, kept_at__lt=self.end).order_by("-kept_at", "-id")
        if self.state == "booked":
            return rows.filter(Q(outcome="booked") | Q(outcome="parked", resolved_at__isnull=False))
        return rows.filter(outcome="parked", resolved_at=None) if self.state == "parked" else rows


@dataclass(frozen=True)
class DaySum:
    """
    What came in on one day.

    :ivar share: the town's, of all of them
    :ivar parked: how many of them wait for the office
    :ivar unbooked: how many are on their way to a wallet
    """

    count: int
    share: Euro
    parked: int = 0
    unbooked: int = 0


def day_sum(*, span: Span) -> DaySum:
    """Sum the receipts of a span, and how many of them are in no wallet yet: one query."""
    found = span.rows().order_by().aggregate(n=Count("pk"), cents=Sum(SHARE), parked=_PARKED, unbooked=_UNBOOKED)
    return DaySum(found["n"], Euro(found["cents"] or 0), found["parked"], found["unbooked"])


def page_of(*, span: Span, start: int, most: int) -> list[ReceiptView]:
    """Return some receipts of a span, newest first: one query."""
    return [view_of(row) for row in span.rows()[start : start + most]]


def sums_of(*, span: Span) -> dict[date, tuple[int, Euro]]:
    """Return by day, in Rome, how many receipts there are in a span and the town's share of them: one query."""
    days = span.rows().order_by().annotate(day=TruncDate("kept_at", tzinfo=ROME)).values("day")
    counted = days.annotate(n=Count("pk"), cents=Sum(SHARE))
    return {row["day"]: (row["n"], Euro(row["cents"])) for row in counted}


def search_receipts(*, text: str, limit: int = 10) -> list[ReceiptView]:
    """Find receipts by their IUR, or by the notice number or IUV they pay: one query."""
    typed = "".join(text.split())
    if len(typed) < rules.LEAST_OF_AN_IUR:
        return []
    number = rules.digits_of_number(text)
    wanted = Q(receipt_id__iexact=typed)
    if number:
        wanted |= Q(notice_number__endswith=number)
    return [view_of(row) for row in Receipt.objects.filter(wanted).order_by("-kept_at", "-id")[:limit]]


def view_of(row: Receipt) -> ReceiptView:
    """Return a row as the rest of the product sees it."""
    return ReceiptView(
        row.pk,
        row.receipt_id,
        row.notice_number,
        Euro(row.amount_cents),
        Euro(row.fee_cents) if row.fee_cents is not None else None,
        row.paid_at,
        row.kept_at,
        row.payer_name,
        row.payer_tax_code,
        row.psp_name,
        row.psp_tax_code,
        row.method,
        row.applied_on,
        row.outcome,
        row.reason,
        row.request_id,
        row.issuer_tax_code,
        Euro(row.share_cents),
        row.resolved_at,
    )


# Words for word the condition of the index ``receipt_money_waits``.
_WAITS = """
select 1 from payments_receipt
 where municipality_id = %(town)s and notice_number = %(number)s and issuer_tax_code = ''
   and resolved_at is null and not (outcome = 'booked') limit 1
"""


_PARKED = Count("pk", filter=Q(outcome="parked", resolved_at=None))
_UNBOOKED = Count("pk", filter=Q(outcome="", resolved_at=None))
