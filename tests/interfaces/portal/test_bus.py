"""The family's page of the bus: where the child gets off, another stop, an offer."""

from typing import Any

from campanella.domains.places import queries
from campanella.domains.places.queries import Place
from campanella.foundation.core import clock
from campanella.usecases.places import deciding, lines
from tests.browsing import browser
from tests.buses import STOPS, ask, assign, ride, stop
from tests.interfaces.portal.phones import phone, words
from tests.towns import OFFICE, TODAY, Cast, Family, text_of


def test_a_family_sees_line_stop_and_hour(valle: Cast, rossi: Family) -> None:
    luca = valle.child("Luca").pk
    assert "non ha ancora un posto" in words(phone(rossi.user).get(f"/scuolabus/{luca}/"))
    assign(valle, ride(valle), "Luca", at="Piazza Verdi")
    page = words(phone(rossi.user).get(f"/scuolabus/{luca}/"))
    assert "Linea 1, ritorno Discesa a Piazza Verdi, alle 13:20" in page


def test_a_family_asks_waits_accepts(valle: Cast, rossi: Family) -> None:
    one, anna = ride(valle), valle.child("Anna").pk
    seat = assign(valle, one, "Luca")
    address, tel = f"/scuolabus/{anna}/", phone(rossi.user)
    assert "(completa, si aspetta)" in tel.get(address).content.decode()
    said = text_of(tel.post(address, {"fai": "chiedi", "quale": str(stop(one).pk)}, follow=True))
    assert "Sei il primo della lista" in said
    again = text_of(tel.post(address, {"fai": "chiedi", "quale": str(stop(one).pk)}, follow=True))
    assert "L’hai già chiesto" in again
    deciding.let_go(by=OFFICE, place_id=seat.pk, last=TODAY, words="", now=clock.now())
    deciding.offer_free(by=OFFICE, pool_id=one.pool_id, now=clock.now())
    assert "Si è liberato un posto per Anna" in words(tel.get("/"))
    page = words(tel.get(address))
    assert "Si è liberato un posto" in page
    assert "19 ottobre 2026, 23:59" in page
    place = _live(anna)
    assert "Il posto è tuo" in text_of(tel.post(address, {"fai": "accetta", "quale": str(place.pk)}, follow=True))
    assert _live(anna).state == "held"
    assert "Si è liberato un posto" not in words(tel.get("/"))


def test_an_offer_is_refused_and_a_request_taken_back(valle: Cast, rossi: Family) -> None:
    one, anna = ride(valle), valle.child("Anna").pk
    address, tel = f"/scuolabus/{anna}/", phone(rossi.user)
    place = ask(valle, one, "Anna")
    assert "Richiesta ritirata" in text_of(tel.post(address, {"fai": "ritira", "quale": str(place.pk)}, follow=True))
    place = ask(valle, one, "Anna")
    deciding.offer_free(by=OFFICE, pool_id=one.pool_id, now=clock.now())
    assert "va a chi viene dopo" in text_of(tel.post(address, {"fai": "rifiuta", "quale": str(place.pk)}, follow=True))
    assert queries.place(place_id=place.pk).state == "refused"


def test_another_familys_place_and_a_strange_stop_are_not_there(valle: Cast, rossi: Family) -> None:
    one = ride(valle)
    theirs = ask(valle, one, "Amina", family=valle.families["haddad"])
    client = browser(valle.town, rossi.user)
    address = f"/scuolabus/{valle.child('Anna').pk}/"
    for act, which in (("accetta", str(theirs.pk)), ("ritira", str(theirs.pk)), ("chiedi", "999999"), ("x", "1"), ("", "")):
        assert client.post(address, {"fai": act, "quale": which}).status_code == 404
    assert client.get(f"/scuolabus/{valle.child('Amina').pk}/").status_code == 404


def test_a_stop_that_has_ended_meanwhile_is_said(valle: Cast, rossi: Family) -> None:
    one, anna = ride(valle), valle.child("Anna").pk
    gone, tel = stop(one, "Piazza Verdi"), phone(rossi.user)
    values: dict[str, Any] = {"name": "Linea 1", "capacity": 1, "reserved": 0, "stops": STOPS[:1]}
    lines.change_ride(by=OFFICE, ride_id=one.pk, now=clock.now(), **values)
    answer = tel.post(f"/scuolabus/{anna}/", {"fai": "chiedi", "quale": str(gone.pk)}, follow=True)
    assert "A questa fermata non si passa più" in text_of(answer)


def _live(child_id: int) -> Place:
    (found,) = queries.live_of(child_ids=[child_id], day=TODAY)
    return found
