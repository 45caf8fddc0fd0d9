"""The JSON control API of tests and presenters; README.md shows each call with curl."""

from dataclasses import asdict, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from campanella.simulators import clock
from campanella.simulators.pagopa import notices, receipts
from campanella.simulators.pagopa.carts import OUTCOMES, CartClosed
from campanella.simulators.pagopa.messages import Subject, Transfer
from campanella.simulators.pagopa.payments import Payment
from campanella.simulators.pagopa.psp import Order
from campanella.simulators.pagopa.receipts import Receipt
from campanella.simulators.simulators import Simulators
from campanella.simulators.web.checkout import find_cart
from campanella.simulators.web.http import BadRequest, Body, answer, of
from campanella.simulators.web.mail import find_message, turn_switch
from campanella.simulators.web.options import CHOICES, NOTICE, flag, only, read_options, read_order, text, whole

MADE_UP = frozenset(
    {
        "description", "company_name", "creditor_reference_id", "debtor_tax_code", "debtor_name", "iban",
        "remittance_information", "category", "fee_cents", "stand_in",
    }
)  # fmt: skip


def health(request: Request, body: Body) -> Response:
    """Alive, and what we think the time is."""
    return answer({"status": "ok", "now": clock.now(), "station_url": of(request).settings.station_url})


def reset(request: Request, body: Body) -> Response:
    """Forget carts, payments, receipts on their way, messages and switches."""
    of(request).store.reset()
    return answer({"status": "ok"})


def verify(request: Request, body: Body) -> Response:
    """What the creditor answers to paVerifyPaymentNotice."""
    call, notice = of(request).psp.verify(read_order(only(body, NOTICE, CHOICES)))
    return answer({"outcome": call.outcome, "call": call, "notice": notice})


def pay(request: Request, body: Body) -> Response:
    """Pay one notice; without delay the answers to the receipts are told too."""
    payment = of(request).psp.pay(read_order(only(body, NOTICE, CHOICES)), origin="api", wait=True)
    return answer(_told(of(request), payment))


def receipt(request: Request, body: Body) -> Response:
    """Send a receipt nobody asked for, from the given fields alone."""
    order = read_order(only(body, NOTICE, CHOICES, MADE_UP))
    given = _unasked(order, body)
    payment = Payment(
        id=receipts.new_receipt_id(),
        at=given.paid_at.isoformat(timespec="seconds"),
        origin="api-receipt",
        notice_number=order.notice_number,
        fiscal_code=order.fiscal_code,
        state="paid",
        amount_cents=given.amount_cents,
        description=given.description,
        company_name=given.company_name,
    )
    psp = of(request).psp
    payment = psp.give([given], order=order, payment=psp.payments.add(payment), wait=True)
    return answer(_told(of(request), payment))


def payments(request: Request, body: Body) -> Response:
    """The last payments, newest first, each with its deliveries."""
    simulators = of(request)
    wanted = request.query_params.get("notice_number")
    found = [payment for payment in simulators.payments.newest(200) if wanted in (None, payment.notice_number)]
    return answer({"payments": [_told(simulators, payment) for payment in found]})


def deliveries(request: Request, body: Body) -> Response:
    """The receipts not yet accepted."""
    return answer({"deliveries": of(request).deliveries.pending()})


def send_delivery(request: Request, body: Body) -> Response:
    """Send one of them now."""
    number = request.path_params["delivery"]
    call = of(request).deliveries.send(number)
    if call is None:
        return answer({"call": None, "error": f"delivery {number} does not wait: delivered, being sent, or unknown"}, 409)
    return answer({"call": call})


def act(request: Request, body: Body) -> Response:
    """Do with a cart what its page's buttons do, and tell where the browser would go."""
    outcome = only(body, CHOICES, frozenset({"outcome", "wait"})).get("outcome")
    if not isinstance(outcome, str) or outcome not in OUTCOMES:
        raise BadRequest(f"outcome: one of {', '.join(OUTCOMES)}")
    simulators, cart = of(request), find_cart(request)
    try:
        done = simulators.carts.act(cart, outcome=outcome, options=read_options(body), wait=flag(body, "wait"))
    except CartClosed:
        return answer({"error": "this cart is closed", "state": cart.state}, 409)
    paid = [_told(simulators, payment) for payment in done.payments]
    return answer({"state": done.cart.state, "redirect": done.redirect, "payments": paid})


def inbox(request: Request, body: Body) -> Response:
    """The messages, newest first; `?to=` searches the recipients."""
    mailbox = of(request).mailbox
    found = mailbox.newest(to=request.query_params.get("to", ""))
    return answer({"mode": mailbox.mode, "refusals_left": mailbox.refusals_left, "messages": found})


def message(request: Request, body: Body) -> Response:
    """One message with its parts; attachments are told by name, type and size."""
    found = find_message(request)
    files = [
        {
            "number": file.number,
            "name": file.name,
            "content_type": file.content_type,
            "bytes": len(file.content),
        }
        for file in found.attachments
    ]
    return answer({**asdict(replace(found, attachments=[])), "attachments": files})


def clear_inbox(request: Request, body: Body) -> Response:
    """Throw all messages away."""
    of(request).mailbox.clear()
    return answer({"status": "ok"})


def inbox_mode(request: Request, body: Body) -> Response:
    """Accept, refuse the next messages, or be down."""
    turn_switch(request, body)
    mailbox = of(request).mailbox
    return answer({"mode": mailbox.mode, "refusals_left": mailbox.refusals_left})


def _told(simulators: Simulators, payment: Payment) -> dict[str, Any]:
    return {**asdict(payment), "deliveries": simulators.deliveries.of(payment.id)}


def _unasked(order: Order, body: Body) -> Receipt:
    """A receipt made up from the body; what is missing gets a plausible value."""
    cents = order.amount_cents or 1000
    reference = text(body, "creditor_reference_id", most=35) or notices.iuv(order.notice_number)
    company = text(body, "company_name") or "Ente creditore"
    description = text(body, "description") or "Pagamento di prova"
    debtor = Subject(
        kind="F",
        code=text(body, "debtor_tax_code", most=16, least=2) or "ANONIMO",
        parts=(("fullName", text(body, "debtor_name", most=70) or "ANONIMO"),),
    )
    transfer = Transfer(
        id="1",
        amount_cents=cents,
        fiscal_code=order.fiscal_code,
        iban=text(body, "iban", most=35) or "IT60X0542811101000000123456",
        remittance_information=text(body, "remittance_information") or f"/RFB/{reference}/TXT/Prova",
        category=text(body, "category") or "9/0107101TS/",
        company_name=company,
    )
    return Receipt(
        receipt_id=order.receipt_id or receipts.new_receipt_id(),
        notice_number=order.notice_number,
        fiscal_code=order.fiscal_code,
        creditor_reference_id=reference,
        amount_cents=cents,
        description=description,
        company_name=company,
        debtor=debtor,
        transfers=[transfer],
        paid_at=clock.now(),
        payer=debtor if debtor.code != "ANONIMO" else None,
        method=order.method,
        fee_cents=whole(body, "fee_cents", least=0, most=100_000) or 0,
        payment_note=order.payment_note,
        stand_in=flag(body, "stand_in"),
    )
