"""Invoices that are paid beyond what they asked for: put before the office, and looked at."""

from datetime import datetime

from campanella.domains.billing.models import Overpaid
from campanella.domains.billing.queries import numbers
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import operation

audit.sentences({"invoice.overpaid": "ha visto che la fattura {number} è stata pagata più del dovuto: {amount} nel credito"})


@operation
def note(*, invoice_id: int, source: str, cents: int, now: datetime, seen_by: Actor | None = None) -> None:
    """
    Put before the office that a payment has brought too much for an invoice; noted before, it stays.

    :param seen_by: who of the office has booked it by hand: it needs no second look
    """
    seen = {"seen_at": now, "seen_by_id": seen_by.actor_id} if seen_by else {}
    Overpaid.objects.get_or_create(source=source, invoice_id=invoice_id, defaults={"cents": cents, "at": now, **seen})


@operation
def note_seen(*, by: Actor, overpaid_id: int, now: datetime) -> None:
    """
    Write down that the office has looked at it; the first time counts.

    :raises NotFound: the town has none of this id
    """
    found = Overpaid.objects.select_related("invoice").filter(pk=overpaid_id).first()
    if found is None:
        raise NotFound
    if Overpaid.objects.filter(pk=overpaid_id, seen_at=None).update(seen_at=now, seen_by_id=by.actor_id):
        audit.record(
            by=by,
            action="invoice.overpaid",
            at=now,
            subjects=[f"invoice:{found.invoice_id}", f"guardian:{found.invoice.payer_id}"],
            data={"number": numbers(invoice_ids=[found.invoice_id])[found.invoice_id], "amount": str(Euro(found.cents))},
        )
