"""At the counter: a code is typed, the money taken once, and without network nothing is booked and the page says so."""

from typing import Any

import pytest

from tests.browser.examine import examine, with_axe
from tests.browser.persons import Person

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NOTHING = "Senza rete: non è stato registrato niente"


@pytest.mark.parametrize("size", ["small", "desktop"])
def test_without_network_nothing_is_taken_and_with_it_once(somebody: Any, size: str) -> None:
    person: Person = somebody(town="valle", size=size)
    with_axe(person.context)
    person.sign_in("cashier")
    person.page.get_by_label("Codice personale di ricarica").fill(person.place.people["cash"]["code"])
    person.button("Cerca").click()
    person.reads("Nicolò B.", "«È per Nicolò?»")
    person.page.get_by_label("30 €", exact=True).check()
    before = person.page.url

    person.context.set_offline(True)
    person.button("Incassa 30 €").click()
    person.page.get_by_role("alert").get_by_text(NOTHING).wait_for()
    assert examine(person.page, name="counter:amount without network") == []
    assert person.page.url == before

    person.context.set_offline(False)
    person.button("Incassa 30 €").click()
    person.reads("Fatto, 30,00 € per Nicolò B.")
    receipt = person.page.url
    # Back, and the same press again: the page is the same one, so it leads to the same receipt.
    person.page.go_back()
    person.page.locator("main form button[type=submit]").click()
    person.reads("Fatto, 30,00 € per Nicolò B.")
    assert person.page.url == receipt
