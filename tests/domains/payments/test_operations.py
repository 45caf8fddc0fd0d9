"""Positions, carts and receipts, without the other domains."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from campanella.domains.payments import operations as payments
from campanella.domains.payments.gateways.pagopa import notice_number
from campanella.domains.payments.models import Cart, InboundMessage, PaymentRequest, Receipt
from campanella.domains.payments.operations import Ask
from campanella.domains.payments.receipts import operations as receiving
from campanella.foundation.core import audit, clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro
from tests.towns import IBAN, OFFICE, Cast

DUE = date(2026, 11, 13)


def make(
    valle: Cast, *cents: int, order_key: str = "", is_notice: bool = True, segregation: int = 1
) -> list[PaymentRequest]:
    """Make positions for Anna, one for each amount."""
    wallets = [valle.wallet("Anna", service).pk for service in ("mensa", "scuolabus")]
    asks = [
        Ask(
            wallet_id=wallets[place % 2],
            child_id=valle.child("Anna").pk,
            payer=None,
            amount=Euro(amount),
            description="Ricarica Refezione",
            service_name="Refezione",
            debtor_tax_code="RSSMRA85T10A562S",
            debtor_name="Maria Addolorata Rossi",
            iban=IBAN,
            taxonomy="9/0107101TS/",
        )
        for place, amount in enumerate(cents)
    ]
    return payments.make_positions(
        by=OFFICE, asks=asks, segregation=segregation, due_on=DUE, is_notice=is_notice, now=clock.now(), order_key=order_key
    )


def open_cart(*requests: PaymentRequest) -> Cart:
    return payments.open_cart(user_id=7, email="", requests=requests, now=clock.now())


def test_notice_numbers_are_valid_and_used_once_for_ever(valle: Cast) -> None:
    numbers = [request.notice_number for _ in range(4) for request in make(valle, *[2000] * 25, segregation=47)]

    assert len(set(numbers)) == 100
    assert all(notice_number.is_valid(number) and number.startswith("347") for number in numbers)


def test_each_segregation_counts_for_itself(valle: Cast) -> None:
    one, other = make(valle, 2000)[0], make(valle, 2000, segregation=2)[0]

    assert (one.notice_number[:3], other.notice_number[:3]) == ("301", "302")


def test_a_position_asks_for_something(valle: Cast) -> None:
    with pytest.raises(IntegrityError, match="a_position_asks_for_something"), transaction.atomic():
        make(valle, 0)


def test_the_same_order_twice_is_one(valle: Cast) -> None:
    first = make(valle, 2000, 3000, order_key="k")
    again = make(valle, 2000, 3000, order_key="k")

    assert [request.pk for request in again] == [request.pk for request in first]
    assert PaymentRequest.objects.count() == 2


def test_the_database_holds_an_order_to_one_position_a_wallet(valle: Cast) -> None:
    made = make(valle, 2000, order_key="k")[0]
    made.pk, made.notice_number = None, "301000000000000000"

    with pytest.raises(IntegrityError, match="one_position_per_order_and_wallet"), transaction.atomic():
        made.save()


def test_positions_without_an_order_do_not_meet(valle: Cast) -> None:
    assert make(valle, 2000)[0].pk != make(valle, 2000)[0].pk


def test_a_deleted_notice_stays_as_a_tombstone_and_in_the_history(valle: Cast) -> None:
    request = make(valle, 2000)[0]

    payments.cancel_position(by=OFFICE, request_id=request.pk, now=clock.now())

    kept = PaymentRequest.objects.get(pk=request.pk)
    assert (kept.state, kept.settled_at) == ("cancelled", clock.now())
    acts = audit.acts_on(subjects=[f"position:{request.pk}"])
    assert acts[0].sentence == f"ha eliminato l’avviso {request.notice_number}"
    with pytest.raises(payments.NotOpen):
        payments.cancel_position(by=OFFICE, request_id=request.pk, now=clock.now())


def test_what_may_be_paid_right_now_is_not_deleted(valle: Cast, at: Any) -> None:
    request = make(valle, 2000)[0]
    cart = open_cart(request)

    with pytest.raises(payments.PaymentUnderWay):
        payments.cancel_position(by=OFFICE, request_id=request.pk, now=clock.now())
    payments.close_cart(token=cart.token, outcome="cancelled")
    assert payments.cancel_position(by=OFFICE, request_id=request.pk, now=clock.now()).state == "cancelled"


def test_a_second_visit_waits_for_the_first(valle: Cast, at: Any) -> None:
    one, other = make(valle, 2000, 3000)
    open_cart(one)

    with pytest.raises(payments.PaymentUnderWay):
        open_cart(one, other)
    assert open_cart(other)
    at("09:17")
    assert open_cart(one)


@pytest.mark.parametrize("outcome", ["cancelled", "failed"])
def test_a_visit_that_was_refused_frees_its_positions(valle: Cast, outcome: str) -> None:
    request = make(valle, 2000)[0]
    payments.close_cart(token=open_cart(request).token, outcome=outcome)

    assert open_cart(request)


def test_the_first_word_of_the_browser_holds(valle: Cast) -> None:
    cart = open_cart(make(valle, 2000)[0])

    payments.close_cart(token=cart.token, outcome="ok")
    payments.close_cart(token=cart.token, outcome="cancelled")

    assert Cart.objects.get().outcome == "ok"


def test_what_is_expired_deleted_or_unknown_gets_no_visit(valle: Cast, at: Any) -> None:
    request, other = make(valle, 2000, 3000)
    payments.cancel_position(by=OFFICE, request_id=other.pk, now=clock.now())

    with pytest.raises(payments.NotOpen):
        open_cart(request, other)
    at("2026-11-14 00:01")
    with pytest.raises(payments.Expired):
        open_cart(request)
    with pytest.raises(NotFound):
        payments.cancel_position(by=OFFICE, request_id=request.pk + 10**6, now=clock.now())
    assert not Cart.objects.exists()


def test_a_payment_begun_on_line_becomes_a_notice(valle: Cast) -> None:
    request = make(valle, 2000, is_notice=False)[0]

    payments.make_notice(request_id=request.pk)

    assert PaymentRequest.objects.get().is_notice
    payments.cancel_position(by=OFFICE, request_id=request.pk, now=clock.now() + timedelta(hours=1))


def test_the_same_bytes_are_kept_once_a_town_or_for_nobody(valle: Cast) -> None:
    town = valle.town.id
    kept = [receiving.keep_raw(body=b"<x/>", municipality_id=whose, now=clock.now()) for whose in (town, town, None, None)]

    assert kept[0] == kept[1] != kept[2] == kept[3]
    assert bytes(InboundMessage.objects.get(pk=kept[0]).body) == b"<x/>"


def test_a_notice_whose_money_is_here_is_not_deleted(valle: Cast) -> None:
    """The node was answered OK a moment ago, and the worker has not booked the receipt yet."""
    (request,) = make(valle, 2000)
    Receipt.objects.create(
        receipt_id="iur-8",
        message_id=1,
        notice_number=request.notice_number,
        amount_cents=request.amount_cents,
        paid_at=clock.now(),
        kept_at=clock.now(),
    )

    with pytest.raises(payments.MoneyArrived, match="sono appena arrivati"):
        payments.cancel_position(by=OFFICE, request_id=request.pk, now=clock.now())
