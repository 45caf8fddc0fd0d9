"""Paying under many hands: one order, one visit, one credit."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from campanella.domains.ledger import verify
from campanella.domains.payments import operations as payments
from campanella.domains.payments.models import Cart, NoticeCounter, PaymentRequest, Receipt
from campanella.domains.payments.operations import PaymentUnderWay
from campanella.domains.people import mending
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import naming, scope
from campanella.usecases import top_up
from campanella.usecases.pagopa import visit
from campanella.usecases.top_up import Line
from tests.concurrency.conftest import all_at_once
from tests.paying import TAX_CODES
from tests.towns import OFFICE, Cast

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]
HANDS = 12


@pytest.fixture
def anna(town: Cast) -> int:
    """Anna's wallet, with nothing missing for paying."""
    with scope(town.town.id):
        code = TAX_CODES["Anna"]
        mending.write_child_tax_code(by=OFFICE, child_id=town.child("Anna").pk, tax_code=code, now=clock.now())
        return town.wallet("Anna").pk


def order(town: Cast, wallet: int, nonce: str) -> list[int]:
    """Send the form of the last step."""
    with scope(town.town.id):
        line, user = Line(wallet_id=wallet, amount=Euro(2000)), town.families["rossi"].user
        made = top_up.prepare(by=user, lines=[line], is_notice=True, now=clock.now(), nonce=nonce)
        return [request.pk for request in made.requests]


def test_one_form_sent_many_times_is_one_position(town: Cast, anna: int) -> None:
    results = all_at_once(lambda _: order(town, anna, "the-same-form"), HANDS)

    assert len({tuple(result) for result in results}) == 1
    with scope(town.town.id):
        assert PaymentRequest.objects.count() == 1


def test_many_forms_are_many_positions_with_numbers_of_their_own(town: Cast, anna: int) -> None:
    all_at_once(lambda number: order(town, anna, f"form-{number}"), HANDS)

    with scope(town.town.id):
        numbers = PaymentRequest.objects.values_list("notice_number", flat=True)
        assert len(set(numbers)) == len(numbers) == HANDS
        assert NoticeCounter.objects.count() == 1


def test_one_position_is_visited_by_one(town: Cast, anna: int) -> None:
    request_id = order(town, anna, "form")[0]

    def visit(number: int) -> str:
        with scope(town.town.id):
            request = PaymentRequest.objects.get(pk=request_id)
            return payments.open_cart(user_id=number, email="", requests=[request], now=clock.now()).token

    results: list[Any] = all_at_once(visit, HANDS)

    assert sum(isinstance(result, str) for result in results) == 1
    assert sum(isinstance(result, PaymentUnderWay) for result in results) == HANDS - 1
    with scope(town.town.id):
        assert Cart.objects.count() == 1


def test_one_receipt_booked_by_many_is_one_credit(town: Cast, anna: int) -> None:
    request_id = order(town, anna, "form")[0]
    with scope(town.town.id):
        number = PaymentRequest.objects.get(pk=request_id).notice_number
        receipt = Receipt.objects.create(
            receipt_id="iur", message_id=1, notice_number=number, amount_cents=2000, kept_at=clock.now()
        ).pk

    def book(_: int) -> None:
        with scope(town.town.id):
            top_up.book(receipt_pk=receipt)

    assert all_at_once(book, HANDS) == [None] * HANDS
    with scope(town.town.id):
        assert town.balance("Anna") == 2000
        assert verify.violations() == []


def test_a_pagopa_that_is_silent_holds_some_hands_never_all(
    town: Cast, anna: int, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """The third is told at once, and nothing of it is written down: its next try is its first."""
    asked, speaks = threading.Semaphore(0), threading.Event()

    def silent(*_: Any, **__: Any) -> str:
        asked.release()
        assert connections["default"].connection is None, "no connection waits with whoever waits"
        assert speaks.wait(60)
        return "https://checkout.example/page"

    monkeypatch.setattr(visit.checkout, "open_cart", silent)
    requests = [order(town, anna, f"form-{number}") for number in range(settings.CALLS_OUT + 1)]
    user = town.families["rossi"].user

    def pay(number: int) -> str:
        with naming(town.town.id), clock.standing_at(moment):
            return visit.go_to_checkout(by=user, request_ids=requests[number], email="", now=clock.now())

    moment = clock.now()
    with ThreadPoolExecutor(settings.CALLS_OUT) as hands:
        waiting = [hands.submit(pay, number) for number in range(settings.CALLS_OUT)]
        for _ in waiting:
            assert asked.acquire(timeout=60)
        with pytest.raises(visit.PagopaIsBusy, match="riprova tra un minuto"):
            pay(settings.CALLS_OUT)
        with scope(town.town.id):
            assert Cart.objects.count() == settings.CALLS_OUT
        speaks.set()
        assert {page.result() for page in waiting} == {"https://checkout.example/page"}
    assert pay(settings.CALLS_OUT) == "https://checkout.example/page"
