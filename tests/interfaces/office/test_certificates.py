"""The office makes a year's certificates: looked at first, as a job with progress, with who has none and why."""

import csv
import json
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import pikepdf
import pytest
from python_calamine import CalamineWorkbook

from campanella.domains.certifying import operations as certifying
from campanella.domains.certifying import queries as certificates
from campanella.domains.people import mending
from campanella.domains.people import operations as people
from campanella.domains.services import queries as services
from campanella.domains.services.taxation import Taxation
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.usecases import certificates as making
from tests.browsing import Browser, browser
from tests.paying import TAX_CODES
from tests.readings.certificates.paying import MOTHER, move_outside, pay
from tests.towns import OFFICE, Cast, run_jobs, text_of

PAGE = "/ufficio/attestazioni/"
OCTOBER = date(2026, 10, 20)
FATHER = "RSSLCU80A01A562Q"


@pytest.fixture
def over(valle: Cast, at: Any) -> Cast:
    """January 2027: paid by card for Anna, in cash for Luca, by card for Amina whose tax code nobody knows."""
    for name, code in TAX_CODES.items():
        mending.write_child_tax_code(by=OFFICE, child_id=valle.child(name).pk, tax_code=code, now=clock.now())
    pay(valle, "Anna", 5050, OCTOBER)
    move_outside(valle, "Luca", 1000, OCTOBER, account="cash")
    pay(valle, "Amina", 3000, OCTOBER, payer="HDDNDR80A01Z330Q")
    at("2027-01-12 10:00")
    return valle


def office(cast: Cast) -> Browser:
    return browser(cast.town, cast.staff["office"])


def press(cast: Cast, what: str, year: int = 2026) -> str:
    words = text_of(office(cast).post(f"{PAGE}{year}/prepara/", {"fai": what}, follow=True))
    run_jobs()
    return words


def test_it_is_looked_at_first_and_nothing_is_issued(over: Cast) -> None:
    assert "in corso: 0 bambini su 3" in press(over, "guarda")
    assert certificates.issued_in(year=2026) == []
    words = office(over).read(PAGE, anno="2026")
    assert "Anteprima del" in words
    assert "Da fare 1 Da sostituire 0 Già giuste 0 Importo attestato 50,50 €" in words
    assert "solo pagamenti in contanti: 1" in words
    assert "manca il codice fiscale del bambino: 1" in words
    assert "Luca Rossi Solo pagamenti in contanti; in contanti 10,00 €" in words


def test_a_run_makes_them_once_and_a_second_one_says_so(over: Cast) -> None:
    for expected in ("Nuove 1 Sostituite 0 Già giuste 0", "Nuove 0 Sostituite 0 Già giuste 1"):
        press(over, "prepara")
        assert expected in office(over).read(PAGE, anno="2026")
    move_outside(over, "Anna", -1000, date(2026, 12, 1), account="bank")
    press(over, "prepara")
    assert "Nuove 0 Sostituite 1 Già giuste 0" in office(over).read(PAGE, anno="2026")
    assert [one.amount for one in certificates.issued_in(year=2026)] == [Euro(4050)]


def test_two_presses_are_one_run_and_it_can_be_stopped(over: Cast) -> None:
    address = f"{PAGE}2026/prepara/"
    office(over).post(address, {"fai": "prepara"})
    assert "già in preparazione" in text_of(office(over).post(address, {"fai": "prepara"}, follow=True))
    run = certificates.last_run(year=2026)
    assert run
    assert "Fermata" in text_of(office(over).post(f"{PAGE}preparazione/{run.id}/ferma/", follow=True))
    run_jobs()
    assert certificates.issued_in(year=2026) == []
    assert press(over, "prepara")
    assert len(certificates.issued_in(year=2026)) == 1


def test_a_run_that_was_killed_goes_on_where_it_was(over: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "SOME", 1)
    run = making.begin(by=OFFICE, year=2026, is_dry=False, today=clock.today(), now=clock.now())
    assert making.go_on(run_id=run.pk, now=clock.now())
    half = certificates.run(run_id=run.pk)
    assert (half.done, half.total, half.ended_at) == (1, 3, None)
    run_jobs()
    whole = certificates.run(run_id=run.pk)
    assert (whole.done, whole.issued, whole.ended_at is not None) == (3, 1, True)


def test_the_year_that_goes_on_may_only_be_looked_at(over: Cast) -> None:
    assert "L’anno non è finito" in press(over, "prepara", 2027)
    assert "Anteprima" in press(over, "guarda", 2027)


def test_the_list_says_who_has_one_and_who_has_not(over: Cast) -> None:
    press(over, "prepara")
    answer = office(over).get(f"{PAGE}2026/elenco.csv")
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert [(row["Bambino"], row["Istruzione"], row["Perché non c’è"]) for row in rows] == [
        ("Anna Rossi", "50,50", ""),
        ("Luca Rossi", "", "solo pagamenti in contanti"),
        ("Amina Haddad", "", "manca il codice fiscale del bambino"),
    ]
    book = CalamineWorkbook.from_filelike(BytesIO(office(over).get(f"{PAGE}2026/elenco.xlsx").content))
    assert len(book.get_sheet_by_index(0).to_python()) == 4


def test_papers_for_families_without_the_portal(over: Cast) -> None:
    assert office(over).get(f"{PAGE}2026/attestazioni.pdf").status_code == 404
    press(over, "prepara")
    with pikepdf.open(BytesIO(office(over).get(f"{PAGE}2026/attestazioni.pdf").content)) as paper:
        assert len(paper.pages) == 1
    assert office(over).get(f"{PAGE}2026/attestazioni.pdf?dopo=1").status_code == 404


def test_the_agencys_data_says_what_it_is_not(over: Cast) -> None:
    pay(over, "Anna", 1000, OCTOBER, payer="")
    mother = over.families["rossi"].guardian
    type(mother).objects.filter(pk=mother.pk).update(tax_code="")
    move_outside(over, "Anna", -500, date(2026, 12, 1), account="bank")
    anna = over.child("Anna")
    certifying.oppose(by=OFFICE, child=anna, year=2026, is_opposed=True, now=clock.now())
    press(over, "prepara")
    told = json.loads(office(over).get(f"{PAGE}2026/agenzia-scuola.json").content)
    assert told["is_agency_layout"] is False
    assert told["body"]["tax_code"] == over.town.tax_code
    (row,) = told["rows"]
    assert (row["child_tax_code"], row["payer_tax_code"], row["opposed"]) == (TAX_CODES["Anna"], MOTHER, True)
    assert (row["paid_cents"], row["paid_euro"], row["refunded_year"]) == (5050, 51, 2026)
    assert row["refunded_cents"] == 417  # of 5,00, as 50,50 is to 60,50
    assert told["children_with_a_payer_without_tax_code"] == [anna.code]
    sheet = office(over).get(f"{PAGE}2026/agenzia-nido.csv").content.decode("utf-8-sig")
    assert sheet.count("\n") == 1
    assert office(over).get(f"{PAGE}2026/agenzia-altro.csv").status_code == 404


def test_one_childs_year_is_shown_made_and_divided(over: Cast) -> None:
    father = people.register_guardian(given_name="Luca", family_name="Rossi", tax_code=FATHER, email="", phone="")
    anna = over.child("Anna")
    people.tie(child=anna, guardian=father, is_payer=False)
    address = f"{PAGE}2026/bambini/{anna.pk}/"
    words = office(over).read(address)
    assert "Maria Addolorata Rossi, 50% 25,25 €" in words
    assert "Pagato 50,50 €" in words
    assert "Fatte 1." in text_of(office(over).post(f"{address}prepara/", follow=True))
    assert "Non è cambiato niente" in text_of(office(over).post(f"{address}prepara/", follow=True))
    assert "70% 35,35 €" in text_of(office(over).post(address, {"fai": "dividi", "percent": "70"}, follow=True))
    assert "da 0 a 100" in text_of(office(over).post(address, {"fai": "dividi", "percent": "boh"}))
    assert "50% 25,25 €" in text_of(office(over).post(address, {"fai": "meta"}, follow=True))
    assert "si è opposta" in text_of(office(over).post(address, {"fai": "opposizione"}, follow=True))
    assert "Nessuna opposizione" in text_of(office(over).post(address, {"fai": "invio"}, follow=True))
    (mine,) = certificates.certificates_of(child_ids=[anna.pk])
    assert office(over).get(f"{PAGE}{mine.id}.pdf").content.startswith(b"%PDF")
    assert office(over).get(f"{PAGE}1999/bambini/{anna.pk}/").status_code == 404


def test_a_service_is_treated_otherwise_from_a_year_on(over: Cast) -> None:
    bus = over.services["scuolabus"]
    form = {"servizio": str(bus.pk), "dal": "2026", "detrazione": "none", "iva": "10"}
    words = text_of(office(over).post("/ufficio/impostazioni/fisco/", form, follow=True))
    assert "dal 2026: non detraibile, IVA 10%" in words
    assert services.taxations(year=2026)[bus.pk] == Taxation("none", "10")
    assert services.taxations(year=2025)[bus.pk] == Taxation("school", "outside")
    for wrong in ({"iva": "7"}, {"dal": "1999"}, {"servizio": "0"}, {"detrazione": ""}):
        assert office(over).post("/ufficio/impostazioni/fisco/", form | wrong).status_code == 404


def test_the_page_of_a_year_asks_few_questions(over: Cast, django_assert_max_num_queries: Any) -> None:
    press(over, "prepara")
    clerk = office(over)
    clerk.get(PAGE, {"anno": "2026"})
    with django_assert_max_num_queries(14):
        clerk.get(PAGE, {"anno": "2026"})
