"""Opening a cart: what is sent, what is believed of the answer, what the parent is told."""

import json

import httpx
import pytest

from campanella.domains.payments.gateways.base import GatewayRefused, GatewayUnavailable
from campanella.domains.payments.gateways.pagopa.checkout import CartNotice, CheckoutCart, open_cart
from tests.domains.payments.gateways.spec import SPEC, needs_spec

PAGE = "https://checkout.pagopa.it/c/1"
NOTICE = CartNotice(
    notice_number="301202600000000103",
    tax_code="77777777777",
    cents=4650,
    company_name="Comune di Esempio",
    description="Ricarica mensa",
)


def cart(**changes):
    return CheckoutCart(
        **{
            "id": "carrello-1",
            "notices": [NOTICE],
            "ok_url": "https://pesaro.example.it/esito/ok",
            "cancel_url": "https://pesaro.example.it/esito/annullato",
            "error_url": "http://pesaro.localhost:8000/esito/errore",
            "email": "mario@example.org",
            **changes,
        }
    )


def opened(answer, *, wanted=None):
    """Open a cart at a Checkout that gives this answer (or raises it); give the address and the requests."""
    seen = []

    def handle(request):
        seen.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with httpx.Client(transport=httpx.MockTransport(handle), follow_redirects=True) as client:
        url = open_cart(wanted or cart(), base_url="https://api.example.it/v1/", key="secret", client=client, timeout=5)
    return url, seen


def redirect(location):
    return httpx.Response(302, headers={"location": location})


def test_a_cart_is_sent_once_and_its_page_is_not_visited():
    url, (request,) = opened(redirect(PAGE))
    assert url == PAGE
    assert str(request.url) == "https://api.example.it/v1/carts"
    assert request.headers["Ocp-Apim-Subscription-Key"] == "secret"
    assert json.loads(request.content)["paymentNotices"][0]["amount"] == 4650


@needs_spec
def test_the_cart_has_the_fields_of_the_official_interface():
    schemas = json.loads((SPEC / "pagopa-api/openapi/checkout_v1.json").read_text())["components"]["schemas"]
    sent = json.loads(opened(redirect(PAGE), wanted=cart(notices=[NOTICE] * 5))[1][0].content)
    assert set(sent) == set(schemas["CartRequest"]["properties"])
    assert set(sent["returnUrls"]) == set(schemas["CartRequest"]["properties"]["returnUrls"]["properties"])
    for notice in sent["paymentNotices"]:
        assert set(notice) == set(schemas["PaymentNotice"]["properties"])


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_a_refusal_tells_the_parent_what_to_do(status):
    with pytest.raises(GatewayRefused) as raised:
        opened(httpx.Response(status, json={"detail": "PPT_PAGAMENTO_IN_CORSO"}))
    assert "Non hai pagato nulla" in raised.value.message
    assert "PPT" not in raised.value.message


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("late"),
        httpx.RemoteProtocolError("garbage"),
        httpx.Response(500),
        httpx.Response(503, text="<html>"),
        httpx.Response(429),
        httpx.Response(200, json={}),
        httpx.Response(302),
        redirect("/c/1"),
        redirect("//evil.example/c"),
        redirect("javascript:alert(1)"),
        redirect("http://checkout.pagopa.it/c/1"),
        redirect("http://localhost.evil.example/"),
        redirect("https:///c"),
        redirect("https://[x"),
        redirect("https://a b.example/"),
        redirect("https://a.example\\@b.example/"),
    ],
)
def test_no_sensible_answer_means_try_later(answer):
    with pytest.raises(GatewayUnavailable, match="riprova tra qualche minuto"):
        opened(answer)


def test_the_simulators_on_this_computer_need_no_https():
    for page in ("http://localhost:8010/c/1", "http://127.0.0.1:8010/c/1", "http://sim.localhost:8010/c"):
        assert opened(redirect(page))[0] == page


@pytest.mark.parametrize(
    "changes",
    [
        {"notices": []},
        {"notices": [NOTICE] * 6},
        {"ok_url": "www.comune.di.prova.it/success.html"},
        {"error_url": "ftp://pesaro.example.it/"},
    ],
)
def test_a_cart_that_checkout_would_refuse_is_never_made(changes):
    with pytest.raises(ValueError):
        cart(**changes)
