"""Lists and places at once: two who draw up, two who accept, one who accepts while another gives up, a night in between."""

from datetime import timedelta
from typing import Any

import pytest

from campanella.domains.enrolment.models import Subscription
from campanella.domains.places.offering import OfferOver
from campanella.domains.ranking.models import PlaceOffer, RankList
from campanella.foundation.core.scope import scope
from campanella.usecases.ranking import offers
from tests.concurrency.conftest import all_at_once
from tests.ranking import AFTER, drawn, known, newborn, offer_to, published, ranked
from tests.towns import Cast

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]
PRESSES = 4


def test_drawn_up_at_once_it_is_one_list(town: Cast) -> None:
    with scope(town.town.id):
        call = ranked(town)
        newborn(town, call, "B")

    def press(_: int) -> Any:
        with scope(town.town.id):
            return drawn(call).number

    assert all_at_once(press, PRESSES) == [1] * PRESSES
    with scope(town.town.id):
        assert RankList.objects.count() == 1


def test_a_double_press_accepts_once(town: Cast) -> None:
    rossi = town.families["rossi"]
    with scope(town.town.id):
        call = ranked(town)
        one = known(town, call, "Luca")
        published(call)
        offer = offer_to(one)

    def press(_: int) -> Any:
        with scope(town.town.id):
            return offers.accept(by=rossi.user, offer_id=offer.pk, received_at=AFTER, now=AFTER).state

    results = all_at_once(press, PRESSES)

    assert [one for one in results if one == "accepted"] == ["accepted"]
    assert sum(isinstance(one, OfferOver) for one in results) == PRESSES - 1
    with scope(town.town.id):
        assert Subscription.objects.filter(child=town.child("Luca"), service=town.services["scuolabus"]).count() == 1


@pytest.mark.parametrize("times", range(3))
def test_a_place_is_never_given_twice(town: Cast, times: int) -> None:
    """One accepts, one gives up, the term of both is over and the night comes, all at once: two places, two families."""
    rossi, haddad = town.families["rossi"], town.families["haddad"]
    with scope(town.town.id):
        call = ranked(town, places=2)
        first, second = known(town, call, "Luca", works=True), known(town, call, "Amina", works=True)
        newborn(town, call, "B")
        newborn(town, call, "C")
        published(call)
        until, ids = offer_to(first).until, [offer_to(one).pk for one in (first, second)]
    late = until + timedelta(minutes=times)

    def act(number: int) -> Any:
        with scope(town.town.id):
            if number == 0:
                return offers.accept(by=rossi.user, offer_id=ids[0], received_at=until, now=late)
            if number == 1:
                return offers.refuse(by=haddad.user, offer_id=ids[1], received_at=until, now=late)
            return offers.lapse(now=late)

    results = all_at_once(act, 3)

    assert not [one for one in results if isinstance(one, Exception) and not isinstance(one, OfferOver)]
    with scope(town.town.id):
        offers.go_on(call_id=call.pk, now=late)
        held = PlaceOffer.objects.filter(state__in=("open", "accepted"))
        assert held.count() == 2
        assert len(set(held.values_list("application_id", flat=True))) == 2


@pytest.mark.parametrize("times", range(3))
def test_who_accepts_one_place_is_never_given_the_next(town: Cast, times: int) -> None:
    """In one window the family accepts, in the other it gives up: it has the place, or is offered the other, never both."""
    rossi = town.families["rossi"]
    with scope(town.town.id):
        call = ranked(town, elsewhere=1)
        one = known(town, call, "Luca", works=True, second=True)
        published(call)
        offer = offer_to(one)
    answers = [offers.accept, offers.refuse] if times % 2 else [offers.refuse, offers.accept]

    def act(number: int) -> Any:
        with scope(town.town.id):
            return answers[number](by=rossi.user, offer_id=offer.pk, received_at=AFTER, now=AFTER)

    results = all_at_once(act, 2)

    assert sum(isinstance(each, OfferOver) for each in results) == 1
    with scope(town.town.id):
        found = {each.school_id == offer.school_id: each.state for each in PlaceOffer.objects.filter(application=one)}
    assert found in ({True: "accepted"}, {True: "refused", False: "open"})
