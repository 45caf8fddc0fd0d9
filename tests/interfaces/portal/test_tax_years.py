"""Dichiarazione fiscale as a family sees it: what it may download, whose it is, and why there is none."""

from datetime import date
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from campanella.domains.certifying import queries as certificates
from campanella.domains.people import mending
from campanella.domains.people import operations as people
from campanella.foundation.core import clock
from campanella.usecases.certificates import issue_for
from tests.browsing import Browser, browser
from tests.paying import TAX_CODES
from tests.readings.certificates.paying import MOTHER, move_outside, pay
from tests.towns import OFFICE, Cast, choosing, text_of

PAGE = "/pagamenti/dichiarazione-fiscale/"
OCTOBER = date(2026, 10, 20)
FATHER = "RSSLCU80A01A562Q"


@pytest.fixture
def over(valle: Cast, at: Any) -> Cast:
    """The family Rossi in January 2027, after a year in which it paid for Anna by card and for Luca in cash."""
    for name, code in TAX_CODES.items():
        mending.write_child_tax_code(by=OFFICE, child_id=valle.child(name).pk, tax_code=code, now=clock.now())
    pay(valle, "Anna", 5000, OCTOBER)
    move_outside(valle, "Luca", 1000, OCTOBER, account="cash")
    at("2027-01-12 10:00")
    return valle


def family(cast: Cast, name: str = "rossi") -> Browser:
    return browser(cast.town, cast.families[name].user)


def make(cast: Cast, child: str, year: int = 2026, who: str = "rossi") -> Any:
    return family(cast, who).post(f"{PAGE}{cast.child(child).pk}/{year}/", follow=True)


def test_a_year_that_is_over_is_downloaded_in_three_taps(over: Cast) -> None:
    rossi = family(over)
    assert PAGE in rossi.get("/pagamenti/").content.decode()
    assert "Scarica l’attestazione 2026 di Anna" in rossi.read(PAGE)
    answer = make(over, "Anna")
    with pikepdf.open(BytesIO(answer.content)) as paper:
        assert paper.docinfo["/Title"] == "Attestazione delle spese 2026"
    assert answer.headers["Content-Disposition"] == 'inline; filename="attestazione-2026-1.pdf"'
    assert "Attestati 50,00 € il" in rossi.read(PAGE)


def test_the_year_that_goes_on_is_not_certified(over: Cast) -> None:
    assert "L’anno non è finito" in text_of(make(over, "Anna", 2027))
    assert make(over, "Anna", 1990).status_code == 404


def test_cash_only_is_said_with_its_reason(over: Cast) -> None:
    assert "Nel 2026 per Luca ci sono solo pagamenti in contanti" in text_of(make(over, "Luca"))


def test_another_familys_child_and_certificate_are_not_there(over: Cast) -> None:
    make(over, "Anna")
    (mine,) = certificates.certificates_of(child_ids=[over.child("Anna").pk])
    assert family(over).get(f"{PAGE}{mine.id}.pdf").status_code == 200
    assert family(over, "haddad").get(f"{PAGE}{mine.id}.pdf").status_code == 404
    assert make(over, "Anna", who="haddad").status_code == 404


def test_two_parents_do_not_read_each_others_certificate(over: Cast) -> None:
    father = people.register_guardian(given_name="Luca", family_name="Rossi", tax_code=FATHER, email="", phone="")
    people.tie(child=over.child("Anna"), guardian=father, is_payer=False)
    pay(over, "Anna", 2000, OCTOBER, payer=FATHER)
    make(over, "Anna")
    of_mother, of_father = sorted(
        certificates.certificates_of(child_ids=[over.child("Anna").pk]), key=lambda one: one.payer_tax_code != MOTHER
    )
    assert family(over).get(f"{PAGE}{of_mother.id}.pdf").status_code == 200
    assert family(over).get(f"{PAGE}{of_father.id}.pdf").status_code == 404


def test_what_an_aunt_paid_is_told_to_the_family(over: Cast) -> None:
    pay(over, "Luca", 2000, OCTOBER, payer="BNCGLI80A41A562X")
    assert make(over, "Luca").content.startswith(b"%PDF")


def test_a_town_may_make_them_itself(over: Cast) -> None:
    choosing(over.town, certificates_by_themselves=False)
    assert "L’ufficio non ha ancora preparato" in text_of(make(over, "Anna"))
    issue_for(by_id=None, child_ids=[over.child("Anna").pk], year=2026, now=clock.now())
    assert make(over, "Anna").content.startswith(b"%PDF")


def test_a_later_refund_shows_the_new_version_and_keeps_the_old(over: Cast) -> None:
    make(over, "Anna")
    move_outside(over, "Anna", -2000, date(2026, 11, 3), account="bank")
    make(over, "Anna")
    words = family(over).read(PAGE)
    assert "Attestati 30,00 € il 12 gennaio 2027, versione 2" in words
    assert "Versione 1 del 12 gennaio 2027, sostituita" in words


def test_the_page_asks_few_questions(over: Cast, django_assert_max_num_queries: Any) -> None:
    rossi = family(over)
    rossi.get(PAGE)
    with django_assert_max_num_queries(16):
        rossi.get(PAGE)


def test_a_code_is_checked_without_telling_anything(over: Cast) -> None:
    make(over, "Anna")
    (mine,) = certificates.certificates_of(child_ids=[over.child("Anna").pk])
    anybody = browser(over.town)
    words = anybody.read("/verifica/", codice=mine.written_code.lower(), totale="50,00")
    assert "Il foglio è del Comune e vale" in words
    assert "Il totale corrisponde" in words
    assert "Il totale non corrisponde" in anybody.read("/verifica/", codice=mine.code, totale="51,00")
    for secret in ("Anna", "Rossi", "Maria", MOTHER, TAX_CODES["Anna"]):
        assert secret not in words
    assert "50,00" not in anybody.get("/verifica/", {"codice": mine.code}).content.decode()
    move_outside(over, "Anna", -2000, date(2026, 11, 3), account="bank")
    make(over, "Anna")
    assert "Sostituita da una versione più nuova" in anybody.read("/verifica/", codice=mine.code)
    assert "Nessun foglio con questo codice" in anybody.read("/verifica/", codice="AAAA-AAAA-AAAA")
    assert "Nessun foglio con questo codice" in anybody.read("/verifica/", codice="<b>")


def test_another_towns_code_is_unknown_here(borgo: Cast, over: Cast) -> None:
    make(over, "Anna")
    (mine,) = certificates.certificates_of(child_ids=[over.child("Anna").pk])
    assert "Nessun foglio con questo codice" in browser(borgo.town).read("/verifica/", codice=mine.code)
