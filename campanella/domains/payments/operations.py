"""Making positions and opening carts. Receipts have writes of their own, in ``receipts``."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campanella.domains.payments import rules, statements
from campanella.domains.payments.gateways.pagopa import notice_number
from campanella.domains.payments.models import Cart, CartLine, NoticeCounter, PaymentRequest, PositionShare
from campanella.domains.payments.receipts import queries as receipts
from campanella.domains.people.models import Guardian
from campanella.foundation.core import audit, clock, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id, operation

audit.sentences(
    {
        "position.made": "ha generato l’avviso {notice} di {amount}",
        "position.cancelled": "ha eliminato l’avviso {notice}",
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


class MoneyArrived(NotOpen):
    """The receipt of this position was answered and waits to be booked."""

    message = "I soldi di questo avviso sono appena arrivati: tra poco sono nel credito, quindi non si elimina più."


class PaymentUnderWay(Refusal):
    """Somebody opened the payment page for this position and may still be paying."""

    message = (
        "Qualcuno ha aperto la pagina di pagoPA per questo importo, e forse sta pagando. Se è stato pagato, il credito sale "
        "da solo; se no, quel tentativo finisce entro mezz’ora."
    )


@dataclass(frozen=True, slots=True)
class Part:
    """What of a position is for one wallet."""

    wallet_id: int
    child_id: int
    amount: Euro


@dataclass(frozen=True)
class Ask:
    """
    What a new position asks for.

    :ivar parts: the wallets it pays, when they are several; they make the amount

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
    parts: tuple[Part, ...] = ()


@operation
def make_positions(
    *,
    by: Actor,
    asks: Sequence[Ask],
    segregation: int,
    due_on: date,
    is_notice: bool,
    now: datetime,
    order_key: str = "",
    asked_by: date | None = None,
) -> list[PaymentRequest]:
    """
    Make positions, each with a notice number that is used once for ever.

    :param segregation: the two digits pagoPA gave to the town for these notices
    :param is_notice: the family asked for a notice to pay elsewhere
    :param due_on: the last day on which they are taken
    :param asked_by: the day by which they are to be paid, when that is an earlier one
    :param order_key: of a form that may be sent twice; the second time gives what the first has made
    """
    first = _take_numbers(segregation=segregation, count=len(asks))
    # The counter is locked now: who sent the same order at the same moment has finished, and is seen.
    before = list(PaymentRequest.objects.filter(order_key=order_key).order_by("id")) if order_key else []
    if before:
        return before
    made = PaymentRequest.objects.bulk_create(
        PaymentRequest(
            wallet_id=ask.wallet_id,
            child_id=ask.child_id,
            payer=ask.payer,
            notice_number=notice_number.notice_number(segregation, first + i),
            amount_cents=ask.amount.cents,
            description=ask.description,
            service_name=ask.service_name,
            debtor_tax_code=ask.debtor_tax_code,
            debtor_name=ask.debtor_name[:70],
            iban=ask.iban,
            taxonomy=ask.taxonomy,
            made_at=now,
            made_by_id=by.actor_id,
            is_notice=is_notice,
            due_on=due_on,
            asked_by=asked_by,
            order_key=order_key,
        )
        for i, ask in enumerate(asks)
    )
    PositionShare.objects.bulk_create(
        PositionShare(request=request, wallet_id=part.wallet_id, child_id=part.child_id, cents=part.amount.cents)
        for request, ask in zip(made, asks, strict=True)
        if len(ask.parts) > 1
        for part in ask.parts
    )
    audit.record_each(
        by=by,
        action="position.made",
        at=now,
        told=[
            (
                (f"child:{request.child_id}", f"position:{request.pk}"),
                {"notice": request.notice_number, "amount": str(Euro(request.amount_cents))},
            )
            for request in made
        ],
    )
    return made


@operation
def make_notice(*, request_id: int) -> None:
    """Put an open position among the notices to pay, for who began on-line and then wants the paper."""
    PaymentRequest.objects.filter(pk=request_id, state="open").update(is_notice=True)


@operation
def hold_positions(*, request_ids: Sequence[int]) -> list[PaymentRequest]:
    """
    Hold positions until the end of the transaction, in the order of their ids.

    A receipt is booked under its position's lock, and takes the wallets after it: whoever needs both holds positions first.
    """
    held = PaymentRequest.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=list(request_ids))
    return list(held.order_by("id"))


@operation
def cancel_position(*, by: Actor, request_id: int, now: datetime) -> PaymentRequest:
    """
    Delete a notice: it stays as a tombstone, and a payment that arrives all the same is kept for the office.

    :raises NotOpen: it is paid or was deleted
    :raises MoneyArrived: its money is here, and not yet booked
    :raises PaymentUnderWay: somebody may be paying it right now
    """
    request = _held(request_id)
    if request.state != "open":
        raise NotOpen
    if receipts.money_waits(notice_number=request.notice_number):
        raise MoneyArrived
    if is_under_way(request_ids=[request_id], now=now):
        raise PaymentUnderWay
    request.state, request.settled_at = "cancelled", now
    request.save(update_fields=["state", "settled_at"])
    audit.record(
        by=by,
        action="position.cancelled",
        at=now,
        subjects=[f"child:{request.child_id}", f"position:{request.pk}"],
        data={"notice": request.notice_number},
    )
    return request


@operation
def cancel_positions(*, by: Actor, request_ids: Sequence[int], now: datetime) -> int:
    """
    Delete many positions that are open: a number of statements that does not grow.

    One whose money is here, or that somebody may be paying right now, is left: its payment is kept as every other.

    :returns: how many were deleted
    """
    held = PaymentRequest.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=list(request_ids), state="open")
    found = list(held.order_by("id"))
    since = now - timedelta(days=1)
    visits = CartLine.objects.filter(request_id__in=[one.pk for one in found], cart__opened_at__gt=since)
    being_paid = {
        request_id
        for request_id, opened, outcome in visits.values_list("request_id", "cart__opened_at", "cart__outcome")
        if rules.is_under_way(opened_at=opened, outcome=outcome, now=now)
    }
    arrived = receipts.numbers_waiting(notice_numbers=[one.notice_number for one in found])
    going = [one for one in found if one.pk not in being_paid and one.notice_number not in arrived]
    PaymentRequest.objects.filter(pk__in=[one.pk for one in going]).update(state="cancelled", settled_at=now)
    audit.record_each(
        by=by,
        action="position.cancelled",
        at=now,
        told=[((f"child:{one.child_id}", f"position:{one.pk}"), {"notice": one.notice_number}) for one in going],
    )
    return len(going)


@operation
def note_paid(*, request: PaymentRequest, now: datetime) -> None:
    """Note that the money of an open position has arrived; hold the position first."""
    request.state, request.settled_at = "paid", now
    request.save(update_fields=["state", "settled_at"])


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
    values = {"town": active_town_id(), "segregation": segregation, "count": count}
    (first,) = sql.rows(statements.TAKE_NUMBERS, values)[0]
    return int(first)
