"""The page that gives a family more time to answer, from a seat, a week or an application."""

import pytest

from campanella.domains.places import queries
from campanella.foundation.core import clock
from campanella.usecases.places import deciding
from tests.browsing import Browser, browser
from tests.buses import ask, ride
from tests.ranking import AFTER, newborn, offer_to, published, ranked
from tests.towns import OFFICE, Cast, text_of

SAID = {"day": "2026-10-22", "words": "La mamma è in ospedale"}


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


def test_a_seat_that_is_offered_is_given_more_time(valle: Cast, office: Browser) -> None:
    one = ride(valle)
    place = ask(valle, one, "Anna")
    here, page = f"/ufficio/scuolabus/posti/{place.pk}/", f"/ufficio/posti/{place.pk}/tempo/"
    assert "Nessuno aspetta più una risposta" in text_of(office.post(page, SAID, follow=True)), "it only waits"
    deciding.offer_free(by=OFFICE, pool_id=one.pool_id, now=clock.now())
    assert page in office.get(here).content.decode()
    assert "Ora si risponde fino al 19 ottobre 2026, 23:59" in office.read(page)
    assert "Scrivi il motivo" in text_of(office.post(page, SAID | {"words": ""}))
    assert "Si rispondeva già fino al 19 ottobre" in text_of(office.post(page, SAID | {"day": "2026-10-19"}))
    done = text_of(office.post(page, SAID, follow=True))
    assert "alla famiglia parte una e-mail" in done
    assert "Offerta prolungata" in done
    assert clock.day_of(queries.place(place_id=place.pk).offer_ends_at or clock.now()).isoformat() == SAID["day"]


def test_a_place_of_a_list_is_given_more_time_from_its_application(valle: Cast, office: Browser) -> None:
    call = ranked(valle)
    one = newborn(valle, call, "B")
    with clock.standing_at(AFTER):
        published(call)
        page = f"/ufficio/iscrizioni/posti/{offer_to(one).pk}/tempo/"
        assert page in office.get(f"/ufficio/iscrizioni/{one.pk}/").content.decode()
        done = text_of(office.post(page, SAID | {"day": "2026-11-20"}, follow=True))
    assert "alla famiglia parte una e-mail" in done
    assert clock.day_of(offer_to(one).until).isoformat() == "2026-11-20"
