"""The family's page of camps."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from campanella.domains.places import queries
from campanella.foundation.core import clock
from campanella.readings.family.camps import family_camps
from campanella.usecases.places import deciding, weeks
from tests.browsing import browser
from tests.camps import ask, camp
from tests.interfaces.portal.phones import phone, words
from tests.towns import OFFICE, Cast, Family, text_of


def test_a_family_asks_for_weeks_accepts_and_leaves(valle: Cast, rossi: Family) -> None:
    first, second, third = camp(valle)
    luca, tel = valle.child("Luca").pk, phone(rossi.user)
    address = f"/centri-estivi/{luca}/"
    assert "28 giugno – 2 luglio 2027" in words(tel.get(address))
    assert "Scegli almeno una settimana" in text_of(tel.post(address, {"fai": "chiedi"}, follow=True))
    form = {"fai": "chiedi", "settimana": [str(first.pk), str(second.pk)]}
    assert "Richiesta registrata" in text_of(tel.post(address, form, follow=True))
    assert "Sei il primo della lista" in words(tel.get(address))
    deciding.offer_free(by=OFFICE, pool_id=first.pk, now=clock.now())
    places = {one.pool_id: one.pk for one in queries.live_of(child_ids=[luca], day=clock.today())}
    accepted = text_of(tel.post(address, {"fai": "accetta", "quale": str(places[first.pk])}, follow=True))
    assert "Il posto è tuo" in accepted
    for pool in (first, second):
        assert "Fatto" in text_of(tel.post(address, {"fai": "lascia", "quale": str(places[pool.pk])}, follow=True))
    assert queries.live_of(child_ids=[luca], day=clock.today()) == []
    assert str(third.pk) in tel.get(address).content.decode()


def test_anothers_place_is_not_there(valle: Cast, rossi: Family) -> None:
    first, *_ = camp(valle)
    (theirs,) = ask(valle, [first], "Amina", valle.families["haddad"])
    client = browser(valle.town, rossi.user)
    address = f"/centri-estivi/{valle.child('Anna').pk}/"
    for form in (
        {"fai": "lascia", "quale": str(theirs.pk)},
        {"fai": "accetta", "quale": str(theirs.pk)},
        {"fai": "chiedi", "settimana": "999999"},
        {"fai": "x"},
    ):
        assert client.post(address, form).status_code == 404
    assert client.get(f"/centri-estivi/{valle.child('Amina').pk}/").status_code == 404


def test_more_weeks_ask_no_more_of_the_database(valle: Cast, rossi: Family) -> None:
    camp(valle)
    luca, now = valle.child("Luca").pk, clock.now()
    with CaptureQueriesContext(connection) as of_three:
        family_camps(user=rossi.user, child_id=luca, now=now)
    days = {"first": date(2027, 7, 19), "last": date(2027, 8, 27)}
    weeks.open_weeks(by=OFFICE, service=valle.services["centro"], capacity=1, reserved=0, now=now, **days)
    with CaptureQueriesContext(connection) as of_nine:
        family_camps(user=rossi.user, child_id=luca, now=now)
    assert len(of_nine) == len(of_three)
