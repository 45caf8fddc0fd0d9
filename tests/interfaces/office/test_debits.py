"""Direct debit at the desk: the month's file, the bank's answer, mandates on paper."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from lxml import etree

from campanella.domains.accounts.roles import Role
from campanella.domains.debiting import queries, waiting
from campanella.domains.debiting.models import CollectionFile, DoublePayment, Mandate
from campanella.domains.messaging import silencing
from campanella.foundation.core import clock
from tests.billing import noon
from tests.debits import ACCOUNT, signed
from tests.interfaces.portal.phones import Phone, phone, words
from tests.towns import Cast
from tests.usecases.debiting.conftest import ASKED, Bank, asked, booked, invoice, opened_debited

PAGE = "/ufficio/addebiti/?mese=2026-10"


@pytest.fixture
def debited(db: None):
    yield from opened_debited()


def desk(cast: Cast) -> Phone:
    return phone(cast.staff[Role.OFFICE], host="conto.localhost")


def test_the_month_is_looked_at_asked_and_downloaded(debited) -> None:
    with clock.standing_at(noon(ASKED)):
        office = desk(debited)
        page = words(office.get(PAGE))
        assert "23,10 € 1 addebito Prepara il file" in page
        assert "manca l’autorizzazione all’addebito" in page
        said = words(office.post("/ufficio/addebiti/", {"mese": "2026-10"}, follow=True))
        again = words(office.post("/ufficio/addebiti/", {"mese": "2026-10"}, follow=True))
        file = CollectionFile.objects.get()
        sheet = office.get(f"/ufficio/addebiti/{file.pk}/cbi.xml")

        after = words(office.get(PAGE))
        due = words(office.get("/ufficio/da-fare/"))

    assert f"Già chieste alla banca Maria Addolorata Rossi {invoice().number}: l’addebito è già stato chiesto" in after
    assert "Già chieste" not in page
    assert "Mai scaricato" in said
    assert "Annulla il file" in said
    assert "Mai scaricato" not in after
    assert "mai stato scaricato" not in due
    assert "File pronto: 23,10 €" in said
    assert "niente di nuovo" in again
    assert "1 in tutto, 0 incassati, 0 tornati indietro" in said
    assert etree.fromstring(sheet.content).findtext(".//{*}MsgId") == file.message_id
    assert ACCOUNT not in said


def test_the_bank_s_answer_is_read_line_by_line(debited) -> None:
    bank, one = Bank(debited), asked()
    booked(date(2026, 12, 7))
    body = bank.answer((one.end_to_end_id, "AC04", 2310), ("X", "AM04", 5), form="return")
    with clock.standing_at(noon(date(2026, 12, 10))):
        office = desk(debited)
        page, again = (
            words(office.post("/ufficio/addebiti/esiti/", {"file": SimpleUploadedFile("esiti.xml", body)})) for _ in range(2)
        )
        wrong = words(office.post("/ufficio/addebiti/esiti/", {"file": SimpleUploadedFile("esiti.xml", body[:-30])}))
        after = words(office.get(PAGE))

    assert "1 registrato su 2" in page
    assert f"Maria Addolorata Rossi , {invoice().number} Il conto è chiuso (AC04). Serve un nuovo IBAN" in page
    assert f"{invoice().number}: l’addebito è tornato indietro, e l’autorizzazione non vale più" in after
    assert "non corrisponde a nessun addebito" in page
    assert "era già stato caricato" in again
    assert "finisce a metà" in wrong
    assert invoice().state == "unpaid"


def test_what_waits_is_in_da_fare_and_each_is_ended_by_a_button(debited) -> None:
    one = asked(is_taken=False)
    DoublePayment.objects.create(collection=one, source="receipt:x", at=clock.now())
    silencing.silence(guardian_ids=[one.payer_id], now=clock.now())
    with clock.standing_at(noon(date(2026, 12, 8))):
        office = desk(debited)
        told = words(office.get("/ufficio/da-fare/"))
        assert "1 addebito di ottobre 2026 (23,10 €): il file non è mai stato scaricato, e la banca lo voleva entro" in told
        assert "Non è stato registrato nessun incasso" in told
        assert "1 fattura pagata con pagoPA mentre la banca era incaricata" in told
        assert "1 famiglia da chiamare" in told
        assert "3 cose degli addebiti sul conto" in words(office.get("/ufficio/"))
        for said, answer in (
            ({"annulla": one.file_id}, "File annullato: 1 da chiedere di nuovo"),
            ({"annulla": one.file_id}, "Questo file è annullato"),
            ({"riprendi": one.payer_id}, "le lettere a questa famiglia ripartono"),
            ({"riprendi": one.payer_id}, "le lettere partono già"),
            ({"visto": DoublePayment.objects.get().pk}, "nel credito della famiglia"),
        ):
            assert answer in words(office.post("/ufficio/addebiti/", {"mese": "2026-10", **said}, follow=True))
        for wrong in ({"visto": 999999}, {"annulla": "x"}, {"decisione": "visto:1"}, {"annulla": "again:1"}):
            assert office.post("/ufficio/addebiti/", {"mese": "2026-10", **wrong}).status_code == 404
        assert "addebiti sul conto" not in words(office.get("/ufficio/da-fare/")).casefold()
        assert office.get(f"/ufficio/addebiti/{one.file_id}/cbi.xml").status_code == 302


def test_what_the_bank_leaves_open_stays_in_da_fare_until_it_is_decided(debited) -> None:
    bank, one = Bank(debited), asked()
    booked(date(2026, 12, 7))
    bank.hear(("NOTPROVIDED", "AM04", 2310), ("X-1", "MD06", 500), form="return", on=date(2026, 12, 9))
    with clock.standing_at(noon(date(2026, 12, 10))):
        office = desk(debited)
        told = words(office.get("/ufficio/da-fare/"))
        assert "2 righe della banca senza un addebito, o con un altro importo" in told
        assert "2 cose degli addebiti sul conto" in words(office.get("/ufficio/"))
        other, line = waiting.waiting_lines()
        place = f"/ufficio/addebiti/esiti/{line.id}/"
        page = words(office.get(place))
        assert (
            "23,10 €: sul conto non c’era abbastanza denaro (AM04). Riferimento scritto dalla banca: senza riferimento"
            in page
        )
        assert f"Maria Addolorata Rossi, {invoice().number}: 23,10 €, addebito del 7 dicembre" in page
        assert "scrivi perché non è di nessuno" in words(office.post(place, {"why": ""}))
        assert "La fattura torna da pagare" in words(office.post(place, {"collections": [one.pk]}, follow=True))
        assert "già deciso" in words(office.post(place, {"collections": [one.pk]}, follow=True))
        seen = words(office.post(f"/ufficio/addebiti/esiti/{other.id}/", {"why": "di un altro ente"}, follow=True))
        assert "la riga è vista, e non è cambiato niente" in seen
        assert "righe della banca" not in words(office.get("/ufficio/da-fare/"))
    assert invoice().state == "unpaid"


def test_what_was_refused_by_our_own_fault_stays_in_da_fare_until_it_is_decided(debited) -> None:
    bank, one = Bank(debited), asked()
    bank.hear((one.end_to_end_id, "FF01", 2310), on=date(2026, 11, 23))
    with clock.standing_at(noon(date(2026, 11, 24))):
        office = desk(debited)
        assert "1 addebito rifiutato dalla banca e non per colpa della famiglia" in words(office.get("/ufficio/da-fare/"))
        page = words(office.get("/ufficio/addebiti/"))
        assert "La richiesta non era scritta bene (FF01)" in page
        office.post("/ufficio/addebiti/", {"mese": "2026-10", "decisione": f"again:{one.pk}"})
        assert "rifiutato dalla banca" not in words(office.get("/ufficio/da-fare/"))


def test_a_mandate_on_paper_is_handed_in_and_taken_back(debited) -> None:
    office, adult = desk(debited), debited.families["haddad"].guardian
    address = f"/ufficio/adulti/{adult.pk}/addebito/"
    typed = {
        "iban": "IT78N0760103200001012345678",
        "holder": "Nonna Haddad",
        "tax_code": "RSSMRA85T10A562S",
        "signed_on": "2026-09-01",
        "kept_at": "prot. 1234/2026",
        "reference": "RID-77",
    }
    assert "Questo IBAN non torna" in words(office.post(address, typed | {"iban": "IT78N0760103200001012345679"}))
    assert "nel futuro" in words(office.post(address, typed | {"signed_on": "2030-01-01"}))
    assert "firmata da più di 36 mesi" in words(office.post(address, typed | {"signed_on": "2018-09-01"}))
    typed |= {"signed_on": "2018-09-01", "used_on": "2026-06-15"}
    assert "Autorizzazione registrata" in words(office.post(address, typed, follow=True))
    mandate = Mandate.objects.filter(payer=adult).latest("id")
    assert (mandate.reference, mandate.is_carried, mandate.holder_name) == ("RID-77", True, "Nonna Haddad")
    assert mandate.used_on == date(2026, 6, 15)
    assert queries.acts_of(mandate_id=mandate.pk)[0].evidence["kept_at"] == "prot. 1234/2026"

    assert "RID-77" in words(office.get(address))
    assert "Autorizzazione revocata" in words(office.post(address, {"revoke": "1"}, follow=True))
    mandate.refresh_from_db()
    assert mandate.state == "revoked"


def test_only_the_office_sees_it(debited) -> None:
    signed(debited.families["haddad"].guardian)
    assert phone(debited.families["rossi"].user, host="conto.localhost").get(PAGE).status_code == 403
    assert desk(debited).get("/ufficio/addebiti/999/cbi.xml").status_code == 404


def test_a_fault_of_the_file_is_put_right_on_the_page(debited) -> None:
    bank, one = Bank(debited), asked()
    bank.hear((one.end_to_end_id, "FF01", 2310), on=date(2026, 11, 23))
    with clock.standing_at(noon(date(2026, 11, 24))):
        office = desk(debited)
        page = words(office.get(PAGE))
        assert "non per colpa della famiglia: prima lo guarda l’ufficio Ripresenta Avviso pagoPA" in page
        said = words(office.post("/ufficio/addebiti/", {"mese": "2026-10", "decisione": f"again:{one.pk}"}, follow=True))
        again = words(office.post("/ufficio/addebiti/", {"mese": "2026-10", "decisione": f"notice:{one.pk}"}, follow=True))
        wrong = office.post("/ufficio/addebiti/", {"mese": "2026-10", "decisione": "never:x"})

    assert "la famiglia legge il giorno" in said
    assert "23,10 € 1 addebito Prepara il file" in said
    assert "si è già deciso" in again
    assert wrong.status_code == 404


def test_mandates_of_a_former_bank_are_told_first_and_then_taken(debited) -> None:
    place, head = "/ufficio/addebiti/autorizzazioni/", "Riferimento;Data firma;IBAN;Intestatario del conto;CF intestatario"
    adult = debited.families["haddad"].guardian
    good = f"EX-1;12/09/2026;IT78N0760103200001012345678;Nadir Haddad;{adult.tax_code}"
    wrong = good.replace("EX-1", "EX-2").replace("IT78N", "IT78M")

    def send(act: str, *lines: str, **more: str) -> str:
        content = "\n".join([head, *lines]).encode()
        sent = {"file": SimpleUploadedFile("mandati.csv", content), "kept_at": "prot. 12", "act": act}
        return words(office.post(place, sent | more, follow=True))

    with clock.standing_at(noon(ASKED)):
        office = desk(debited)
        told = send("check", wrong, good)
        refused = send("take", wrong, good)
        assert Mandate.objects.filter(reference__startswith="EX-").count() == 0
        done = send("take", wrong, good, leave_wrong="on")
        again = send("take", good)
        unreadable = send("check")

    assert "Da prendere in carico 1" in told
    assert "Righe sbagliate 1 Righe da guardare Riga 2, Nadir Haddad: Questo IBAN non torna" in told
    assert "Alcune righe sono sbagliate: non è stato preso niente" in refused
    assert "1 autorizzazione presa in carico" in done
    assert "c’erano già" in again
    assert "nessuna riga" in unreadable
    assert Mandate.objects.get(reference="EX-1").state == "active"
