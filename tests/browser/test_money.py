"""Money finds its way whatever the family does: the browser closed, notices paid elsewhere, notices paid after all."""

from typing import Any

from playwright.sync_api import expect

from tests.browser.examine import examine
from tests.browser.persons import Person
from tests.browser.steps import begin_paying, credit, euro, eventually, make_notice, pay, send_receipts

BEGINS = "async (address) => (await (await fetch(address)).text()).slice(0, 5)"


def test_closing_the_browser_after_paying_loses_nothing(somebody: Any) -> None:
    person: Person = somebody().sign_in("verdi")
    before = credit(person, "Giulia")
    begin_paying(person, "Giulia")
    pay(person, button="Paga e chiude la finestra")
    person.context.close()
    later: Person = somebody().sign_in("verdi")
    assert eventually(lambda: later.open("/") and credit(later, "Giulia") == before + 2000)
    later.open("/pagamenti/")
    expect(later.page.get_by_role("region", name="Storico delle ricariche")).to_contain_text(euro(2000))


def test_the_page_of_a_payment_on_its_way(somebody: Any) -> None:
    person: Person = somebody().sign_in("verdi")
    before = credit(person, "Giulia")
    begin_paying(person, "Giulia", amount=10)
    pay(person, receipt="Mai")
    expect(person.heading("Il pagamento sta arrivando")).to_be_visible()
    assert examine(person.page, name="payment-progress, waiting") == []
    person.open("/")
    person.reads("Il pagamento sta arrivando")
    assert examine(person.page, name="home, payment under way") == []
    person.open("/pagamenti/")
    person.link("a che punto è").click()
    send_receipts(person.place)
    expect(person.heading("Ricarica ricevuta, grazie")).to_be_visible()
    assert examine(person.page, name="payment-progress, done") == []
    person.link("Torna alla Home").click()
    assert credit(person, "Giulia") == before + 1000


def test_a_refused_card_costs_nothing(somebody: Any) -> None:
    person: Person = somebody().sign_in("esposito")
    begin_paying(person, "Gennaro", amount=50)
    pay(person, button="Carta rifiutata")
    expect(person.heading("Il pagamento non è riuscito")).to_be_visible()
    person.reads("Non hai pagato nulla")
    assert examine(person.page, name="payment-progress, refused") == []


def test_a_notice_is_made_printed_and_paid_at_the_counter(somebody: Any) -> None:
    person: Person = somebody().sign_in("bianchi")
    before = credit(person, "Sofia")
    number = make_notice(person, "Sofia", "30,00")
    notice = person.path
    assert examine(person.page, name="position, to pay") == []
    address = person.link("Stampa l’avviso (PDF)").get_attribute("href")
    assert person.page.evaluate(BEGINS, address) == "%PDF-"

    _pay_at_the_counter(person, number)

    person.open(notice)
    eventually(lambda: person.page.reload() and person.page.get_by_text("Pagato").count())
    person.reads("Pagato")
    assert examine(person.page, name="position, paid") == []
    person.open("/")
    assert credit(person, "Sofia") == before + 3000


def test_a_deleted_notice_that_is_paid_waits_for_the_office(somebody: Any) -> None:
    person: Person = somebody().sign_in("bianchi")
    before = credit(person, "Marco")
    number = make_notice(person, "Marco", "15,00")
    notice = person.path
    person.link("Elimina").click()
    person.button("Elimina l’avviso").click()
    person.reads("Avviso eliminato")

    town = person.place.people["tax_code"]
    person.place.ask("/api/receipt", {"notice_number": number, "fiscal_code": town, "amount_cents": 1500})
    person.open(notice)
    eventually(lambda: person.page.reload() and person.page.get_by_text("lo controlla l’ufficio").count())
    person.reads("lo controlla l’ufficio")
    assert examine(person.page, name="position, parked") == []

    office: Person = somebody(size="desktop").sign_in("office")
    office.open("/ufficio/da-fare/")
    row = office.page.get_by_role("listitem").filter(has_text=euro(1500))
    assert examine(office.page, name="office:waiting, parked") == []
    row.get_by_role("link", name="Accredita a…").click()
    assert examine(office.page, name="office:assign-receipt") == []
    office.page.get_by_role("radio", name="Marco").check(force=True)
    office.page.get_by_label("Motivo").fill("avviso eliminato per sbaglio")
    office.page.get_by_role("button", name="Accredita").click()
    office.reads("Accreditati 15,00")
    person.open("/")
    assert credit(person, "Marco") == before + 1500


def _pay_at_the_counter(person: Person, number: str) -> None:
    person.open(f"{person.place.simulators}/psp")
    person.page.get_by_label("Numero avviso").fill(number)
    person.page.get_by_label("Codice fiscale dell’ente").fill(person.place.people["tax_code"])
    person.button("Verifica l’avviso").click()
    person.page.get_by_role("button", name="Paga ").click()
    expect(person.heading("Pagamento eseguito")).to_be_visible()
