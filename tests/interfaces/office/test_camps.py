"""The office's pages of camps."""

import pytest

from campanella.domains.places import queries
from campanella.domains.services import operations as services
from tests.browsing import Browser, at_most, browser
from tests.camps import ask, assign, camp
from tests.towns import Cast, text_of


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


def test_weeks_are_opened(valle: Cast, office: Browser) -> None:
    assert "Prima serve un servizio di centro estivo" in office.read("/ufficio/centri-estivi/")
    service = services.register_service(code="centro", name="Centro estivo", kind="camp", position=9)
    form = {"service": str(service.pk), "first": "2027-06-28", "last": "2027-07-16", "capacity": "30", "reserved": "3"}
    done = text_of(office.post("/ufficio/centri-estivi/", form, follow=True))
    assert "3 settimane aperte" in done
    assert "0 posti su 30" in done
    again = text_of(office.post("/ufficio/centri-estivi/", form))
    assert "In quei giorni questo centro ha già delle settimane" in again


def test_a_week_is_offered_given_and_left(valle: Cast, office: Browser) -> None:
    first, *_ = camp(valle)
    (place,) = ask(valle, [first], "Amina", valle.families["haddad"])
    address, anna = f"/ufficio/centri-estivi/{first.pk}/", valle.child("Anna").pk
    given = {"week": str(first.pk), "words": ""}
    assert "chi ha chiesto prima" in text_of(office.post(f"/ufficio/bambini/{anna}/centri-estivi/", given))
    assert "1 posto offerto" in text_of(office.post(address, {"fai": "offri"}, follow=True))
    assert "Fatto: il posto" in text_of(office.post(address, {"fai": "togli", "quale": str(place.pk)}, follow=True))
    done = office.post(f"/ufficio/bambini/{anna}/centri-estivi/", given, follow=True)
    assert "Ha il posto per quella settimana" in text_of(done)
    with at_most(16):
        assert "Rossi Anna" in office.read(address)


def test_another_weeks_place_and_a_strange_act_are_not_there(valle: Cast, office: Browser) -> None:
    first, second, _ = camp(valle)
    place = assign(valle, second, "Luca")
    address = f"/ufficio/centri-estivi/{first.pk}/"
    for form in ({"fai": "togli", "quale": str(place.pk)}, {"fai": "x", "quale": "1"}, {"fai": "togli", "quale": "9" * 30}):
        assert office.post(address, form).status_code == 404
    assert queries.place(place_id=place.pk).state == "held"


def test_the_places_of_a_week_change_and_nobody_loses_one(valle: Cast, office: Browser) -> None:
    first, *_ = camp(valle)
    assign(valle, first, "Luca")
    address = f"/ufficio/centri-estivi/{first.pk}/"
    assert "Salvato" in text_of(office.post(address, {"fai": "posti", "capacity": "12", "reserved": "2"}, follow=True))
    assert "1 posto su 12" in office.read(address)
    for form, sentence in (
        ({"capacity": "-1"}, "Scrivi un numero da 0 in su"),
        ({"capacity": "molti"}, "Scrivi un numero"),
        ({"capacity": "1", "reserved": "2"}, "I posti riservati non possono essere più dei posti"),
    ):
        assert sentence in text_of(office.post(address, {"fai": "posti", **form}, follow=True))
    assert queries.pool(pool_id=first.pk).capacity == 12
    office.post(address, {"fai": "posti", "capacity": "0"})
    assert "Rossi Luca" in office.read(address)
