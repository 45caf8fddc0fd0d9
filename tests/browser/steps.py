"""What people do again and again: top up, pay at pagoPA, read a credit, look into the mailbox."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, expect

from tests.browser.installation import Installation
from tests.browser.persons import PATIENCE, Person

NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
MAIL_SECONDS = PATIENCE / 1000


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


def choose_tile(person: Person, child: str, amount: int) -> None:
    """Touch a ready-made amount, in euro."""
    wallet_of(person, child).locator(f"input[value='{amount * 100}']").check(force=True)


def write_amount(person: Person, child: str, amount: str) -> None:
    """Touch Altro and write an amount."""
    wallet_of(person, child).get_by_role("radio", name="Altro").check(force=True)
    wallet_of(person, child).get_by_label("Ricarica personalizzata").fill(amount)


def to_summary(person: Person) -> None:
    """Go from the amounts to the summary."""
    person.button("Prosegui").click()
    expect(person.heading("I tuoi dati sono a posto")).to_be_visible()
    person.reads("Procedi! Mail corretta")
    person.link("Prosegui").click()
    expect(person.heading("Riepilogo pagamento")).to_be_visible()


def begin_paying(person: Person, child: str, *, amount: int = 20) -> None:
    """Top up one child as far as the page of pagoPA."""
    person.open("/pagamenti/ricarica/")
    choose_tile(person, child, amount)
    to_summary(person)
    person.button("Prosegui").click()
    expect(person.heading("Stai per pagare")).to_be_visible()


def pay(person: Person, *, receipt: str = "", button: str = "Paga ") -> None:
    """Press a button of pagoPA's page, having chosen when the receipt leaves."""
    if receipt:
        person.page.get_by_role("radio", name=receipt, exact=True).check(force=True)
    person.page.get_by_role("button", name=button).first.click()


def make_notice(person: Person, child: str, amount: str) -> str:
    """Make a notice to pay elsewhere; its page is open then. Return its number."""
    person.open("/pagamenti/ricarica/")
    write_amount(person, child, amount)
    to_summary(person)
    person.page.get_by_role("radio", name="Genera Avviso di pagamento").check(force=True)
    person.button("Genera l’avviso").click()
    person.reads("Codice avviso")
    return person.page.locator("[data-copy]").first.get_attribute("data-copy") or ""


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
