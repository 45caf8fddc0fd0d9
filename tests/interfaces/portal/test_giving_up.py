"""A family gives a service up to which its child was accepted, and reads what becomes of it."""

from datetime import timedelta

import pytest

from campanella.domains.applying import queries
from campanella.foundation.core import clock
from campanella.usecases.applying import leaving
from tests.applying import accept, opened, sent
from tests.browsing import Browser, at_most, browser
from tests.towns import OFFICE, TODAY, Cast, Family, text_of


@pytest.fixture
def phone(valle: Cast, rossi: Family) -> Browser:
    """The phone of the family Rossi."""
    return browser(valle.town, rossi.user)


def test_a_service_that_has_not_begun_is_given_up_in_one_act(valle: Cast, rossi: Family, phone: Browser) -> None:
    one = sent(valle, opened(valle, places=2), rossi)
    here = f"/iscrizioni/{one.pk}/rinuncia/"
    assert phone.get(here).status_code == 302
    accept(valle, one)
    assert "Rinuncia al servizio" in phone.read(f"/iscrizioni/{one.pk}/")
    page = phone.read(here)
    assert "Il servizio doveva cominciare il 21 ottobre 2026: non comincia" in page
    assert "Il posto va al primo della lista d’attesa" in page
    assert "Ultimo giorno" not in page
    answer = text_of(phone.post(here, follow=True))
    assert "Rinuncia registrata" in answer
    assert "Il servizio non comincia." in answer
    assert "Rinuncia al servizio" not in answer
    # Pressed twice.
    assert phone.post(here).status_code == 302
    assert queries.application(application_id=one.pk).state == "given_up"


def test_of_a_service_in_use_the_last_day_is_chosen(valle: Cast, rossi: Family, phone: Browser) -> None:
    one = sent(valle, opened(valle, begins_on=TODAY - timedelta(days=7)), rossi)
    accept(valle, one)
    here = f"/iscrizioni/{one.pk}/rinuncia/"
    assert "Ultimo giorno con il servizio" in phone.read(here)
    assert "Scegli oggi o un giorno dopo" in text_of(phone.post(here, {"last": "2026-10-01"}))
    assert "Scegli l’ultimo giorno" in text_of(phone.post(here, {"last": ""}))
    answer = text_of(phone.post(here, {"last": "2026-10-30"}, follow=True))
    assert "L’ultimo giorno con il servizio è il 30 ottobre 2026" in answer
    assert "ultimo giorno: 30 ottobre 2026" in answer


def test_what_was_revoked_says_why(valle: Cast, rossi: Family, phone: Browser) -> None:
    one = sent(valle, opened(valle), rossi)
    accept(valle, one)
    leaving.revoke(by=OFFICE, application_id=one.pk, last=TODAY, words="La residenza non risulta", now=clock.now())
    page = phone.read(f"/iscrizioni/{one.pk}/")
    assert "L’ufficio ha revocato l’iscrizione La residenza non risulta" in page
    assert "Scuolabus revocata" in phone.read("/")


def test_nobody_gives_up_for_another(valle: Cast, rossi: Family) -> None:
    one = sent(valle, opened(valle), rossi)
    accept(valle, one)
    other = browser(valle.town, valle.families["haddad"].user)
    assert other.get(f"/iscrizioni/{one.pk}/rinuncia/").status_code == 404
    assert other.post(f"/iscrizioni/{one.pk}/rinuncia/").status_code == 404


def test_the_page_asks_little(valle: Cast, rossi: Family, phone: Browser) -> None:
    one = sent(valle, opened(valle), rossi)
    accept(valle, one)
    phone.get(f"/iscrizioni/{one.pk}/rinuncia/")
    with at_most(14):
        phone.get(f"/iscrizioni/{one.pk}/rinuncia/")
