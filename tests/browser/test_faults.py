"""What went wrong is told as kindly as what went well: pages of errors, kept amounts, second tries."""

from typing import Any

import psycopg
import pytest
from playwright.sync_api import expect

from tests.browser.examine import examine
from tests.browser.persons import Person
from tests.browser.steps import choose_tile, credit, eventually, mails, make_notice, pay, to_summary, write_amount

TOO_MANY_FIELDS = """() => {
  const form = document.querySelector("main form");
  for (let n = 0; n < 2001; n++) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: `x${n}` }));
  }
}"""


def test_a_form_open_for_too_long(somebody: Any) -> None:
    person: Person = somebody()
    person.open("/entra/")
    person.context.clear_cookies()
    person.button("Entra").click()
    expect(person.heading("La pagina è rimasta aperta troppo a lungo")).to_be_visible()
    assert examine(person.page, name="old form") == []


def test_a_request_that_makes_no_sense(somebody: Any) -> None:
    person: Person = somebody()
    person.open("/entra/")
    person.page.evaluate(TOO_MANY_FIELDS)
    person.button("Entra").click()
    expect(person.heading("Non abbiamo capito la richiesta")).to_be_visible()
    assert examine(person.page, name="bad request") == []


def test_a_fault_of_ours_has_a_number_to_quote(somebody: Any) -> None:
    person: Person = somebody().sign_in("conti")
    with psycopg.connect(person.place.environ["DATABASE_URL"], autocommit=True) as console:
        console.execute("alter table support_faq rename to support_faq_away")
        try:
            person.open("/utility/domande-frequenti/")
        finally:
            console.execute("alter table support_faq_away rename to support_faq")
    expect(person.heading("Qualcosa è andato storto")).to_be_visible()
    person.reads("leggi questo numero")
    assert examine(person.page, name="fault") == []
    person.link("Riprova").click()
    expect(person.heading("FAQ")).to_be_visible()


def test_missing_tax_codes_are_mended_on_the_way(somebody: Any) -> None:
    person: Person = somebody().sign_in("haddad")
    person.open("/pagamenti/ricarica/")
    write_amount(person, "Amina", "17,50")
    person.button("Prosegui").click()
    expect(person.heading("Manca un dato, ci vuole un attimo")).to_be_visible()
    person.reads("Attenzione: manca il codice fiscale di Amina", "la ricarica da 17,50")
    check = person.path
    person.link("Clicca qui").click()
    person.page.get_by_label("Codice fiscale").fill("HDDMNA19D52A562X")
    person.button("Salva").click()
    assert examine(person.page, name="wrong tax code") == []
    person.page.get_by_label("Codice fiscale").fill(person.place.people["amina_tax_code"])
    person.button("Salva").click()
    expect(person.page).to_have_url(person.place.address(check))
    expect(person.heading("I tuoi dati sono a posto")).to_be_visible()
    person.link("Prosegui").click()
    person.reads("17,50")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_session_that_ends_in_the_middle_comes_back_to_the_same_place(somebody: Any, javascript: bool) -> None:
    person: Person = somebody(javascript=javascript).sign_in("conti")
    person.open("/pagamenti/ricarica/")
    write_amount(person, "Emma", "23,40")
    person.button("Prosegui").click()
    expect(person.heading("I tuoi dati sono a posto")).to_be_visible()
    person.context.clear_cookies()
    person.link("Prosegui").click()
    expect(person.heading("Entra")).to_be_visible()
    person.fill_in("conti")
    expect(person.heading("Riepilogo pagamento")).to_be_visible()
    person.reads("23,40")


def test_a_double_tap_on_the_last_button_makes_one_payment(somebody: Any) -> None:
    person: Person = somebody().sign_in("esposito")
    before = credit(person, "Gennaro")
    person.open("/pagamenti/ricarica/")
    choose_tile(person, "Gennaro", 20)
    to_summary(person)
    person.button("Prosegui").dblclick(no_wait_after=True)
    expect(person.heading("Stai per pagare")).to_be_visible()
    pay(person)
    expect(person.heading("Ricarica ricevuta, grazie")).to_be_visible()
    person.page.go_back()
    person.open("/")
    assert credit(person, "Gennaro") == before + 2000
    assert len([mail for mail in mails(person.place, "esposito@posta.example") if "20,00" in mail]) <= 1


def test_going_back_after_paying_does_not_pay_again(somebody: Any) -> None:
    person: Person = somebody().sign_in("greco")
    before = credit(person, "Vittoria")
    person.open("/pagamenti/ricarica/")
    choose_tile(person, "Vittoria", 10)
    to_summary(person)
    summary = person.path
    person.button("Prosegui").click()
    pay(person)
    expect(person.heading("Ricarica ricevuta, grazie")).to_be_visible()
    person.open(summary)
    person.button("Prosegui").click()
    person.reads("Pagato", "La ricevuta")
    assert examine(person.page, name="paid already") == []
    person.open("/")
    assert credit(person, "Vittoria") == before + 1000


def test_a_second_start_is_stopped_kindly(somebody: Any) -> None:
    person: Person = somebody().sign_in("fontana")
    notice = person.place.people["notices"]["Tommaso"]["id"]
    person.open(f"/pagamenti/avvisi/{notice}/")
    person.button("Paga on-line adesso").click()
    expect(person.heading("Stai per pagare")).to_be_visible()
    other: Person = somebody().sign_in("fontana")
    other.open(f"/pagamenti/avvisi/{notice}/")
    other.reads("non sappiamo com’è andata")
    assert examine(other.page, name="under way") == []
    pay(person, button="Annulla")
    expect(person.heading("Hai lasciato il pagamento")).to_be_visible()
    assert examine(person.page, name="left") == []


def test_several_at_once_are_stopped_while_one_of_them_is_being_paid(somebody: Any) -> None:
    person: Person = somebody().sign_in("fontana")
    make_notice(person, "Tommaso", "11,00")
    make_notice(person, "Tommaso", "12,00")
    person.open("/pagamenti/avvisi/")
    other: Person = somebody().sign_in("fontana")
    other.open("/pagamenti/avvisi/")
    other.link("11,00").click()
    other.button("Paga on-line adesso").click()
    expect(other.heading("Stai per pagare")).to_be_visible()

    person.button("Paga on-line quelli scelti").click()

    expect(person.heading("Non sappiamo se hai pagato")).to_be_visible()
    person.reads("lo stesso importo non si paga due volte")
    assert examine(person.page, name="payment-progress, unknown") == []
    person.button("Lascia perdere").click()
    person.reads("Va bene, lasciamo perdere")


def test_a_message_reaches_the_office_and_the_answer_comes_back(somebody: Any) -> None:
    person: Person = somebody().sign_in("conti")
    person.open("/contattaci/")
    person.page.get_by_label("Argomento").select_option("Altro")
    person.page.get_by_label("Messaggio").fill("Emma può cambiare turno?")
    person.button("Invia all’ufficio").click()
    expect(person.heading("L’ufficio ha il tuo messaggio")).to_be_visible()
    assert examine(person.page, name="contact-sent") == []
    person.link("Vedi la segnalazione").click()
    ticket = person.path

    office: Person = somebody(size="desktop").sign_in("office")
    office.open(f"/ufficio{ticket}")
    office.page.get_by_role("textbox", name="Risposta").fill("Sì, da lunedì.")
    office.button("Invia la risposta").click()

    person.open(ticket)
    person.reads("Sì, da lunedì.")
    assert examine(person.page, name="ticket, answered") == []
    assert eventually(lambda: [mail for mail in mails(person.place, "conti@posta.example") if "risp" in mail.lower()])
