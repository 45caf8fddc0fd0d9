"""Receipts: kept as they came, then as they were understood, then booked or put before the office."""

import hashlib
from datetime import datetime

from campanella.domains.payments import operations as payments
from campanella.domains.payments import rules, statements
from campanella.domains.payments.events import ReceiptKept, ReceiptParked
from campanella.domains.payments.gateways.pagopa.messages import ReceiptMessage
from campanella.domains.payments.models import PaymentRequest, Receipt
from campanella.foundation.core import audit, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.events import publish
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import operation

audit.sentences(
    {
        "receipt.booked": "ricevuta di {amount}, IUR {iur}",
        "receipt.parked": "ricevuta di {amount} messa da parte: {reason}",
        "receipt.closed": "ha chiuso senza accredito la ricevuta {iur}",
        "receipt.resolved": "ha sistemato la ricevuta {iur}",
    }
)


def keep_raw(*, body: bytes, municipality_id: int | None, now: datetime) -> int:
    """
    Keep what arrived, byte for byte; the same bytes are kept once.

    :returns: the id under which it is kept
    """
    values = {"town": municipality_id, "sha256": hashlib.sha256(body).hexdigest(), "body": body, "now": now}
    (message_id,) = (sql.rows(statements.KEEP, values) or sql.rows(statements.KEPT, values))[0]
    return int(message_id)


@operation
def keep_receipt(*, message_id: int, message: ReceiptMessage, now: datetime) -> Receipt | None:
    """
    Keep an understood receipt once, and ask for its booking.

    :returns: None when the town has this receipt already
    """
    payer, town = message.payer or message.debtor, message.caller.tax_code
    ours = sum(transfer.cents for transfer in message.transfers if transfer.tax_code == town)
    receipt, made = Receipt.objects.get_or_create(
        receipt_id=message.receipt_id,
        defaults={
            "message_id": message_id, "notice_number": message.notice_number, "amount_cents": message.amount_cents,
            "issuer_tax_code": "" if message.creditor_tax_code == town else message.creditor_tax_code,
            "others_cents": message.amount_cents - ours,
            "paid_at": message.paid_at, "kept_at": now, "payer_tax_code": payer.tax_code[:16], "payer_name": payer.name[:70],
            "psp_name": message.psp_name[:70], "psp_tax_code": message.psp_tax_code, "method": message.payment_method,
            "fee_cents": message.fee_cents, "applied_on": message.applied_on, "stand_in": message.stand_in,
        },
    )  # fmt: skip
    if not made:
        return None
    publish(ReceiptKept(receipt_pk=receipt.pk))
    return receipt


@operation
def hold_receipt(*, receipt_pk: int) -> tuple[Receipt, PaymentRequest | None]:
    """
    Lock a receipt and the position it pays, for booking; another body's notice pays none of the town's.

    :raises NotFound: the town has no such receipt
    """
    receipt = Receipt.objects.select_for_update(no_key=True, of=("self",)).filter(pk=receipt_pk).first()
    if receipt is None:
        raise NotFound
    if receipt.issuer_tax_code:
        return receipt, None
    held = PaymentRequest.objects.select_for_update(no_key=True, of=("self",))
    return receipt, next(iter(held.filter(notice_number=receipt.notice_number)), None)


@operation
def note_booked(*, by: Actor, receipt: Receipt, request: PaymentRequest, now: datetime) -> None:
    """Note that a receipt is in the ledger and its position paid."""
    receipt.request, receipt.outcome = request, "booked"
    receipt.save(update_fields=["request", "outcome"])
    payments.note_paid(request=request, now=now)
    audit.record(
        by=by,
        action="receipt.booked",
        at=now,
        subjects=[f"child:{request.child_id}", f"position:{request.pk}", f"receipt:{receipt.pk}"],
        data={"amount": str(Euro(receipt.amount_cents)), "iur": receipt.receipt_id},
    )


@operation
def note_parked(*, by: Actor, receipt: Receipt, request: PaymentRequest | None, reason: str, now: datetime) -> None:
    """Put a receipt before the office: money moved, and somebody must say where it belongs."""
    receipt.request, receipt.outcome, receipt.reason = request, "parked", reason
    receipt.save(update_fields=["request", "outcome", "reason"])
    subjects = [f"receipt:{receipt.pk}"]
    if request:
        subjects += [f"child:{request.child_id}", f"position:{request.pk}"]
    audit.record(
        by=by,
        action="receipt.parked",
        at=now,
        subjects=subjects,
        data={"amount": str(Euro(receipt.amount_cents)), "reason": rules.REASONS[reason]},
    )
    publish(ReceiptParked(receipt_pk=receipt.pk))


@operation
def note_closed(*, by: Actor, receipt: Receipt, why: str, now: datetime) -> None:
    """Note that nothing is to be credited for a parked receipt: it was paid back, or is no money of a wallet."""
    receipt.outcome, receipt.resolved_at = "closed", now
    receipt.save(update_fields=["outcome", "resolved_at"])
    audit.record(
        by=by, action="receipt.closed", at=now, why=why, subjects=[f"receipt:{receipt.pk}"], data={"iur": receipt.receipt_id}
    )


@operation
def note_resolved(*, by: Actor, receipt: Receipt, child_id: int, why: str, now: datetime) -> None:
    """Note that the office has credited a parked receipt."""
    receipt.resolved_at = now
    receipt.save(update_fields=["resolved_at"])
    audit.record(
        by=by,
        action="receipt.resolved",
        at=now,
        why=why,
        subjects=[f"receipt:{receipt.pk}", f"child:{child_id}"],
        data={"iur": receipt.receipt_id},
    )
