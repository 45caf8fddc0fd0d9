"""Two who want the last seat, an offer answered twice, a place that is given while it is offered."""

from typing import Any

import pytest

from campanella.domains.places import queries
from campanella.domains.places.operations import MovedMeanwhile, NoPlaceLeft
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.usecases.places import asking, deciding
from tests.buses import ask, assign, ride
from tests.concurrency.conftest import all_at_once
from tests.towns import TODAY, Cast

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]
PRESSES = 6


def taken(town: Cast, one: Any) -> int:
    with scope(town.town.id):
        return queries.tallies(pools=[one.pool], day=TODAY)[one.pool_id].taken


def test_of_three_who_get_the_last_seat_at_once_one_has_it(town: Cast) -> None:
    with scope(town.town.id):
        one = ride(town, capacity=1)

    def give(number: int) -> Any:
        with scope(town.town.id):
            return assign(town, one, ("Anna", "Luca", "Amina")[number], words="Ordine del dirigente").state

    results = all_at_once(give, 3)

    assert results.count("held") == 1
    assert sum(isinstance(found, NoPlaceLeft) for found in results) == 2
    assert taken(town, one) == 1


def test_a_double_press_offers_once(town: Cast) -> None:
    with scope(town.town.id):
        one = ride(town, capacity=1)
        for child, family in (("Anna", "rossi"), ("Amina", "haddad")):
            ask(town, one, child, family=town.families[family])

    def press(_: int) -> Any:
        with scope(town.town.id):
            return len(deciding.offer_free(by=town.staff["office"], pool_id=one.pool_id, now=clock.now()))

    assert sorted(all_at_once(press, PRESSES)) == [0] * (PRESSES - 1) + [1]
    assert taken(town, one) == 1


def test_an_offer_is_accepted_or_refused_once(town: Cast) -> None:
    rossi, anna = town.families["rossi"], town.child("Anna").pk
    with scope(town.town.id):
        one = ride(town, capacity=1)
        place = ask(town, one, "Anna")
        deciding.offer_free(by=town.staff["office"], pool_id=one.pool_id, now=clock.now())

    def answer(number: int) -> Any:
        acting: dict[str, Any] = {"by": rossi.user, "child_id": anna, "place_id": place.pk, "now": clock.now()}
        with scope(town.town.id):
            return asking.refuse(**acting) if number % 2 else asking.accept(received_at=clock.now(), **acting).state

    results = all_at_once(answer, PRESSES)

    assert sum(isinstance(found, MovedMeanwhile) for found in results) == PRESSES - 1


def test_a_child_that_gets_two_lines_at_once_sits_in_one(town: Cast) -> None:
    with scope(town.town.id):
        rides = [ride(town, code, capacity=5) for code in ("1", "2")]

    def give(number: int) -> Any:
        with scope(town.town.id):
            return assign(town, rides[number], "Luca").state

    all_at_once(give, 2)

    with scope(town.town.id):
        live = queries.live_of(child_ids=[town.child("Luca").pk], day=TODAY)
    assert sum(one.state == "held" for one in live) == 1
