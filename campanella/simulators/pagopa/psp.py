"""
A PSP that pays notices through the Node: verify, activate, check, receipt.

Whoever presents chooses what goes wrong: late, double, repeated or missing receipts, wrong amounts.
"""

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from campanella.simulators import amounts, clock
from campanella.simulators.pagopa import notices, receipts
from campanella.simulators.pagopa.deliveries import Deliveries
from campanella.simulators.pagopa.messages import Notice, Position, Subject, Transfer
from campanella.simulators.pagopa.payments import Payment, Payments
from campanella.simulators.pagopa.receipts import Receipt
from campanella.simulators.pagopa.station import SEND, Addressee, Call, Query, Station, choose_style


@dataclass(frozen=True)
class Order:
    """
    What is to be paid and how.

    `delay_seconds` None means that the receipt never leaves by itself; `amount_cents` forces an amount
    other than the creditor's, `expected_cents` refuses any other than the cart's, `printed_cents` is what the
    QR code says; `stop_after` is "verify" or "get"; `twice` pays with a second receipt.
    """

    notice_number: str
    fiscal_code: str
    version: int = 2
    prefixes: str | None = None
    method: str = "carta"
    fee_cents: int = 100
    delay_seconds: float | None = 0
    duplicates: int = 1
    parallel: bool = False
    twice: bool = False
    receipt_id: str | None = None
    payment_note: str | None = None
    stop_after: str | None = None
    amount_cents: int | None = None
    expected_cents: int | None = None
    printed_cents: int | None = None
    payer_tax_code: str | None = None
    id_pa: str | None = None
    broker: str | None = None
    station: str | None = None


@dataclass
class Activation:
    """How far one order came: the calls made, what they told, and why it stopped if it did."""

    order: Order
    calls: list[Call] = field(default_factory=list)
    notice: Notice | None = None
    position: Position | None = None
    problem: str | None = None


class Psp:
    """The PSP and the Node between it and the creditor."""

    def __init__(
        self, *, station: Station, deliveries: Deliveries, payments: Payments, broker: str, station_id: str
    ) -> None:
        self.payments = payments
        self._station = station
        self._deliveries = deliveries
        self._broker = broker
        self._station_id = station_id

    def addressee(self, order: Order) -> Addressee:
        """The identifiers of the creditor's station, unless the order forces wrong ones."""
        return Addressee(
            id_pa=order.id_pa or order.fiscal_code,
            broker=order.broker or self._broker,
            station=order.station or self._station_id,
        )

    def verify(self, order: Order) -> tuple[Call, Notice | None]:
        """Ask the creditor how much this notice is."""
        query = Query(order.notice_number, order.fiscal_code)
        return self._station.verify(to=self.addressee(order), query=query, style=order.prefixes)

    def activate(self, order: Order) -> Activation:
        """Verify, ask for the payment data and check them as the Node does."""
        activation = Activation(order)
        call, activation.notice = self.verify(order)
        activation.calls.append(call)
        if activation.notice is None:
            activation.problem = notices.explain(call.fault_code)
        elif order.stop_after != "verify":
            self._get(activation, activation.notice)
        return activation

    def pay(self, order: Order, *, origin: str, wait: bool) -> Payment:
        """Pay one notice; `wait` sends a receipt without delay before returning."""
        return self.settle(self.activate(order), origin=origin, wait=wait)

    def settle(self, activation: Activation, *, origin: str, cart: str | None = None, wait: bool) -> Payment:
        """Record the payment and, when it went through, give its receipts."""
        payment = self.payments.add(_payment(activation, origin, cart))
        if activation.position is None or activation.problem or activation.order.stop_after:
            return payment
        order = activation.order
        at = clock.now()
        first = _receipt(activation, activation.position, order.receipt_id or receipts.new_receipt_id())
        given = [replace(first, paid_at=at)]
        if order.twice:
            given.append(replace(first, paid_at=at, receipt_id=receipts.new_receipt_id()))
        return self.give(given, order=order, payment=payment, wait=wait)

    def give(self, given: list[Receipt], *, order: Order, payment: Payment, wait: bool) -> Payment:
        """Queue the receipts of a payment as often as the order wants; send them now if there is no delay."""
        now = wait and order.delay_seconds == 0
        queued = [
            self._queue(receipt, order, payment, delay_seconds=None if now else order.delay_seconds)
            for receipt in given
            for _ in range(order.duplicates)
        ]
        payment = replace(payment, state="paid", receipts=[receipt.receipt_id for receipt in given])
        self.payments.save(payment)
        if now:
            calls = self._deliveries.send_all(queued, parallel=order.parallel)
            payment = replace(payment, calls=[*payment.calls, *(asdict(call) for call in calls)])
            self.payments.save(payment)
        return payment

    def _queue(self, receipt: Receipt, order: Order, payment: Payment, delay_seconds: float | None) -> int:
        style = choose_style(order.prefixes)
        return self._deliveries.add(
            payment=payment.id,
            receipt_id=receipt.receipt_id,
            operation=SEND[order.version],
            style=style,
            document=receipts.write(receipt, to=self.addressee(order), version=order.version, style=style),
            delay_seconds=delay_seconds,
        )

    def _get(self, activation: Activation, notice: Notice) -> None:
        order = activation.order
        query = Query(
            notice_number=order.notice_number,
            fiscal_code=order.fiscal_code,
            amount_cents=order.amount_cents or notice.amount_cents,
            payment_note=order.payment_note,
        )
        call, activation.position = self._station.activate(
            to=self.addressee(order), query=query, version=order.version, style=order.prefixes
        )
        activation.calls.append(call)
        if activation.position is None:
            activation.problem = notices.explain(call.fault_code)
        else:
            activation.problem = check(activation.position, order)


def check(position: Position, order: Order) -> str | None:
    """What the Node finds wrong in an activation: amounts that differ, transfers that do not add up."""
    total = sum(transfer.amount_cents for transfer in position.transfers)
    if total != position.amount_cents:
        due = amounts.to_page(position.amount_cents)
        return f"I versamenti fanno {amounts.to_page(total)}, l’importo è {due}."
    identifiers = [transfer.id for transfer in position.transfers]
    if len(set(identifiers)) != len(identifiers):
        return "Due versamenti hanno lo stesso idTransfer."
    if order.expected_cents is not None and position.amount_cents != order.expected_cents:
        return (
            f"Il carrello dice {amounts.to_page(order.expected_cents)}, "
            f"l’ente ora chiede {amounts.to_page(position.amount_cents)}."
        )
    return None


def _receipt(activation: Activation, position: Position, receipt_id: str) -> Receipt:
    order = activation.order
    cents = order.amount_cents or position.amount_cents
    company = position.company_name or (activation.notice.company_name if activation.notice else "-")
    return Receipt(
        receipt_id=receipt_id,
        notice_number=order.notice_number,
        fiscal_code=order.fiscal_code,
        creditor_reference_id=position.creditor_reference_id,
        amount_cents=cents,
        description=position.description,
        company_name=company,
        office_name=position.office_name,
        debtor=position.debtor,
        transfers=_fit(position.transfers, cents),
        paid_at=clock.now(),
        payer=_payer(order, position.debtor),
        method=order.method,
        fee_cents=order.fee_cents,
        payment_note=order.payment_note,
        metadata=position.metadata,
    )


def _fit(transfers: tuple[Transfer, ...], cents: int) -> tuple[Transfer, ...]:
    """Move a forced amount onto the first transfer, so that the receipt still adds up when it can."""
    difference = cents - sum(transfer.amount_cents for transfer in transfers)
    first = transfers[0]
    return (replace(first, amount_cents=max(1, first.amount_cents + difference)), *transfers[1:])


def _payer(order: Order, debtor: Subject) -> Subject | None:
    if order.payer_tax_code:
        return Subject("F", order.payer_tax_code, (("fullName", "Pagatore Simulato"),))
    return debtor if debtor.code != "ANONIMO" else None


def _payment(activation: Activation, origin: str, cart: str | None) -> Payment:
    order, notice, position = activation.order, activation.notice, activation.position
    if activation.problem:
        state = "refused"
    elif position:
        state = "activated"
    else:
        state = "verified"
    told: Any = position or notice
    return Payment(
        id=receipts.new_receipt_id(),
        at=clock.now().isoformat(timespec="seconds"),
        origin=origin,
        cart=cart,
        notice_number=order.notice_number,
        fiscal_code=order.fiscal_code,
        amount_cents=order.amount_cents or (told.amount_cents if told else None),
        description=told.description if told else None,
        company_name=(notice.company_name if notice else None),
        state=state,
        problem=activation.problem,
        receipts=[],
        calls=[asdict(call) for call in activation.calls],
    )
