"""Joint notices as they were made, and what was paid with them: which invoices each asks for, how much each has got."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum

from campanella.domains.billing.models import JointPart, JointPayment
from campanella.foundation.core.money import Euro


@dataclass(frozen=True, slots=True)
class Part:
    """An invoice in a joint notice, with what was open of it when the notice was made."""

    request_id: int
    invoice_id: int
    amount: Euro


def parts_of(*, request_id: int) -> list[Part]:
    """Return the invoices that a position asks for, the oldest first; none where it is no joint notice: one query."""
    return _parts(request_id=request_id)


def with_invoices(*, invoice_ids: Sequence[int]) -> list[Part]:
    """Return these invoices wherever they are in a joint notice, the oldest notice first: one query."""
    return _parts(invoice_id__in=list(invoice_ids))


def of_payers(*, payer_ids: Sequence[int]) -> list[Part]:
    """Return what is in the joint notices of payers, the oldest notice first: one query."""
    return _parts(invoice__payer_id__in=list(payer_ids))


def among(*, request_ids: Sequence[int]) -> set[int]:
    """Return which of these positions are joint notices: one query."""
    return set(JointPart.objects.filter(request_id__in=list(request_ids)).values_list("request_id", flat=True))


def paid_of(*, invoice_id: int) -> dict[str, Euro]:
    """Return what the money of joint notices has brought for an invoice, by source of the money: one query."""
    rows = JointPayment.objects.filter(invoice_id=invoice_id).values_list("source").annotate(Sum("cents")).order_by("source")
    return {source: Euro(cents) for source, cents in rows}


def paid_by(*, source: str) -> list[tuple[int, Euro]]:
    """Return what money has brought for each invoice of a joint notice, the oldest first: one query."""
    rows = JointPayment.objects.filter(source=source).values_list("invoice_id").annotate(Sum("cents")).order_by("invoice_id")
    return [(invoice_id, Euro(cents)) for invoice_id, cents in rows]


def _parts(**which: object) -> list[Part]:
    rows = JointPart.objects.filter(**which).order_by("request_id", "invoice_id")
    found = rows.values_list("request_id", "invoice_id", "cents")
    return [Part(request_id, invoice_id, Euro(cents)) for request_id, invoice_id, cents in found]
