"""Without network: the last state can be read, with a note; an unseen page says so; leaving clears everything."""

from typing import Any

from playwright.sync_api import expect

from tests.browser.persons import Person

KEPT = "async () => (await caches.keys()).filter((name) => name.startsWith('pages-')).length"


def test_the_last_home_is_read_without_network(somebody: Any) -> None:
    person: Person = somebody(worker=True).sign_in("lunghi")
    person.page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    person.open("/")
    person.page.wait_for_function(f"async () => await ({KEPT})() > 0")
    person.place.stop_web()
    try:
        person.open("/")
        person.reads("Sei senza rete", "Bartolomeo Ferdinando Massimiliano")
        person.open("/utility/domande-frequenti/")
        expect(person.heading("Sei senza rete")).to_be_visible()
        person.reads("non l’hai mai aperta su questo telefono")
    finally:
        person.place.start_web()
    person.open("/utility/")
    person.page.get_by_role("button", name="Esci").last.click()
    expect(person.heading("Entra")).to_be_visible()
    person.page.wait_for_function(f"async () => await ({KEPT})() === 0")
