"""A meal is cancelled in two taps and taken back; written without network, it waits on the phone and says so."""

import re
from typing import Any

from playwright.sync_api import expect

from tests.browser.examine import examine
from tests.browser.persons import Person

WAITS = "async () => (await (await caches.open((await caches.keys()).find((n) => n.startsWith('pages-')))).keys()).length"


def test_in_two_taps_with_a_proof_and_back(somebody: Any) -> None:
    person: Person = somebody().sign_in("marini")
    person.open("/")
    person.link("Disdici il pasto di oggi di Pietro").click()
    person.button("Disdici il pasto di oggi").click()
    expect(person.heading("Pasto di Pietro disdetto")).to_be_visible()
    person.reads("Non paghi nulla.", "Numero della richiesta", "La cucina ha già un pasto in meno")
    number = person.page.locator(".cp-proof b").inner_text()
    assert re.fullmatch(r"D-2610-\d{5}", number)
    assert not examine(person.page, name="proof")
    person.button("Annulla la richiesta").click()
    expect(person.heading("Disdetta annullata")).to_be_visible()
    person.open(f"/richieste/{number}/")
    person.reads("Annullata alle")
    person.open("/")
    person.reads("Disdici il pasto di oggi")


def test_a_day_that_is_over_leads_to_what_it_was_and_one_asked_too_late_says_why(somebody: Any) -> None:
    person: Person = somebody().sign_in("rossi")
    luca = person.place.people["children"]["Luca"]
    person.open(f"/disdette/{luca}/?giorno=2026-10-13")
    assert f"/presenze/{luca}/2026-10-13/" in person.page.url
    person.open(f"/disdette/{luca}/?giorno=2026-10-15")
    # The form of tomorrow, sent for a day that is over meanwhile.
    form = person.page.locator("main form").first
    form.locator("input[name=giorno]").evaluate("(field) => { field.value = '2026-10-13'; }")
    form.locator("button").first.click()
    person.reads("è tardi")
    assert not examine(person.page, name="too late")


def test_written_without_network_it_waits_and_arrives_once(somebody: Any) -> None:
    person: Person = somebody(worker=True).sign_in("marini")
    person.page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    # The page behind Home's button is kept before anybody opens it.
    person.open("/")
    person.comes_true(f"async () => await ({WAITS})() > 1")
    person.place.stop_web()
    try:
        person.open("/")
        person.link("Disdici il pasto di oggi di Pietro").click()
        person.reads("Sei senza rete", "conta comunque quando arriva, non quando la scrivi")
        person.button("Disdici il pasto di oggi").click()
        expect(person.heading("Salvata sul telefono")).to_be_visible()
        person.reads("Non è ancora arrivata.", "conta comunque quando arriva, non quando la scrivi")
        assert not examine(person.page, name="kept on the phone")
        person.open("/")
        person.reads("aspetta la rete: non è ancora arrivata")
    finally:
        person.place.start_web()
    person.open("/")
    person.link("Guarda l’esito").click()
    expect(person.heading("Pasto di Pietro disdetto")).to_be_visible()
    person.reads("L’hai scritta sul telefono senza rete alle", "Conta quando è arrivata.")
    person.open("/")
    person.reads("disdetto")
    assert person.page.locator("[data-outbox]").count() == 0


ROWS = """(row) => new Promise((resolve, reject) => {
  const opening = indexedDB.open("outbox");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const transaction = opening.result.transaction("pressed", "readwrite");
    const rows = transaction.objectStore("pressed");
    rows.getAll().onsuccess = ({ target }) => {
      if (row) rows.put(row);
      transaction.oncomplete = () => { opening.result.close(); resolve(target.result); };
    };
  };
})"""


def test_what_becomes_of_what_waits_is_said_as_it_is(somebody: Any) -> None:
    """Two requests from one page that was gone back to; one refused by the server; one that waited longer than a week."""
    person: Person = somebody(worker=True).sign_in("greco")
    person.page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    person.open("/")
    person.comes_true(f"async () => await ({WAITS})() > 1")
    person.place.stop_web()
    try:
        key = ""
        # Pressed for one child, gone back to, pressed again by mistake, and then for the other one.
        for child in ("Leonardo", "Leonardo", "Vittoria"):
            person.open("/")
            person.link("Disdici il pasto di oggi di Leonardo").click()
            field = person.page.locator("main form input[name=key]")
            key = key or field.input_value()
            field.evaluate("(field, key) => { field.value = key; }", key)
            for name in ("Leonardo", "Vittoria"):
                person.page.get_by_role("checkbox", name=re.compile(name)).set_checked(name == child)
            person.button("Disdici il pasto di oggi").click()
            expect(person.heading("Salvata sul telefono")).to_be_visible()
        person.open("/")
        expect(person.page.locator("[data-outbox=waits]")).to_have_count(2)
        kept = person.page.evaluate(ROWS, None)
        assert len({row["text"].split("key=")[1][:36] for row in kept}) == 2
    finally:
        person.place.start_web()
    person.open("/")
    expect(person.page.locator("[data-outbox=arrived]")).to_have_count(2)
    addresses = {link.get_attribute("href") for link in person.page.get_by_role("link", name="Guarda l’esito").all()}
    assert len(addresses) == 2

    refused = kept[0] | {"text": re.sub("giorno=[0-9-]+", "giorno=2026-13-40", kept[0]["text"])}
    old = kept[0] | {"tapped": "2026-10-01T07:25:00.000Z"}
    for row, becomes, words in (
        (refused, "refused", ("non è stata presa. Questo giorno non esiste", "Chiedi di nuovo")),
        (old, "over", ("per il 14/10, scritta il 01/10 alle 9:25", "non è mai partita")),
    ):
        person.page.evaluate(ROWS, row)
        for _ in range(2):
            person.open("/")
            expect(person.page.locator(f"[data-outbox={becomes}]")).to_have_count(1)
            person.reads(*words)
        assert not examine(person.page, name=becomes)
        person.button("Ho letto").click()
        person.open("/")
        person.comes_true(f"async () => !(await ({ROWS})(null)).length")
