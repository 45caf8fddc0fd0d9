"""Two at once on the lines of the bus and the weeks of a camp: nothing is lost, done twice, or waits for itself."""

from datetime import date, time
from typing import Any

import pytest

from campanella.domains.places import queries
from campanella.domains.services import operations as services
from campanella.domains.transport import queries as lines
from campanella.domains.transport.operations import StopData
from campanella.domains.transport.queries import Ride
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.usecases.places import asking, following, weeks
from campanella.usecases.places import lines as setting_up
from campanella.usecases.places.asking import SameStop
from campanella.usecases.places.weeks import WeeksKnown
from tests.buses import STOPS, ask, assign, ride, stop
from tests.concurrency.conftest import all_at_once
from tests.towns import OFFICE, TODAY, Cast

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]
OUT = (StopData("Via Po", time(7, 10)),)


def change(town: Cast, of: Ride, stops: tuple[StopData, ...], **more: Any) -> None:
    values: dict[str, Any] = {"name": "Linea 1", "capacity": 1, "reserved": 0, **more}
    with scope(town.town.id):
        setting_up.change_ride(by=OFFICE, ride_id=of.pk, stops=stops, now=clock.now(), **values)


def test_a_double_press_changes_the_stop_once(town: Cast) -> None:
    with scope(town.town.id):
        one = ride(town)
        assign(town, one, "Luca")

    def press(_: int) -> Any:
        with scope(town.town.id):
            return ask(town, one, "Luca", at="Piazza Verdi").state

    results = all_at_once(press, 6)

    assert results.count("held") == 1
    assert sum(isinstance(found, SameStop) for found in results) == 5


def test_a_double_press_opens_the_weeks_of_a_camp_once(town: Cast) -> None:
    with scope(town.town.id):
        camp = services.register_service(code="centro", name="Centro", kind="camp", position=9)
    days = {"first": date(2027, 6, 28), "last": date(2027, 7, 16)}

    def press(_: int) -> Any:
        with scope(town.town.id):
            return len(weeks.open_weeks(by=OFFICE, service=camp, capacity=1, reserved=0, now=clock.now(), **days))

    results = all_at_once(press, 4)

    assert sum(isinstance(found, WeeksKnown) for found in results) == 3
    with scope(town.town.id):
        assert len(queries.pools_of(service_id=camp.pk, day=TODAY)) == 3


def test_nobody_is_left_waiting_at_a_stop_that_is_ending(town: Cast) -> None:
    with scope(town.town.id):
        one = ride(town)
    last = StopData("Largo Moro", time(13, 30))
    change(town, one, (*STOPS, last))
    with scope(town.town.id):
        gone = stop(one, last.name)

    def act(number: int) -> Any:
        if number:
            return change(town, one, STOPS)
        acting: dict[str, Any] = {"received_at": clock.now(), "now": clock.now()}
        with scope(town.town.id):
            child_id = town.child("Luca").pk
            return asking.ask(by=OFFICE, child_id=child_id, ride_id=one.pk, stop_id=gone.pk, **acting)

    all_at_once(act, 2)

    with scope(town.town.id):
        waits = queries.waiting(pool_id=one.pool_id)
        there = lines.boarding(place_ids=[place.pk for place in waits], day=TODAY)
        assert all(found.ended_at is None for found in there.values())


def test_two_clerks_who_change_both_directions_lose_nothing(town: Cast) -> None:
    with scope(town.town.id):
        back, out = ride(town), ride(town, way="out", stops=OUT)

    def act(number: int) -> None:
        change(town, *((back, STOPS) if number else (out, OUT)), capacity=10 + number)

    assert all_at_once(act, 2) == [None, None]

    with scope(town.town.id):
        assert {one.way: one.pool.capacity for one in lines.rides(day=TODAY)} == {"out": 10, "back": 11}


def test_a_line_that_changes_its_name_and_the_night_do_not_wait_for_each_other(town: Cast) -> None:
    with scope(town.town.id):
        back, out = ride(town, capacity=9), ride(town, way="out", stops=OUT, capacity=9)
        for one, at in ((back, "Via Roma"), (out, "Via Po")):
            assign(town, one, "Luca", at=at)

    def act(number: int) -> Any:
        if number % 2:
            with scope(town.town.id):
                return following.follow_all(now=clock.now())
        return change(town, back, STOPS, name=f"Linea {number}", capacity=9)

    for _ in range(4):
        assert not [found for found in all_at_once(act, 4) if isinstance(found, Exception)]
