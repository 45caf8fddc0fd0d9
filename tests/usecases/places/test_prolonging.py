"""The office gives a family more time for an offer: until then the place is nobody else's; a late one is prolonged first."""

from datetime import date
from typing import Any

import pytest

from campanella.domains.messaging.models import Message
from campanella.domains.places import queries
from campanella.domains.places.offering import NobodySaidWhy, NotLonger, OfferOver, ProlongFirst
from campanella.domains.places.queries import Place
from campanella.domains.transport.queries import Ride
from campanella.foundation.core import clock
from campanella.usecases.places import asking, deciding, following, weeks
from tests.buses import ask, assign, ride
from tests.camps import ask as ask_week
from tests.camps import camp
from tests.towns import OFFICE, Cast, run_jobs

LATER = date(2026, 10, 22)


def offered(cast: Cast, one: Ride) -> Place:
    """Offer Anna the only seat, while Amina waits: she may answer until Monday 19 October."""
    first = ask(cast, one, "Anna")
    ask(cast, one, "Amina", family=cast.families["haddad"])
    deciding.offer_free(by=OFFICE, pool_id=one.pool_id, now=clock.now())
    return first


def prolong(place: Place, day: date = LATER, words: str = "La mamma è in ospedale") -> None:
    deciding.prolong(by=OFFICE, place_id=place.pk, day=day, words=words, now=clock.now())


def test_a_family_with_more_time_is_told_and_accepts_within_it(valle: Cast, at: Any) -> None:
    first = offered(valle, ride(valle))
    prolong(first)
    run_jobs()
    letter = Message.objects.get(subject__startswith="Hai più tempo per rispondere")
    assert "fino al 22 ottobre 2026, 23:59" in " ".join(letter.text.split())
    assert "La mamma è in ospedale" in letter.text
    assert queries.steps(place_ids=[first.pk])[-1].state == "prolonged"
    at("2026-10-22 20:00")
    assert following.lapse(now=clock.now()) == 0
    child_id = valle.child("Anna").pk
    asking.accept(by=OFFICE, child_id=child_id, place_id=first.pk, received_at=clock.now(), now=clock.now())
    assert queries.place(place_id=first.pk).state == "held"
    with pytest.raises(OfferOver):
        prolong(first)


def test_a_late_offer_is_prolonged_before_the_office_gives_the_seat(valle: Cast, at: Any) -> None:
    one = ride(valle)
    first = offered(valle, one)
    at("2026-10-20 08:00")
    with pytest.raises(ProlongFirst, match=r"scaduta il 19 ottobre 2026, 23:59.*prima prolunga l’offerta"):
        assign(valle, one, "Anna")
    with pytest.raises(NobodySaidWhy):
        prolong(first, words=" ")
    with pytest.raises(NotLonger):
        prolong(first, day=date(2026, 10, 19))
    prolong(first)
    assert assign(valle, one, "Anna").pk == first.pk
    assert queries.place(place_id=first.pk).state == "held"


def test_a_late_offer_of_a_week_says_the_same(valle: Cast, at: Any) -> None:
    pool = camp(valle)[0]
    (place,) = ask_week(valle, [pool], "Anna")
    deciding.offer_free(by=OFFICE, pool_id=pool.pk, now=clock.now())
    at("2026-10-20 08:00")
    given: dict[str, Any] = {"by": OFFICE, "child_id": place.child_id, "pool_id": pool.pk, "is_reserved": False}
    with pytest.raises(ProlongFirst):
        weeks.assign(words="", now=clock.now(), **given)
    prolong(place)
    assert weeks.assign(words="", now=clock.now(), **given).state == "held"
