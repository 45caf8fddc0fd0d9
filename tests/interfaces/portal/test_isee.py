"""A family's ISEE in the portal: how it stands in one word, what Home says of it, and the letters before each day."""

from typing import Any

import pytest

from campanella.domains.messaging.models import Message
from campanella.domains.people import operations as people
from campanella.foundation.core import clock
from campanella.usecases import isee
from campanella.usecases.access import handed
from tests.browsing import Browser, at_most, browser
from tests.tariffs import LISSONE, let_pay, load
from tests.towns import OFFICE, TODAY, Cast, choosing
from tests.usecases.tariffs.test_reckoning import enter, said

ENDS = LISSONE.replace("{9: 30}}", "{9: 30}, expired: ends}")
EMPOLI = LISSONE.replace(
    "{counts: month, by_day: 15, months: {9: 30}}",
    "{counts: deadlines, deadlines: [{by: 2026-10-30, from: 2026-11-01}, {by: 2026-12-31, from: 2027-01-01}]}",
)


@pytest.fixture
def phone(valle: Cast) -> Browser:
    """The mother, whose price follows from her ISEE."""
    return browser(valle.town, valle.families["rossi"].user)


def test_home_says_by_when_an_isee_is_to_be_declared(valle: Cast, phone: Browser) -> None:
    assert "ISEE" not in phone.read("/")
    let_pay(valle, load(), "Anna")
    page = phone.read("/")
    assert "Hai un ISEE?" in page
    assert "Dichiarato entro il 15 ottobre 2026 conta dal 1 ottobre 2026." in page.replace("1°", "1")
    enter(valle, said(9_800))
    assert "Hai un ISEE?" not in phone.read("/")


def test_one_that_waits_for_the_office_is_enough(valle: Cast, phone: Browser) -> None:
    let_pay(valle, load(), "Anna")
    payer_id = valle.families["rossi"].guardian.pk
    isee.declare(by=OFFICE, payer_id=payer_id, said=said(9_800), key="press-000000000001", now=clock.now())
    assert "Hai un ISEE?" not in phone.read("/")


def test_what_ends_is_said_where_it_is_lost(valle: Cast, phone: Browser, at: Any) -> None:
    let_pay(valle, load(ENDS), "Anna")
    enter(valle, said(9_800))
    assert "sta per scadere" not in phone.read("/")
    at("2026-12-10 08:00")
    assert "Il tuo ISEE sta per scadere Vale fino al 31 dicembre 2026" in phone.read("/")
    at("2027-01-11 08:00")
    assert "Il tuo ISEE è scaduto" in phone.read("/")
    assert "scaduto" in phone.read("/anagrafica/isee/")


def test_what_stays_good_to_the_end_of_the_season_is_worth_no_word(valle: Cast, phone: Browser, at: Any) -> None:
    let_pay(valle, load(), "Anna")
    enter(valle, said(9_800))
    at("2027-01-11 08:00")
    assert "ISEE" not in phone.read("/")
    assert "controllato" in phone.read("/anagrafica/isee/")


def test_omissions_are_said_where_they_do_not_count(valle: Cast, phone: Browser) -> None:
    let_pay(valle, load(), "Anna")
    enter(valle, said(9_800, has_omissions=True))
    assert "Il tuo ISEE va corretto" in phone.read("/")
    page = phone.read("/anagrafica/isee/")
    assert "con omissioni, non vale" in page
    assert "falla correggere dal CAF o dall’INPS" in page
    choosing(valle.town, isee_counts_with_omissions=True)
    assert "ISEE va corretto" not in phone.read("/")
    assert "controllato" in phone.read("/anagrafica/isee/")


def test_a_payer_without_an_isee_is_written_to_once_before_each_day(valle: Cast, at: Any) -> None:
    let_pay(valle, load(EMPOLI), "Anna", "Amina")
    payer_id = valle.families["haddad"].guardian.pk
    isee.declare(by=OFFICE, payer_id=payer_id, said=said(9_800), key="press-000000000001", now=clock.now())

    assert [isee.tell_of_deadlines(now=clock.now()) for _ in range(2)] == [1, 1]

    (letter,) = Message.objects.filter(template="isee_deadline")
    assert letter.address == "rossi@posta.example"
    assert "Se lo dichiari entro il 30 ottobre 2026, la tariffa lo conta dal" in letter.text
    at("2026-11-20 08:00")
    assert isee.tell_of_deadlines(now=clock.now()) == 0
    at("2026-12-10 08:00")
    assert isee.tell_of_deadlines(now=clock.now()) == 1
    assert Message.objects.filter(template="isee_deadline").count() == 2


def test_where_the_portal_takes_none_the_letter_leads_to_the_office(valle: Cast) -> None:
    choosing(valle.town, isee_is_declared_online=False)
    let_pay(valle, load(EMPOLI), "Anna")
    isee.tell_of_deadlines(now=clock.now())
    (letter,) = Message.objects.filter(template="isee_deadline")
    assert "L’ISEE si porta all’ufficio." in letter.text
    assert "Per dichiararlo" not in letter.text


@pytest.mark.parametrize("choices", [{"isee_reminder_days": 0}, {"isee_reminder_days": 10}])
def test_nobody_is_written_to_before_the_towns_days(valle: Cast, choices: dict[str, int]) -> None:
    choosing(valle.town, **choices)
    let_pay(valle, load(EMPOLI), "Anna")
    assert isee.tell_of_deadlines(now=clock.now()) == 0


def test_of_monthly_days_nobody_is_written_to(valle: Cast) -> None:
    let_pay(valle, load(), "Anna")
    assert isee.tell_of_deadlines(now=clock.now()) == 0


def test_an_access_for_one_child_declares_and_reads_no_amount(valle: Cast) -> None:
    """A letter about a child is read by more than one person: it may declare for the payer it was handed to."""
    choosing(valle.town, account_per_child=True)
    let_pay(valle, load(), "Anna")
    enter(valle, said(9_800))
    user = handed.give(by=OFFICE, child_id=valle.child("Anna").pk, guardian_id=None, now=clock.now())
    mine = browser(valle.town, user)

    assert "ISEE e tariffe" in mine.read("/anagrafica/")
    page = mine.read("/anagrafica/isee/")
    assert "gli importi qui non si leggono" in page
    assert "9.800" not in page
    assert "Fino a 11.000" not in page
    form = {"key": "abcdefghijklmnop", "amount": "6.000,00", "kind": "current", "issued_on": str(TODAY), "household": "4"}
    assert mine.post("/anagrafica/isee/", form)["Location"] == "/anagrafica/isee/"
    assert "lo guarda l’ufficio" in mine.read("/anagrafica/isee/")
    assert "6.000" not in mine.read("/anagrafica/isee/")


def test_an_access_handed_to_who_does_not_pay_finds_nothing(valle: Cast) -> None:
    choosing(valle.town, account_per_child=True)
    let_pay(valle, load(), "Anna")
    father = valle.families["haddad"].guardian
    people.tie(child=valle.child("Anna"), guardian=father, is_payer=False)
    user = handed.give(by=OFFICE, child_id=valle.child("Anna").pk, guardian_id=father.pk, now=clock.now())
    assert browser(valle.town, user).get("/anagrafica/isee/").status_code == 404
    assert "ISEE" not in browser(valle.town, user).read("/")


def test_home_asks_for_it_only_where_a_price_is_reckoned(valle: Cast, phone: Browser) -> None:
    phone.get("/")
    with at_most(9):
        phone.get("/")
    let_pay(valle, load(), "Anna")
    with at_most(15):
        phone.get("/")
