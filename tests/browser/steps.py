"""What people do again and again: top up, pay at pagoPA, read a credit, look into the mailbox."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, expect

from tests.browser.installation import Installation
from tests.browser.persons import Person

NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
MAIL_SECONDS = 15


def euro(amount: int) -> str:
    """Write cents as pages do."""
    return f"{MINUS if amount < 0 else ''}{abs(amount) // 100},{abs(amount) % 100:02}{NBSP}€"


def credit(person: Person, child: str, service: str = "Refezione") -> int:
    """Return a child's credit as the first page tells it, in cents."""
    text = person.wallet(child).locator(".cp-wallet").filter(has_text=service).locator(".cp-num").inner_text()
    return int("".join(c for c in text.replace(MINUS, "-") if c in "-0123456789"))


def wallet_of(person: Person, child: str, service: str = "Refezione") -> Locator:
    """Return a wallet's choices on the first step of a top-up."""
    return person.page.get_by_role("group").filter(has_text=f"{child} · {service}")


def choose_tile(person: Person, child: str, tile: str) -> None:
    """Touch a ready-made amount."""
    wallet_of(person, child).get_by_role("radio", name=tile).check(force=True)


def write_amount(person: Person, child: str, amount: str) -> None:
    """Touch Altro and write an amount."""
    choose_tile(person, child, "Altro")
    wallet_of(person, child).get_by_label("Ricarica personalizzata").fill(amount)


def to_summary(person: Person) -> None:
    """Go from the amounts to the summary."""
    person.button("Prosegui").click()
    expect(person.heading("I tuoi dati sono a posto")).to_be_visible()
    person.reads("Procedi! Mail corretta")
    person.link("Prosegui").click()
    expect(person.heading("Riepilogo pagamento")).to_be_visible()


def begin_paying(person: Person, child: str, *, tile: str = "20") -> None:
    """Top up one child as far as the page of pagoPA."""
    person.open("/pagamenti/ricarica/")
    choose_tile(person, child, tile)
    to_summary(person)
    person.button("Prosegui").click()
    expect(person.heading("Stai per pagare")).to_be_visible()


def pay(person: Person, *, receipt: str = "Subito", button: str = "Paga ") -> None:
    """Press a button of pagoPA's page, having chosen when the receipt leaves."""
    person.page.get_by_role("radio", name=receipt, exact=True).check(force=True)
    person.page.get_by_role("button", name=button).first.click()


def send_receipts(place: Installation) -> None:
    """Let the receipts leave that wait for somebody to send them."""
    for delivery in place.ask("/api/deliveries")["deliveries"]:
        place.ask(f"/api/deliveries/{delivery['id']}/send", {})


def eventually(look: Callable[[], Any], *, seconds: float = MAIL_SECONDS) -> Any:
    """Look again and again until there is something, and return it."""
    deadline = time.monotonic() + seconds
    while not (found := look()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


def mails(place: Installation, to: str) -> list[str]:
    """Return subject and text of the mails to somebody."""
    found = place.ask(f"/api/inbox?to={to}")["messages"]
    return [str(message) for message in found]
