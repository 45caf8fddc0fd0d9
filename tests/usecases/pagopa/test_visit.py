"""The visit to Checkout: what pagoPA is told, a second tap, and coming back."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.conf import settings

from campanella.domains.payments import operations as payments
from campanella.domains.payments.gateways.base import GatewayRefused
from campanella.domains.payments.gateways.pagopa import checkout
from campanella.domains.payments.models import Cart, PaymentRequest
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.models import AuditRow
from campanella.foundation.core.money import Euro
from campanella.usecases import top_up
from campanella.usecases.pagopa import visit
from tests.paying import pagopa, prepare, ready, wish
from tests.towns import Cast, Family

__all__ = ["pagopa", "ready"]


def go(family: Family, *requests: PaymentRequest, email: str = "") -> str:
    ids = [request.pk for request in requests]
    return visit.go_to_checkout(by=family.user, request_ids=ids, email=email, now=clock.now())


def test_checkout_is_told_the_notices_the_ways_back_and_the_address(
    valle: Cast, ready: Family, pagopa: list[checkout.CheckoutCart]
) -> None:
    one, two = prepare(valle, ready, wish(valle), wish(valle, "Luca", 3100))

    go(ready, two, one, one, email="rossi@posta.example")

    (sent,) = pagopa
    cart = Cart.objects.get()
    assert (cart.email, cart.user_id, cart.opened_at, cart.outcome) == (
        "rossi@posta.example",
        ready.user.pk,
        clock.now(),
        "",
    )
    assert cart.address == "https://checkout.example/1"
    assert [line.request_id for line in cart.lines.order_by("id")] == [one.pk, two.pk]
    assert (sent.id, sent.email) == (cart.token, "rossi@posta.example")
    assert [(n.notice_number, n.cents, n.description) for n in sent.notices] == [
        (one.notice_number, 2000, one.description),
        (two.notice_number, 3100, two.description),
    ]
    assert {(n.tax_code, n.company_name) for n in sent.notices} == {(valle.town.tax_code, "Comune di Valle")}
    back = f"{valle.town.host}/pagamenti/ritorno/{cart.token}/"
    for url, outcome in ((sent.ok_url, "ok"), (sent.cancel_url, "cancelled"), (sent.error_url, "failed")):
        assert url.partition("://")[2].replace(":8000", "") == f"{back}{outcome}/"


def test_checkout_is_asked_at_its_address_with_the_key_and_little_patience(
    valle: Cast, ready: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {}

    def open_cart(cart: checkout.CheckoutCart, **how: Any) -> str:
        asked.update(how)
        return "https://checkout.example/1"

    monkeypatch.setattr(checkout, "open_cart", open_cart)
    monkeypatch.setattr(settings, "PAGOPA_CHECKOUT_URL", "https://pagopa.example/ec")
    monkeypatch.setattr(settings, "PAGOPA_CHECKOUT_KEY", "key")
    go(ready, prepare(valle, ready, wish(valle))[0])

    assert (asked["base_url"], asked["key"]) == ("https://pagopa.example/ec", "key")
    assert isinstance(asked["client"], httpx.Client)
    assert asked["timeout"] == httpx.Timeout(8.0, connect=3.0)


def test_a_refusal_of_pagopa_is_told_in_its_words_and_frees_the_way(
    valle: Cast, ready: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> str:
        raise GatewayRefused("Non si può.")

    monkeypatch.setattr(checkout, "open_cart", refuse)
    (request,) = prepare(valle, ready, wish(valle))
    for _ in range(settings.CALLS_OUT + 1):  # a hand that is not given back would be missing soon
        with pytest.raises(visit.CheckoutFailed, match=r"^Non si può\.$"):
            go(ready, request)
    assert {cart.outcome for cart in Cart.objects.all()} == {"failed"}
    assert {cart.address for cart in Cart.objects.all()} == {""}


def test_as_many_as_may_wait_for_pagopa_and_no_more(
    valle: Cast, ready: Family, pagopa: list[checkout.CheckoutCart], monkeypatch: pytest.MonkeyPatch
) -> None:
    (request,) = prepare(valle, ready, wish(valle))
    for _ in range(settings.CALLS_OUT):
        assert visit._calls.acquire(blocking=False)
    try:
        with pytest.raises(visit.PagopaIsBusy):
            go(ready, request)
    finally:
        visit._calls.release(settings.CALLS_OUT)
    assert not Cart.objects.exists()
    go(ready, request)


def test_a_second_tap_of_other_positions_or_of_somebody_else_is_not_the_same_wish(
    valle: Cast, ready: Family, pagopa: list[checkout.CheckoutCart]
) -> None:
    one, two = prepare(valle, ready, wish(valle), wish(valle, "Luca"))
    go(ready, one)
    with pytest.raises(payments.PaymentUnderWay):
        go(ready, one, two)
    go(ready, two)
    assert len(pagopa) == 2


def test_the_second_tap_looks_fifteen_times_for_three_seconds(
    valle: Cast, ready: Family, pagopa: list[checkout.CheckoutCart], monkeypatch: pytest.MonkeyPatch
) -> None:
    (request,) = prepare(valle, ready, wish(valle))
    payments.open_cart(user_id=ready.user.pk, email="", requests=[request], now=clock.now())
    waits: list[float] = []
    monkeypatch.setattr(visit, "sleep", waits.append)
    with pytest.raises(payments.PaymentUnderWay):
        go(ready, request)
    assert waits == [0.2] * 15
    assert pagopa == []


def test_a_second_tap_after_the_first_has_failed_does_not_wait(
    valle: Cast, ready: Family, pagopa: list[checkout.CheckoutCart], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = prepare(valle, ready, wish(valle), wish(valle, "Luca"))
    go(ready, one)  # under way, so that the two together cannot go
    cart = payments.open_cart(user_id=ready.user.pk, email="", requests=[two], now=clock.now())
    payments.close_cart(token=cart.token, outcome="ok")
    monkeypatch.setattr(visit, "sleep", lambda _: pytest.fail("nothing is to be waited for"))
    with pytest.raises(payments.PaymentUnderWay):
        go(ready, two)


def test_a_visit_of_which_nothing_is_known_goes_back_to_its_page_for_ten_minutes(
    valle: Cast, ready: Family, pagopa: list[checkout.CheckoutCart]
) -> None:
    requests = prepare(valle, ready, wish(valle), wish(valle, "Luca"))
    go(ready, *requests, email="rossi@posta.example")
    first, began = Cart.objects.get(), clock.now()

    def again(seconds: int) -> str:
        return visit.try_again(by=ready.user, token=first.token, now=began + timedelta(seconds=seconds))

    assert again(599) == "https://checkout.example/1"
    assert len(pagopa) == 1
    assert again(600) == "https://checkout.example/2"
    first.refresh_from_db()
    second = Cart.objects.latest("id")
    assert (first.outcome, second.email, second.outcome) == ("cancelled", "rossi@posta.example", "")
    assert {line.request_id for line in second.lines.all()} == {request.pk for request in requests}
    with pytest.raises(NotFound):
        visit.try_again(by=valle.families["haddad"].user, token=first.token, now=began)


def test_a_visit_that_has_come_back_or_has_no_page_is_begun_anew(
    valle: Cast, ready: Family, pagopa: list[checkout.CheckoutCart]
) -> None:
    (request,) = prepare(valle, ready, wish(valle))
    go(ready, request)
    cart = Cart.objects.get()
    visit.come_back(by=ready.user, token=cart.token, outcome="failed")
    visit.come_back(by=ready.user, token=cart.token, outcome="ok")
    cart.refresh_from_db()
    assert cart.outcome == "failed", "the first word holds"
    assert visit.try_again(by=ready.user, token=cart.token, now=clock.now()) == "https://checkout.example/2"
    with pytest.raises(NotFound):
        visit.come_back(by=valle.families["haddad"].user, token=cart.token, outcome="ok")
    silent = payments.open_cart(
        user_id=ready.user.pk, email="", requests=prepare(valle, ready, wish(valle)), now=clock.now()
    )
    assert visit.try_again(by=ready.user, token=silent.token, now=clock.now()) == "https://checkout.example/3"


def test_a_position_becomes_a_notice_and_is_deleted_by_its_own_family(valle: Cast, ready: Family) -> None:
    lines = [wish(valle)]
    (request,) = top_up.prepare(by=ready.user, lines=lines, is_notice=False, now=clock.now()).requests
    visit.ask_for_notice(by=ready.user, request_id=request.pk)
    request.refresh_from_db()
    assert request.is_notice
    assert visit.own_position(user=ready.user, request_id=request.pk).pk == request.pk
    visit.delete(by=ready.user, request_id=request.pk, now=clock.now())
    request.refresh_from_db()
    assert (request.state, request.settled_at) == ("cancelled", clock.now())
    row = AuditRow.objects.get(action="position.cancelled")
    assert (row.actor_id, row.at) == (ready.user.pk, clock.now())
    with pytest.raises(NotFound):
        visit.own_position(user=ready.user, request_id=request.pk + 1000)
    assert Euro(request.amount_cents) == Euro(2000)
