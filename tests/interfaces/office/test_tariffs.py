"""Tariffe: read in sentences, written as a file, changed from a day on; whom that concerns is told before it is kept."""

import re
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile

from campanella.domains.services.models import Tariff
from campanella.domains.services.tariff_files import reading
from campanella.foundation.core import clock
from campanella.usecases.tariffs import loading
from tests.browsing import Browser, at_most, browser
from tests.interfaces.portal.phones import phone, words
from tests.tariffs import LISSONE, SIBLINGS, load, prices
from tests.towns import OFFICE, Cast, tell_again, text_of
from tests.usecases.tariffs.test_replacing import LIST, RECKONED

PAGE = "/ufficio/tariffe/"
JANUARY = date(2027, 1, 1)


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


def of(code: str) -> str:
    return f"{PAGE}{Tariff.objects.get(code=code).pk}/"


def form_of(office: Browser, address: str, **other: str) -> dict[str, str]:
    """Return what the form of a page would send as it is, with other values for some."""
    fields: dict[str, str] = {}
    form = BeautifulSoup(office.get(address).content, "html.parser").select("form[method=post]")[-1]
    for field in form.select("[name]"):
        if field.get("type") == "checkbox" and not field.has_attr("checked"):
            continue
        chosen = field.select("option[selected]") or field.select("option")
        usual = "on" if field.get("type") == "checkbox" else ""
        fields[str(field["name"])] = str((chosen[0] if chosen else field).get("value") or usual)
    return fields | other


def upload(office: Browser, text: str) -> Any:
    answer = office.post(f"{PAGE}carica/", {"file": SimpleUploadedFile("tariffe.yaml", text.encode())})
    tell_again()
    return answer


def confirm(office: Browser, seen: Any) -> str:
    (signed,) = re.findall(r'name="signed" value="([^"]+)"', seen.content.decode())
    told = text_of(office.post(f"{PAGE}carica/", {"signed": signed, "act": "confirm"}, follow=True))
    tell_again()
    return told


def test_each_service_has_its_versions_and_one_is_told_in_sentences(valle: Cast, office: Browser) -> None:
    load(LISSONE + SIBLINGS)
    page = office.read(PAGE)
    assert (
        "Refezione Mensa 2026/27 dal 1 settembre 2026 al 31 agosto 2027 · la fascia la sceglie l’ufficio · 3 bambini" in page
    )
    assert "vale adesso" in page
    told = office.read(of("mensa-isee"))
    assert "Fino a 7.000 (ISEE fino a 7.000,00 €): 2,55 € al giorno." in told.replace("\xa0", " ")
    assert "Secondo figlio: 20% in meno se è il 2º figlio, abita nel Comune." in told
    assert "Presentato entro il 15 del mese vale dal primo di quel mese; in settembre entro il 30." in told
    assert "ha caricato la tariffa Mensa 2026/27" in told


def test_its_pages_ask_as_much_for_many_tariffs(valle: Cast, office: Browser) -> None:
    load()
    for address, count in ((PAGE, 6), (of("mensa-26"), 6), (f"{of('mensa-26')}cambia/", 5)):
        office.get(address)
        with at_most(count):
            office.get(address)


def test_the_file_is_read_again_as_the_same(valle: Cast, office: Browser) -> None:
    text = office.get(f"{PAGE}file/").content.decode()
    assert {one.code for one in reading.schemes(text, services=["mensa", "scuolabus"])} == {"mensa-26", "bus-26"}
    one = office.get(f"{PAGE}file/?tariffa={Tariff.objects.get(code='bus-26').pk}").content.decode()
    assert "bus-26" in one
    assert "mensa-26" not in one
    assert office.get(f"{PAGE}file/?tariffa=0").status_code == 404
    assert "Niente: è già tutto così" in text_of(upload(office, text))


def test_a_canteen_tariff_is_raised_from_january_and_the_family_reads_it(valle: Cast, office: Browser) -> None:
    address = f"{of('mensa-26')}cambia/"
    sent = form_of(office, address, first="2027-01-01", **{"amount-1-price-1": "4,80"})
    seen = office.post(address, sent)
    told = text_of(seen).replace("\xa0", " ")
    assert "Riguarda 3 bambini di 2 famiglie : 2 di più, 0 di meno.".replace(" :", ":") in told
    assert "Intera 4,60 € Intera 4,80 € 2" in told
    assert "Anna Rossi da 4,60 € a 4,80 €" in told
    assert Tariff.objects.count() == 2
    assert "Fatto: 1 tariffa caricata." in confirm(office, seen)
    assert prices(valle, "Anna")[-1] == (JANUARY, 480, "Intera")
    assert prices(valle, "Luca")[-1][1] == 310
    assert "Mensa 2026/27, dal 1 gennaio 2027" in office.read(PAGE)
    # A slip of the hand is put right before January.
    address = f"{of('mensa-26-20270101')}cambia/"
    again = office.post(address, form_of(office, address, **{"amount-1-price-1": "4,90"}))
    assert "Si corregge: comincerà il 1 gennaio 2027" in text_of(again)
    confirm(office, again)
    assert prices(valle, "Anna")[-1] == (JANUARY, 490, "Intera")
    family = words(phone(valle.families["rossi"].user).get("/anagrafica/isee/"))
    assert "Anna, Refezione, dal 1 gennaio 2027: 4,90 € a pasto Intera: la fascia resta la tua" in family
    assert "Luca, Refezione, dal" not in family


def test_reductions_deadlines_and_who_is_not_enrolled_are_changed_without_a_file(valle: Cast, office: Browser) -> None:
    loading.load(by=OFFICE, text=RECKONED, now=clock.now())
    address = f"{of('mensa-isee')}cambia/"
    second = {"r1-name": "Secondo figlio", "r1-value": "30", "r1-from_child": "2", "r1-to_child": "2", "r1-residents": "on"}
    said = {"first": "2027-01-01", "by_day": "10", "until": "2027-04-30", "outside": "price", "amount-not_enrolled": "7,00"}
    seen = office.post(address, form_of(office, address, **said, **second, **{"r0-value": "20"}))
    told = text_of(seen).replace("\xa0", " ")
    assert "Luca Rossi da 4,50 € a 3,15 €" in told
    confirm(office, seen)
    new = office.read(of("mensa-isee-20270101")).replace("\xa0", " ")
    assert "Secondo figlio: 30% in meno se è il 2º figlio, abita nel Comune." in new
    assert "Iscrizione tardiva: 20% in più se è iscritto dopo il 31 ottobre 2026." in new
    assert "Chi usa il servizio senza iscriversi paga 7,00 €." in new
    assert "Presentato entro il 10 del mese" in new
    assert "Chi lo presenta dopo il 30 aprile 2027 aspetta l’anno dopo." in new


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"first": ""}, "Scegli il giorno"),
        ({"first": "2026-10-01"}, "vale da un giorno già cominciato"),
        ({"amount-0-price-1": "tre"}, "Questo non è un importo"),
        ({"name": ""}, "Scrivi come si chiama"),
    ],
)
def test_what_is_wrong_with_a_change_is_told(valle: Cast, office: Browser, changed: dict[str, str], told: str) -> None:
    address = f"{of('mensa-26')}cambia/"
    seen = text_of(office.post(address, form_of(office, address) | changed))
    assert told in seen
    assert "Conferma le tariffe" not in seen


def test_a_change_that_cannot_be_kept_leaves_what_was_typed(valle: Cast, office: Browser) -> None:
    """The new name and amounts are there to be put right, with why they were not taken; nothing is kept."""
    address = f"{of('mensa-26')}cambia/"
    said = {"first": "2026-10-01", "name": "Mensa rincarata", "amount-1-price-1": "4,85"}
    seen = office.post(address, form_of(office, address, **said))
    page = seen.content.decode()
    assert seen.status_code == 422
    assert "vale da un giorno già cominciato" in text_of(seen)
    assert 'value="Mensa rincarata"' in page
    assert 'value="4,85"' in page
    assert 'value="2026-10-01"' in page
    assert Tariff.objects.count() == 2
    again = office.post(address, form_of(office, address, **{**said, "first": "2027-01-01"}))
    assert "Fatto: 1 tariffa caricata." in confirm(office, again)


def test_reductions_are_folded_until_one_of_them_is_wrong(valle: Cast, office: Browser) -> None:
    loading.load(by=OFFICE, text=RECKONED, now=clock.now())
    address = f"{of('mensa-isee')}cambia/"
    page = office.get(address).content.decode()
    assert page.count('<details class="cp-more">') >= 3
    assert '<details class="cp-more" open>' not in page
    wrong = office.post(address, form_of(office, address, **{"r1-name": "Secondo figlio", "r1-value": "tre"}))
    assert wrong.content.decode().count('<details class="cp-more" open>') == 1
    assert "Scrivi quanto" in text_of(wrong)


def test_a_file_that_is_wrong_is_told_line_by_line(valle: Cast, office: Browser) -> None:
    assert "Riga 11: “price”: “12.345” non è chiaro" in text_of(upload(office, LIST.replace("3.30", "12.345")))
    assert "Non è un testo UTF-8" in text_of(
        office.post(f"{PAGE}carica/", {"file": SimpleUploadedFile("tariffe.yaml", b"\xff\xfe")})
    )
    tell_again()
    assert "Scegli il file" in text_of(office.post(f"{PAGE}carica/", {}))
    refused = text_of(upload(office, LIST.replace("    replaces: mensa-26\n", "")))
    assert "varrebbe negli stessi giorni di «Mensa 2026/27», che c’è già." in refused
    assert "Conferma le tariffe" not in refused


def test_a_confirmation_that_was_not_told_is_none(valle: Cast, office: Browser) -> None:
    seen = upload(office, LIST)
    assert "Fatto" in confirm(office, seen)
    # Pressed again, it is as it was said.
    assert "Era già tutto così." in confirm(office, seen)
    answer = office.post(f"{PAGE}carica/", {"signed": "x", "act": "confirm"}, follow=True)
    assert "È passato troppo tempo" in text_of(answer)
