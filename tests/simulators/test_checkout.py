"""Checkout: carts are validated like the official service, and the presenter decides how they end."""

from typing import Any

import httpx
import pytest

from tests.simulators.conftest import CREDITOR, NOTICE, Running
from tests.simulators.fake_station import FakeStation, ko

KEY = {"Ocp-Apim-Subscription-Key": "prova"}
RETURNS = {name: f"http://valle.localhost/{name}?c=1" for name in ("returnOkUrl", "returnCancelUrl", "returnErrorUrl")}
ITEM = {
    "noticeNumber": NOTICE,
    "fiscalCode": CREDITOR,
    "amount": 4650,
    "companyName": "Comune di Esempio",
    "description": "Mensa di ottobre",
}


def cart(**changes: Any) -> dict[str, Any]:
    return {"paymentNotices": [ITEM], "returnUrls": RETURNS, "idCart": "carrello-1", **changes}


def with_item(**changes: Any) -> dict[str, Any]:
    return cart(paymentNotices=[{**ITEM, **changes}])


def post(simulators: Running, body: object) -> httpx.Response:
    return simulators.http.post("/checkout/ec/v1/carts", json=body, headers=KEY)


def opened(simulators: Running, body: dict[str, Any] | None = None) -> str:
    answer = post(simulators, body or cart())
    assert answer.status_code == 302, answer.text
    location = answer.headers["location"]
    assert location.startswith(f"{simulators.http.base_url}/checkout/pay/".replace("//checkout", "/checkout"))
    return location.rsplit("/", 1)[1]


def test_a_cart_opens_its_page(simulators: Running) -> None:
    page = simulators.http.get(f"/checkout/pay/{opened(simulators)}")
    assert page.status_code == 200
    assert "47,50\N{NO-BREAK SPACE}€" in page.text
    assert "Simulatore" in page.text


@pytest.mark.parametrize(
    "good",
    [
        cart(emailNotice="a@b.it"),
        cart(allCCP=False),
        cart(allCCP="false"),
        cart(paymentNotices=[ITEM] * 5),
        with_item(amount=1),
        with_item(description="x" * 140),
        {name: value for name, value in cart().items() if name != "idCart"},
    ],
)
def test_good_carts(simulators: Running, good: dict[str, Any]) -> None:
    assert post(simulators, good).status_code == 302


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ([], "body"),
        (cart(paymentNotices=[]), "paymentNotices"),
        (cart(paymentNotices=[ITEM] * 6), "paymentNotices"),
        (cart(paymentNotices=["x"]), "paymentNotices[0]"),
        (with_item(noticeNumber="1" * 17), "noticeNumber"),
        (with_item(noticeNumber="1" * 19), "noticeNumber"),
        (with_item(noticeNumber=int(NOTICE)), "noticeNumber"),
        (with_item(fiscalCode="7777777777"), "fiscalCode"),
        (with_item(amount=0), "amount"),
        (with_item(amount=-1), "amount"),
        (with_item(amount=46.5), "amount"),
        (with_item(amount="4650"), "amount"),
        (with_item(amount=True), "amount"),
        (with_item(companyName="x" * 141), "companyName"),
        (with_item(description="x" * 141), "description"),
        (with_item(description=None), "description"),
        (cart(returnUrls=None), "returnUrls"),
        (cart(returnUrls={**RETURNS, "returnOkUrl": "www.comune.it/ok"}), "returnOkUrl"),
        (cart(returnUrls={**RETURNS, "returnErrorUrl": "javascript:alert(1)"}), "returnErrorUrl"),
        (cart(returnUrls={**RETURNS, "returnErrorUrl": "http://[x"}), "returnErrorUrl"),
        (cart(returnUrls={**RETURNS, "returnCancelUrl": None}), "returnCancelUrl"),
        (cart(emailNotice="nessuna"), "emailNotice"),
        (cart(idCart=7), "idCart"),
        (cart(allCCP=[]), "allCCP"),
    ],
)
def test_bad_carts_are_refused_by_name(simulators: Running, bad: object, field: str) -> None:
    answer = post(simulators, bad)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == 400
    assert field in problem["detail"]


def test_without_a_key_nothing_is_told(simulators: Running) -> None:
    assert simulators.http.post("/checkout/ec/v1/carts", json=cart()).status_code == 401


def test_a_notice_that_cannot_be_paid_is_unprocessable(simulators: Running, station: FakeStation) -> None:
    station.answers["paVerifyPaymentNotice"] = ko("PAA_PAGAMENTO_DUPLICATO")
    answer = post(simulators, cart())
    assert answer.status_code == 422
    assert "PAA_PAGAMENTO_DUPLICATO" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("outcome", "url", "receipts", "state"),
    [
        ("paga", "returnOkUrl", 1, "paid"),
        ("paga_e_chiude", None, 1, "paid"),
        ("rifiutata", "returnErrorUrl", 0, "rejected"),
        ("annulla", "returnCancelUrl", 0, "cancelled"),
        ("scaduta", "returnErrorUrl", 0, "expired"),
    ],
)
def test_every_ending(
    simulators: Running, station: FakeStation, outcome: str, url: str | None, receipts: int, state: str
) -> None:
    told = simulators.post(f"carts/{opened(simulators)}/act", outcome=outcome, wait=True)
    assert (told["redirect"], told["state"]) == (RETURNS[url] if url else None, state)
    assert len(station.bodies("paSendRTV2")) == receipts


def test_the_page_pays_and_sends_the_browser_back(simulators: Running, station: FakeStation) -> None:
    identifier = opened(simulators)
    form = {"outcome": "paga", "method": "carta", "delay_seconds": "0", "duplicates": "2", "twice": "on"}
    answer = simulators.http.post(f"/checkout/pay/{identifier}", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, RETURNS["returnOkUrl"])
    simulators.wait_for(lambda: len(station.bodies("paSendRTV2")) == 4)
    assert b"carrello-1" in station.bodies("paGetPaymentV2")[0]


def test_a_closed_cart_is_not_paid_again(simulators: Running, station: FakeStation) -> None:
    identifier = opened(simulators)
    simulators.post(f"carts/{identifier}/act", outcome="paga", wait=True)
    assert simulators.http.post(f"/api/carts/{identifier}/act", json={"outcome": "paga"}).status_code == 409
    assert simulators.http.post(f"/checkout/pay/{identifier}", data={"outcome": "paga"}).status_code == 303
    assert len(station.bodies("paSendRTV2")) == 1
    assert "Pagamento eseguito" in simulators.http.get(f"/checkout/pay/{identifier}").text


def test_a_cart_is_paid_whole_or_not_at_all(simulators: Running, station: FakeStation) -> None:
    two = cart(paymentNotices=[ITEM, {**ITEM, "amount": 4600}])
    told = simulators.post(f"carts/{opened(simulators, two)}/act", outcome="paga", wait=True)
    assert (told["redirect"], told["state"]) == (RETURNS["returnErrorUrl"], "rejected")
    assert station.bodies("paSendRTV2") == []
    assert "46,00" in told["payments"][1]["problem"]
