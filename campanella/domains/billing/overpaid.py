"""Invoices that were paid beyond what they asked for, as the office and the family read them."""

from dataclasses import dataclass
from datetime import datetime

from campanella.domains.billing.models import Overpaid
from campanella.domains.billing.queries import numbers
from campanella.foundation.core.money import Euro

MOST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class OverpaidView:
    """A payment that brought too much, which the office has not looked at."""

    id: int
    invoice_id: int
    number: str
    payer_id: int | None
    amount: Euro
    at: datetime


def waiting() -> list[OverpaidView]:
    """Return what the office has not looked at, the oldest first: two queries, one where there is nothing."""
    rows = Overpaid.objects.filter(seen_at=None).order_by("id")[:MOST_SHOWN]
    found = list(rows.values_list("id", "invoice_id", "invoice__payer_id", "cents", "at"))
    named = numbers(invoice_ids=[one[1] for one in found]) if found else {}
    return [OverpaidView(pk, of, named.get(of, ""), payer, Euro(cents), at) for pk, of, payer, cents, at in found]


def of_invoice(*, invoice_id: int) -> Euro:
    """Return what was paid of an invoice beyond what it asked for: one query."""
    return Euro(sum(Overpaid.objects.filter(invoice_id=invoice_id).values_list("cents", flat=True)))
