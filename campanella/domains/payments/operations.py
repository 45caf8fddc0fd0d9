"""Making positions, opening carts, keeping receipts."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from campanella.domains.payments import rules
from campanella.domains.payments.events import ReceiptKept, ReceiptParked
from campanella.domains.payments.gateways.pagopa import notice_number
from campanella.domains.payments.gateways.pagopa.messages import ReceiptMessage
from campanella.domains.payments.models import Cart, CartLine, NoticeCounter, PaymentRequest, Receipt
from campanella.domains.people.models import Guardian
from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.events import publish
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id, operation

audit.sentences(
    {
        "position.made": "ha generato l’avviso {notice} di {amount}",
        "position.cancelled": "ha eliminato l’avviso {notice}",
        "receipt.booked": "ricevuta di {amount}, IUR {iur}",
        "receipt.parked": "ricevuta di {amount} messa da parte: {reason}",
        "receipt.resolved": "ha sistemato la ricevuta {iur}",
    }
)

# Thirteen digits that do not begin at nought, so that a number does not tell how many there were.
FIRST_BASE = 1_000_000_000_000


class NotOpen(Refusal):
    """The position is paid or was deleted."""

    message = "Questo avviso non è più da pagare: è già stato pagato oppure eliminato."


class Expired(Refusal):
    """The position is past its last day."""

    message = "Questo avviso è scaduto. Fai una nuova ricarica: bastano due passi."


class PaymentUnderWay(Refusal):
    """Somebody opened the payment page for this position and may still be paying."""

    message = (
        "Per questo importo c’è già un pagamento in corso. Se l’hai appena fatto, non pagare di nuovo: appena arriva la "
        "ricevuta lo vedi qui. Se ti sei fermato prima della fine, aspetta mezz’ora e riprova."
    )


@dataclass(frozen=True)
class Ask:
    """
    What a new position asks for.

    :ivar debtor_tax_code: of the payer, 16 characters
    :ivar description: travels to banks: never a child's name
    """

    wallet_id: int
    child_id: int
    payer: Guardian | None
    amount: Euro
    description: str
    service_name: str
    debtor_tax_code: str
    debtor_name: str
    iban: str
    taxonomy: str


@operation
def make_positions(
    *, by: Actor, asks: Sequence[Ask], segregation: int, due_on: date, is_notice: bool, now: datetime, order_key: str = ""
) -> list[PaymentRequest]:
    """
    Make positions, each with a notice number that is used once for ever.

    :param segregation: the two digits pagoPA gave to the town for these notices
    :param is_notice: the family asked for a notice to pay elsewhere
    :param order_key: of a form that may be sent twice; the second time gives what the first has made
    """
    first = _take_numbers(segregation=segregation, count=len(asks))
    # The counter is locked now: who sent the same order at the same moment has finished, and is seen.
    before = list(PaymentRequest.objects.filter(order_key=order_key).order_by("id")) if order_key else []
    if before:
        return before
    made = PaymentRequest.objects.bulk_create(
        PaymentRequest(
            wallet_id=ask.wallet_id, child_id=ask.child_id, payer=ask.payer,
            notice_number=notice_number.notice_number(segregation, first + i),
            amount_cents=ask.amount.cents, description=ask.description, service_name=ask.service_name,
            debtor_tax_code=ask.debtor_tax_code, debtor_name=ask.debtor_name[:70], iban=ask.iban, taxonomy=ask.taxonomy,
            made_at=now, made_by_id=by.actor_id, is_notice=is_notice, due_on=due_on, order_key=order_key,
        )
        for i, ask in enumerate(asks)
    )  # fmt: skip
    if len(made) <= 20:
        for request in made:
            audit.record(
                by=by, action="position.made", at=now,
                subjects=[f"child:{request.child_id}", f"position:{request.pk}"],
                data={"notice": request.notice_number, "amount": str(Euro(request.amount_cents))},
            )  # fmt: skip
    return made


@operation
def make_notice(*, request_id: int) -> None:
    """Put an open position among the notices to pay, for who began on-line and then wants the paper."""
    PaymentRequest.objects.filter(pk=request_id, state="open").update(is_notice=True)


@operation
def cancel_position(*, by: Actor, request_id: int, now: datetime) -> PaymentRequest:
    """
    Delete a notice: it stays as a tombstone, and a payment that arrives all the same is kept for the office.

    :raises NotOpen: it is paid or was deleted
    :raises PaymentUnderWay: somebody may be paying it right now
    """
    request = _held(request_id)
    if request.state != "open":
        raise NotOpen
    if is_under_way(request_ids=[request_id], now=now):
        raise PaymentUnderWay
    request.state, request.settled_at = "cancelled", now
    request.save(update_fields=["state", "settled_at"])
    audit.record(
        by=by, action="position.cancelled", at=now, subjects=[f"child:{request.child_id}", f"position:{request.pk}"],
        data={"notice": request.notice_number},
    )  # fmt: skip
    return request


@operation
def open_cart(*, user_id: int, email: str, requests: Sequence[PaymentRequest], now: datetime) -> Cart:
    """
    Write a visit to the payment page down before it begins; its token is ours.

    :raises NotOpen: a position is paid or was deleted
    :raises Expired: a position is past its last day
    :raises PaymentUnderWay: another visit for one of them may still end in a receipt
    """
    for request in sorted(requests, key=lambda request: request.pk):
        held = _held(request.pk)
        if held.state != "open":
            raise NotOpen
        if held.is_expired(clock.day_of(now)):
            raise Expired
    if is_under_way(request_ids=[request.pk for request in requests], now=now):
        raise PaymentUnderWay
    cart = Cart.objects.create(token=secrets.token_urlsafe(18), user_id=user_id, email=email, opened_at=now)
    CartLine.objects.bulk_create(CartLine(cart=cart, request=request) for request in requests)
    return cart


@operation
def note_address(*, token: str, address: str) -> None:
    """Note where pagoPA's page for a visit is."""
    Cart.objects.filter(token=token).update(address=address)


@operation
def close_cart(*, token: str, outcome: str) -> None:
    """Note how the browser came back (``ok``, ``cancelled``, ``failed``); it proves nothing about money."""
    Cart.objects.filter(token=token, outcome="").update(outcome=outcome)


def is_under_way(*, request_ids: Sequence[int], now: datetime) -> bool:
    """Tell whether a visit to the payment page for one of these positions may still end in a receipt."""
    since = now - timedelta(days=1)
    visits = Cart.objects.filter(lines__request_id__in=list(request_ids), opened_at__gt=since)
    return any(
        rules.is_under_way(opened_at=opened, outcome=outcome, now=now)
        for opened, outcome in visits.values_list("opened_at", "outcome")
    )


def keep_raw(*, body: bytes, municipality_id: int | None, now: datetime) -> int:
    """
    Keep what arrived, byte for byte; the same bytes are kept once.

    :returns: the id under which it is kept
    """
    digest = hashlib.sha256(body).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [municipality_id, digest, body, now])
        row = cursor.fetchone()
        if row is None:
            cursor.execute(_KEPT, [municipality_id, digest])
            row = cursor.fetchone()
    return int(row[0])


@operation
def keep_receipt(*, message_id: int, message: ReceiptMessage, now: datetime) -> Receipt | None:
    """
    Keep an understood receipt once, and ask for its booking.

    :returns: None when the town has this receipt already
    """
    payer = message.payer or message.debtor
    receipt, made = Receipt.objects.get_or_create(
        receipt_id=message.receipt_id,
        defaults={
            "message_id": message_id, "notice_number": message.notice_number, "amount_cents": message.amount_cents,
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
    """Lock a receipt and the position it pays, for booking."""
    receipt = Receipt.objects.select_for_update(no_key=True, of=("self",)).get(pk=receipt_pk)
    held = PaymentRequest.objects.select_for_update(no_key=True, of=("self",))
    return receipt, next(iter(held.filter(notice_number=receipt.notice_number)), None)


@operation
def note_booked(*, by: Actor, receipt: Receipt, request: PaymentRequest, now: datetime) -> None:
    """Note that a receipt is in the ledger and its position paid."""
    receipt.request, receipt.outcome = request, "booked"
    receipt.save(update_fields=["request", "outcome"])
    request.state, request.settled_at = "paid", now
    request.save(update_fields=["state", "settled_at"])
    audit.record(
        by=by, action="receipt.booked", at=now,
        subjects=[f"child:{request.child_id}", f"position:{request.pk}", f"receipt:{receipt.pk}"],
        data={"amount": str(Euro(receipt.amount_cents)), "iur": receipt.receipt_id},
    )  # fmt: skip


@operation
def note_parked(*, by: Actor, receipt: Receipt, request: PaymentRequest | None, reason: str, now: datetime) -> None:
    """Put a receipt before the office: money moved, and somebody must say where it belongs."""
    receipt.request, receipt.outcome, receipt.reason = request, "parked", reason
    receipt.save(update_fields=["request", "outcome", "reason"])
    subjects = [f"receipt:{receipt.pk}"]
    if request:
        subjects += [f"child:{request.child_id}", f"position:{request.pk}"]
    audit.record(
        by=by, action="receipt.parked", at=now, subjects=subjects,
        data={"amount": str(Euro(receipt.amount_cents)), "reason": rules.REASONS[reason]},
    )  # fmt: skip
    publish(ReceiptParked(receipt_pk=receipt.pk))


@operation
def note_resolved(*, by: Actor, receipt: Receipt, child_id: int, why: str, now: datetime) -> None:
    """Note that the office has said where a parked receipt belongs."""
    receipt.resolved_at = now
    receipt.save(update_fields=["resolved_at"])
    audit.record(
        by=by, action="receipt.resolved", at=now, why=why, subjects=[f"receipt:{receipt.pk}", f"child:{child_id}"],
        data={"iur": receipt.receipt_id},
    )  # fmt: skip


def _held(request_id: int) -> PaymentRequest:
    held = PaymentRequest.objects.select_for_update(no_key=True, of=("self",)).filter(pk=request_id).first()
    if held is None:
        raise NotFound
    return held


def _take_numbers(*, segregation: int, count: int) -> int:
    """Take numbers from the town's counter, locked until the end of the transaction; gaps after a rollback are harmless."""
    NoticeCounter.objects.bulk_create(
        [NoticeCounter(segregation=segregation, next_base=FIRST_BASE + secrets.randbelow(FIRST_BASE))],
        ignore_conflicts=True,
    )
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [count, active_town_id(), segregation, count])
        return int(cursor.fetchone()[0])


_TAKE = """
update payments_noticecounter set next_base = next_base + %s
 where municipality_id = %s and segregation = %s returning next_base - %s
"""

_KEEP = """
insert into payments_inboundmessage (municipality_id, sha256, body, received_at) values (%s, %s, %s, %s)
on conflict do nothing returning id
"""

_KEPT = "select id from payments_inboundmessage where municipality_id is not distinct from %s and sha256 = %s"
