"""From the wish to the credit: what may be wished, booking once, what waits, how the office settles it."""

from datetime import timedelta
from typing import Any

import pytest

from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger import verify
from campanella.domains.payments import operations as payments
from campanella.domains.payments.gateways.base import GatewayUnavailable
from campanella.domains.payments.gateways.pagopa import checkout, notice_number
from campanella.domains.payments.models import Cart, PaymentRequest, Receipt
from campanella.domains.payments.receipts import queries as receipts
from campanella.foundation.core import audit, clock
from campanella.foundation.core.errors import NotFound
from campanella.usecases import top_up
from campanella.usecases.pagopa import parked
from campanella.usecases.pagopa import visit as pagopa_visit
from tests.paying import prepare, receive, wish
from tests.towns import OFFICE, Cast, Family


def go(family: Family, *requests: PaymentRequest) -> str:
    ids = [request.pk for request in requests]
    return pagopa_visit.go_to_checkout(by=family.user, request_ids=ids, email="", now=clock.now())


def test_each_wish_becomes_a_position_of_its_payer(valle: Cast, ready: Family) -> None:
    anna, bus = prepare(valle, ready, wish(valle), wish(valle, cents=1500, service="scuolabus"))

    assert (anna.amount_cents, bus.amount_cents) == (2000, 1500)
    assert (anna.service_name, bus.service_name) == ("Refezione", "Scuolabus")
    assert anna.taxonomy != bus.taxonomy
    assert (anna.debtor_tax_code, anna.debtor_name) == ("RSSMRA85T10A562S", "Maria Addolorata Rossi")
    assert anna.due_on == clock.today() + timedelta(days=30)
    assert notice_number.is_valid(anna.notice_number)
    assert anna.notice_number != bus.notice_number
    assert "Anna" not in anna.description
    assert "Rossi" not in anna.description


@pytest.mark.parametrize(
    ("cents", "fits"), [(499, False), (500, True), (50000, True), (50001, False), (0, False), (-500, False)]
)
def test_an_amount_stays_within_the_town_s_limits(valle: Cast, ready: Family, cents: int, fits: bool) -> None:
    if fits:
        assert prepare(valle, ready, wish(valle, cents=cents))[0].amount_cents == cents
        return
    with pytest.raises(top_up.AmountOutOfRange):
        prepare(valle, ready, wish(valle, cents=cents))
    assert not PaymentRequest.objects.exists()


def test_five_go_together_and_six_do_not(valle: Cast, ready: Family, pagopa: list[checkout.CheckoutCart]) -> None:
    five = prepare(valle, ready, *[wish(valle)] * 5)

    assert go(ready, *five) == "https://checkout.example/1"
    assert len(pagopa[0].notices) == 5
    with pytest.raises(top_up.TooManyPositions):
        prepare(valle, ready, *[wish(valle)] * 6)
    with pytest.raises(pagopa_visit.TooManyNotices):
        go(ready, *five, *prepare(valle, ready, wish(valle)))


def test_without_a_tax_code_nothing_is_made(valle: Cast, rossi: Family) -> None:
    with pytest.raises(top_up.DataMissing):
        prepare(valle, rossi, wish(valle))
    assert not PaymentRequest.objects.exists()


def test_another_family_s_wallet_or_position_is_not_there(valle: Cast, ready: Family) -> None:
    haddad = valle.families["haddad"]
    mine = prepare(valle, ready, wish(valle))[0]

    with pytest.raises(NotFound):
        prepare(valle, ready, wish(valle, "Amina"))
    for act in (
        lambda: go(haddad, mine),
        lambda: pagopa_visit.delete(by=haddad.user, request_id=mine.pk, now=clock.now()),
        lambda: pagopa_visit.ask_for_notice(by=haddad.user, request_id=mine.pk),
    ):
        with pytest.raises(NotFound):
            act()
    assert not Cart.objects.exists()


def test_one_form_is_one_order_and_another_amount_is_another(valle: Cast, ready: Family) -> None:
    first = prepare(valle, ready, wish(valle), nonce="n")
    again = prepare(valle, ready, wish(valle), nonce="n")
    other = prepare(valle, ready, wish(valle, cents=3000), nonce="n")

    assert first[0].pk == again[0].pk != other[0].pk


def test_a_receipt_is_booked_once(valle: Cast, ready: Family) -> None:
    request = prepare(valle, ready, wish(valle))[0]
    receipt = receive(request)

    for _ in range(3):
        top_up.book(receipt_pk=receipt.pk)

    request.refresh_from_db()
    assert (receipt.outcome, request.state) == ("booked", "paid")
    assert valle.balance("Anna") == 2000
    lines = wallets.movements_of(wallet_id=request.wallet_id)
    assert [(line.kind, line.amount.cents, line.source) for line in lines] == [("top_up", 2000, "receipt:iur-1")]
    assert verify.violations() == []


def deleted(request: PaymentRequest, at: Any) -> None:
    payments.cancel_position(by=OFFICE, request_id=request.pk, now=clock.now())


def expired(request: PaymentRequest, at: Any) -> None:
    at("2026-11-14 00:10")


def paid(request: PaymentRequest, at: Any) -> None:
    receive(request, iur="first")


def unchanged(request: PaymentRequest, at: Any) -> None:
    """The position is as it was."""


def renumbered(request: PaymentRequest, at: Any) -> None:
    request.notice_number = "301202600000000103"


@pytest.mark.parametrize(
    ("before", "cents", "reason"),
    [
        (deleted, 2000, "cancelled"),
        (expired, 2000, "expired"),
        (paid, 2000, "twice"),
        (renumbered, 2000, "unknown"),
        (unchanged, 1900, "amount"),
    ],
    ids=["cancelled", "expired", "twice", "unknown", "amount"],
)
def test_a_receipt_that_does_not_fit_waits_and_is_settled_once(
    valle: Cast, ready: Family, at: Any, before: Any, cents: int, reason: str
) -> None:
    request = prepare(valle, ready, wish(valle))[0]
    before(request, at)
    credit = valle.balance("Anna")

    receipt = receive(request, cents=cents)

    assert (receipt.outcome, receipt.reason) == ("parked", reason)
    assert valle.balance("Anna") == credit
    assert [view.receipt_id for view in receipts.parked()] == ["iur-1"]
    office, anna = valle.staff["office"], valle.wallet("Anna").pk
    parked.resolve(by=office, receipt_pk=receipt.pk, wallet_id=anna, why="è di Anna", now=clock.now())
    assert valle.balance("Anna") == credit + cents
    with pytest.raises(payments.NotOpen):
        parked.resolve(by=office, receipt_pk=receipt.pk, wallet_id=anna, why="ancora", now=clock.now())
    assert valle.balance("Anna") == credit + cents
    assert receipts.parked() == []
    assert audit.acts_on(subjects=[f"receipt:{receipt.pk}"])[0].why == "è di Anna"
    assert verify.violations() == []


@pytest.mark.parametrize("outcome", ["", "parked"])
def test_nobody_is_sent_to_pay_what_has_arrived_and_waits(
    valle: Cast, ready: Family, pagopa: list[checkout.CheckoutCart], outcome: str
) -> None:
    request = prepare(valle, ready, wish(valle))[0]
    Receipt.objects.create(
        receipt_id="iur-1",
        message_id=1,
        notice_number=request.notice_number,
        amount_cents=1,
        kept_at=clock.now(),
        psp_name="Banca",
        outcome=outcome,
    )
    with pytest.raises(payments.NotOpen):
        go(ready, request)
    assert pagopa == []


def test_a_second_tap_goes_to_the_page_of_the_first(
    valle: Cast, ready: Family, pagopa: list[checkout.CheckoutCart], at: Any
) -> None:
    request = prepare(valle, ready, wish(valle))[0]

    assert go(ready, request) == go(ready, request)
    assert len(pagopa) == Cart.objects.count() == 1
    at("08:49")
    with pytest.raises(payments.PaymentUnderWay):
        go(ready, request)


def test_a_double_tap_while_pagopa_is_answering_waits_for_the_first(
    valle: Cast, ready: Family, pagopa: list[checkout.CheckoutCart], monkeypatch: pytest.MonkeyPatch
) -> None:
    request = prepare(valle, ready, wish(valle))[0]
    cart = payments.open_cart(user_id=ready.user.pk, email="", requests=[request], now=clock.now())
    waits: list[float] = []

    def answer(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            payments.note_address(token=cart.token, address="https://checkout.example/first")

    monkeypatch.setattr(pagopa_visit, "sleep", answer)

    assert go(ready, request) == "https://checkout.example/first"
    assert pagopa == []


def test_pagopa_that_does_not_answer_leaves_the_position_free(
    valle: Cast, ready: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: Any, **__: Any) -> str:
        raise GatewayUnavailable("Non risponde.")

    monkeypatch.setattr(checkout, "open_cart", silent)
    request = prepare(valle, ready, wish(valle))[0]

    with pytest.raises(pagopa_visit.CheckoutFailed, match="Non risponde"):
        go(ready, request)
    assert Cart.objects.get().outcome == "failed"
    pagopa_visit.delete(by=ready.user, request_id=request.pk, now=clock.now())


def test_what_is_sent_to_pagopa_names_no_child_and_comes_back_by_token(
    valle: Cast, ready: Family, pagopa: list[checkout.CheckoutCart]
) -> None:
    go(ready, *prepare(valle, ready, wish(valle), wish(valle, "Luca", 3100)))

    sent = pagopa[0]
    assert sent.id == Cart.objects.get().token
    assert sent.ok_url.endswith(f"/pagamenti/ritorno/{sent.id}/ok/")
    assert not any(name in str(sent) for name in ("Anna", "Luca", "Rossi"))
