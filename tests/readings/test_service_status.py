"""The page of the service's state tells what is known of payments, not what one hopes."""

from datetime import timedelta

import pytest

from campanella.domains.payments.gateways.base import GatewayError
from campanella.domains.payments.gateways.pagopa import checkout
from campanella.domains.payments.models import Receipt
from campanella.foundation.core import clock
from campanella.readings.service_status import PartStatus, service_status
from campanella.usecases.pagopa import visit
from tests.paying import pagopa, prepare, ready, receive, wish
from tests.towns import Cast, Family, tell_again, without_account

__all__ = ["pagopa", "ready"]


def payments(minutes: int = 0) -> PartStatus:
    """Look at the payments, some minutes from now."""
    return next(p for p in service_status(now=clock.now() + timedelta(minutes=minutes)) if p.name == "Pagamenti")


def go(valle: Cast, ready: Family) -> None:
    """Go to pagoPA for a new position."""
    (request,) = prepare(valle, ready, wish(valle))
    visit.go_to_checkout(by=ready.user, request_ids=[request.pk], email="rossi@posta.example", now=clock.now())


def test_payments_work_while_receipts_become_credit(valle: Cast, ready: Family) -> None:
    assert payments().sentence == "Non è ancora arrivata nessuna ricevuta di pagoPA."
    receive(prepare(valle, ready, wish(valle))[0])

    assert payments(60).works
    assert payments(60).sentence == "Le ricevute di pagoPA arrivano."


def test_a_receipt_that_is_not_booked_for_long_is_told(valle: Cast) -> None:
    Receipt.objects.create(
        receipt_id="iur", message_id=1, notice_number="3" * 18, amount_cents=100, paid_at=clock.now(), kept_at=clock.now()
    )

    assert payments(4).works
    assert not payments(6).works
    assert "credito si aggiorna con ritardo" in payments(6).sentence


def test_a_page_that_pagopa_did_not_open_is_told_until_one_opens(
    valle: Cast, ready: Family, pagopa: list[checkout.CheckoutCart]
) -> None:
    def silent(*_: object, **__: object) -> str:
        raise GatewayError("pagoPA non risponde.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checkout, "open_cart", silent)
        with pytest.raises(visit.CheckoutFailed):
            go(valle, ready)
    assert "pagoPA non ha aperto la pagina" in payments().sentence
    assert payments(31).works, "an old refusal says nothing of now"

    go(valle, ready)

    assert payments().works


def test_a_town_without_an_account_says_so(valle: Cast) -> None:
    without_account(valle.town)
    tell_again()

    assert not payments().works
    assert "il Comune deve ancora indicare il suo conto" in payments().sentence
