"""A family ready to pay, and a stand-in for pagoPA's payment page; loaded by ``conftest.py``."""

from typing import Any

import pytest

from campanella.domains.payments.gateways.pagopa import checkout
from campanella.domains.payments.models import PaymentRequest, Receipt
from campanella.domains.payments.receipts import operations as receiving
from campanella.domains.people import mending
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id
from campanella.usecases import top_up
from campanella.usecases.top_up import Line
from tests.towns import OFFICE, Cast, Family

TAX_CODES = {"Anna": "RSSNNA19D52A562R", "Luca": "RSSLCU19D12A562Q"}


@pytest.fixture
def ready(rossi: Family) -> Family:
    """The family Rossi with everything that pagoPA asks for."""
    return made_ready(rossi)


def made_ready(rossi: Family) -> Family:
    """Give the children their tax codes, without which pagoPA knows no payer."""
    for name, child in rossi.children.items():
        mending.write_child_tax_code(by=OFFICE, child_id=child.pk, tax_code=TAX_CODES[name], now=clock.now())
    return rossi


@pytest.fixture
def pagopa(monkeypatch: pytest.MonkeyPatch) -> list[checkout.CheckoutCart]:
    """Stand for pagoPA's payment page, keeping what was asked of it."""
    asked: list[checkout.CheckoutCart] = []

    def open_cart(cart: checkout.CheckoutCart, **_: Any) -> str:
        asked.append(cart)
        return f"https://checkout.example/{len(asked)}"

    monkeypatch.setattr(checkout, "open_cart", open_cart)
    return asked


def wish(valle: Cast, name: str = "Anna", cents: int = 2000, service: str = "mensa") -> Line:
    return Line(wallet_id=valle.wallet(name, service).pk, amount=Euro(cents))


def prepare(valle: Cast, family: Family, *lines: Line, nonce: str = "") -> list[PaymentRequest]:
    return top_up.prepare(by=family.user, lines=lines, is_notice=True, now=clock.now(), nonce=nonce).requests


def receive(request: PaymentRequest, *, iur: str = "iur-1", cents: int | None = None) -> Receipt:
    """Keep a receipt for a position and book it."""
    body = f"<receipt>{iur}</receipt>".encode()
    receipt = Receipt.objects.create(
        receipt_id=iur,
        message_id=receiving.keep_raw(body=body, municipality_id=active_town_id(), now=clock.now()),
        notice_number=request.notice_number,
        amount_cents=cents or request.amount_cents,
        paid_at=clock.now(),
        kept_at=clock.now(),
        psp_name="Banca",
    )
    top_up.book(receipt_pk=receipt.pk)
    receipt.refresh_from_db()
    return receipt
