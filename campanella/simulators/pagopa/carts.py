"""
Checkout carts: what `POST /carts` accepts, and what happens when the presenter presses a button.

Source of the fields: pagopa/pagopa-api, `openapi/checkout_v1.json`.
"""

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from campanella.simulators import clock
from campanella.simulators.pagopa.payments import Payment
from campanella.simulators.pagopa.psp import Order, Psp
from campanella.simulators.store import Store

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
RETURNS = ("returnOkUrl", "returnCancelUrl", "returnErrorUrl")
# What the presenter may choose -> the state of the cart afterwards.
OUTCOMES = {
    "paga": "paid",
    "paga_e_chiude": "paid",
    "rifiutata": "rejected",
    "annulla": "cancelled",
    "scaduta": "expired",
}
FEE_CENTS = 100


class BadCart(ValueError):
    """The body is not a CartRequest; the message names the field."""


class CartClosed(Exception):
    """The cart was acted upon before."""


@dataclass(frozen=True)
class Cart:
    """One cart as it was asked for."""

    id: str
    at: str
    state: str
    request: dict[str, Any]

    @property
    def total_cents(self) -> int:
        """What is due to the creditors, without the PSP's fee."""
        return sum(notice["amount"] for notice in self.request["paymentNotices"])

    def return_url(self, name: str) -> str:
        """One of the three addresses the browser goes back to."""
        return str(self.request["returnUrls"][name])


@dataclass(frozen=True)
class Act:
    """What became of the cart, and where the browser goes (None: nowhere, the presenter closed it)."""

    cart: Cart
    redirect: str | None
    payments: list[Payment]


def validate(body: object) -> dict[str, Any]:
    """
    Check a CartRequest as the official service does.

    :raises BadCart: the first thing that is wrong
    """
    cart = _object(body, "body")
    notices = cart.get("paymentNotices")
    if not isinstance(notices, list) or not 1 <= len(notices) <= 5:
        raise BadCart("paymentNotices: from 1 to 5 notices are required")
    for place, notice in enumerate(notices):
        _check_notice(_object(notice, f"paymentNotices[{place}]"), f"paymentNotices[{place}]")
    returns = _object(cart.get("returnUrls"), "returnUrls")
    for name in RETURNS:
        _check_url(returns.get(name), f"returnUrls.{name}")
    email = cart.get("emailNotice")
    if email is not None and not (isinstance(email, str) and EMAIL.fullmatch(email)):
        raise BadCart("emailNotice: not an e-mail address")
    note = cart.get("idCart")
    # The cart's id travels as paymentNote, which has 1 to 210 characters.
    if note is not None and not (isinstance(note, str) and 1 <= len(note) <= 210):
        raise BadCart("idCart: a text of 1 to 210 characters")
    # The official example writes the boolean as a text; the service takes both.
    postal = cart.get("allCCP")
    if not isinstance(postal, bool) and postal not in (None, "true", "false"):
        raise BadCart("allCCP: not a boolean")
    return dict(cart)


class Carts:
    """The carts of Checkout."""

    def __init__(self, *, store: Store, psp: Psp) -> None:
        self._store = store
        self._psp = psp

    def refusal(self, request: Mapping[str, Any]) -> str | None:
        """Verify each notice with its creditor; the first that cannot be paid is told."""
        for notice in request["paymentNotices"]:
            call, _ = self._psp.verify(Order(notice["noticeNumber"], notice["fiscalCode"]))
            if call.outcome != "OK":
                return f"Notice {notice['noticeNumber']} is not payable: {call.fault_code} {call.fault_string}"
        return None

    def open(self, request: dict[str, Any]) -> Cart:
        """Keep a cart that was found valid."""
        now = clock.now().isoformat(timespec="seconds")
        cart = Cart(id=secrets.token_urlsafe(16), at=now, state="open", request=request)
        self._store.insert(
            "INSERT INTO carts (id, state, data) VALUES (?, ?, ?)",
            *(cart.id, cart.state, json.dumps({"at": cart.at, "request": request})),
        )
        return cart

    def find(self, identifier: str) -> Cart | None:
        """One cart, if we know it."""
        row = self._store.row("SELECT * FROM carts WHERE id = ?", identifier)
        return Cart(id=row["id"], state=row["state"], **json.loads(row["data"])) if row else None

    def act(self, cart: Cart, *, outcome: str, options: Order, wait: bool = False) -> Act:
        """
        Do what the presenter's button says; `options` carries method, delay, duplicates and the rest.

        :raises CartClosed: something was done with this cart before
        """
        state = OUTCOMES[outcome]
        # The state changes first: two clicks at once must not pay twice.
        if not self._store.run("UPDATE carts SET state = ? WHERE id = ? AND state = 'open'", state, cart.id):
            raise CartClosed(cart.state)
        if state == "cancelled":
            return self._end(cart, state, "returnCancelUrl", [])
        if state == "expired":
            return self._end(cart, state, "returnErrorUrl", [])
        return self._pay(cart, outcome, options, wait)

    def _pay(self, cart: Cart, outcome: str, options: Order, wait: bool) -> Act:
        """Activate every notice before paying any: a cart is paid whole or not at all."""
        activations = [self._psp.activate(order) for order in self._orders(cart, options)]
        whole = all(activation.position and not activation.problem for activation in activations)
        if outcome == "rifiutata" or not whole:
            for activation in activations:
                activation.order = replace(activation.order, stop_after="get")
        origin = "checkout"
        payments = [self._psp.settle(activation, origin=origin, cart=cart.id, wait=wait) for activation in activations]
        if outcome == "rifiutata" or not whole:
            return self._end(cart, "rejected", "returnErrorUrl", payments)
        return self._end(cart, "paid", "returnOkUrl" if outcome == "paga" else None, payments)

    def _orders(self, cart: Cart, options: Order) -> list[Order]:
        """One order per notice; the fee of the whole cart is told once, with the first."""
        return [
            replace(
                options,
                notice_number=notice["noticeNumber"],
                fiscal_code=notice["fiscalCode"],
                expected_cents=notice["amount"],
                payment_note=cart.request.get("idCart"),
                fee_cents=FEE_CENTS if place == 0 else 0,
            )
            for place, notice in enumerate(cart.request["paymentNotices"])
        ]

    def _end(self, cart: Cart, state: str, url: str | None, payments: list[Payment]) -> Act:
        self._store.run("UPDATE carts SET state = ? WHERE id = ?", state, cart.id)
        redirect = cart.return_url(url) if url else None
        return Act(cart=replace(cart, state=state), redirect=redirect, payments=payments)


def _object(value: object, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadCart(f"{name}: an object is required")
    return value


def _check_notice(notice: Mapping[str, Any], name: str) -> None:
    for key, digits in (("noticeNumber", 18), ("fiscalCode", 11)):
        value = notice.get(key)
        if not (isinstance(value, str) and re.fullmatch(rf"[0-9]{{{digits}}}", value)):
            raise BadCart(f"{name}.{key}: exactly {digits} digits, as a text")
    amount = notice.get("amount")
    if type(amount) is not int or not 1 <= amount <= 99_999_999_999:
        raise BadCart(f"{name}.amount: a whole number of cents, at least 1")
    for key in ("companyName", "description"):
        value = notice.get(key)
        if not (isinstance(value, str) and len(value) <= 140):
            raise BadCart(f"{name}.{key}: a text of at most 140 characters")


def _check_url(value: object, name: str) -> None:
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
    except ValueError:
        parts = None
    if parts is None or parts.scheme not in {"http", "https"} or not parts.netloc:
        raise BadCart(f"{name}: an absolute http or https address is required")
