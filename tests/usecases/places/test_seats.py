"""Seats on the bus: asked for, offered in order, accepted, left; what ends with the service, and what is told."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campanella.domains.enrolment import queries as enrolment
from campanella.domains.messaging.models import Message
from campanella.domains.places import operations, queries
from campanella.domains.places.offering import OfferOver
from campanella.domains.places.operations import AskedAlready, MovedMeanwhile, NoPlaceLeft
from campanella.domains.places.queries import Place
from campanella.domains.transport import queries as lines
from campanella.domains.transport.operations import NotItsService, RideKnown, StopData, StopInUse, StopsNotInOrder
from campanella.domains.transport.queries import Ride
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.usecases import enrolling
from campanella.usecases.places import asking, deciding, following, seats, telling
from campanella.usecases.places import lines as setting_up
from tests.buses import END, STOPS, ask, assign, ride, stop
from tests.towns import OFFICE, TODAY, Cast, Family

TOMORROW = TODAY + timedelta(days=1)


def state(place_id: int) -> str:
    return queries.place(place_id=place_id).state


def accept(cast: Cast, child: str, place_id: int, **more: Any) -> None:
    values: dict[str, Any] = {"received_at": clock.now(), "now": clock.now(), **more}
    asking.accept(by=OFFICE, child_id=cast.child(child).pk, place_id=place_id, **values)


def uses_bus(cast: Cast, child: str, day: date = TOMORROW) -> bool:
    found = enrolment.enrolled(child_ids=[cast.child(child).pk], day=day)
    return any(line.service_code == "scuolabus" for line in found)


def seat_of(cast: Cast, of: Ride, child: str) -> Place:
    live = queries.live_of(child_ids=[cast.child(child).pk], day=TODAY)
    return next(one for one in live if one.pool_id == of.pool_id and one.state == "held")


def end_bus(cast: Cast, child: str, last: date) -> None:
    child_id = cast.child(child).pk
    (line,) = [one for one in enrolment.subscriptions_of(child_id=child_id) if one.service_code == "scuolabus"]
    enrolling.end(by=OFFICE, child_id=child_id, subscription_id=line.id, last=last, now=clock.now())


def test_a_full_line_waits_is_offered_in_order_and_accepted(valle: Cast) -> None:
    one = ride(valle)
    assign(valle, one, "Luca")
    first = ask(valle, one, "Anna")
    second = ask(valle, one, "Amina", family=valle.families["haddad"])
    assert deciding.offer_free(by=OFFICE, pool_id=one.pool_id, now=clock.now()) == []
    (seat,) = queries.live_of(child_ids=[valle.child("Luca").pk], day=TODAY)
    deciding.let_go(by=OFFICE, place_id=seat.pk, last=TODAY, words="", now=clock.now())

    (offered,) = deciding.offer_free(by=OFFICE, pool_id=one.pool_id, now=clock.now())

    assert (offered.pk, offered.first) == (first.pk, TOMORROW)
    assert deciding.offer_free(by=OFFICE, pool_id=one.pool_id, now=clock.now()) == [], "it is nobody else's"
    accept(valle, "Anna", first.pk)
    assert (state(first.pk), state(second.pk)) == ("held", "waiting")
    assert uses_bus(valle, "Anna")
    assert [(b.child_id, b.stop.name) for b in lines.on_board(rides=[one], day=TOMORROW)] == [
        (valle.child("Anna").pk, "Via Roma")
    ]
    assert [b.child_id for b in lines.on_board(rides=[one], day=TODAY)] == [valle.child("Luca").pk]


def test_an_offer_lapses_by_itself_and_goes_to_the_next(valle: Cast, at: Any) -> None:
    one = ride(valle)
    first, second = ask(valle, one, "Anna"), ask(valle, one, "Amina", family=valle.families["haddad"])
    deciding.offer_free(by=OFFICE, pool_id=one.pool_id, now=clock.now())
    at("2026-10-19 23:59:59")
    assert following.lapse(now=clock.now()) == 0, "the last minute counts"
    at("2026-10-20 00:00:01")
    with pytest.raises(OfferOver):
        accept(valle, "Anna", first.pk)
    assert following.lapse(now=clock.now()) == 1
    assert following.lapse(now=clock.now()) == 0
    (offered,) = deciding.offer_free(by=OFFICE, pool_id=one.pool_id, now=clock.now())
    assert (state(first.pk), offered.pk) == ("lapsed", second.pk)


def test_who_refuses_leaves_the_place_to_the_next_and_may_ask_again(valle: Cast) -> None:
    one = ride(valle)
    first = ask(valle, one, "Anna")
    deciding.offer_free(by=OFFICE, pool_id=one.pool_id, now=clock.now())
    asking.refuse(by=OFFICE, child_id=valle.child("Anna").pk, place_id=first.pk, now=clock.now())
    assert state(first.pk) == "refused"
    with pytest.raises(MovedMeanwhile):
        accept(valle, "Anna", first.pk)
    assert state(ask(valle, one, "Anna").pk) == "waiting"


def test_nobody_asks_twice_nor_for_a_strangers_place(valle: Cast) -> None:
    one = ride(valle)
    place = ask(valle, one, "Anna")
    with pytest.raises(AskedAlready):
        ask(valle, one, "Anna", at="Piazza Verdi")
    with pytest.raises(NotFound):
        asking.refuse(by=OFFICE, child_id=valle.child("Amina").pk, place_id=place.pk, now=clock.now())


def test_another_stop_of_the_own_ride_takes_nobodys_place(valle: Cast) -> None:
    one = ride(valle)
    seat = assign(valle, one, "Luca")
    assert ask(valle, one, "Luca", at="Piazza Verdi").pk == seat.pk
    on = {day: lines.boarding(place_ids=[seat.pk], day=day)[seat.pk].name for day in (TODAY, TOMORROW)}
    assert on == {TODAY: "Via Roma", TOMORROW: "Piazza Verdi"}
    with pytest.raises(asking.SameStop):
        ask(valle, one, "Luca", at="Piazza Verdi")


def test_who_gets_another_line_the_same_way_leaves_the_first(valle: Cast) -> None:
    first, second = ride(valle), ride(valle, "2")
    seat = assign(valle, first, "Luca")
    assign(valle, second, "Luca", first=TOMORROW)
    old = queries.place(place_id=seat.pk)
    assert (old.state, old.end) == ("given_back", TOMORROW)
    assert queries.tallies(pools=[first.pool], day=TOMORROW)[first.pool_id].taken == 0


def test_the_office_passes_over_who_waits_only_with_a_reason(valle: Cast) -> None:
    one = ride(valle)
    ask(valle, one, "Anna")
    with pytest.raises(seats.OthersWait):
        assign(valle, one, "Amina")
    seat = assign(valle, one, "Amina", words="Ordinanza del giudice")
    assert queries.steps(place_ids=[seat.pk])[-1].words == "Ordinanza del giudice"
    with pytest.raises(NoPlaceLeft):
        assign(valle, one, "Luca", words="Anche lui")


def test_a_reserved_place_goes_to_who_has_a_right_to_it(valle: Cast) -> None:
    one = ride(valle, capacity=1, reserved=1)
    with pytest.raises(NoPlaceLeft):
        assign(valle, one, "Luca")
    assert assign(valle, one, "Luca", is_reserved=True).state == "held"


def test_a_seat_ends_with_the_service_and_a_wait_with_the_class(valle: Cast) -> None:
    one = ride(valle, capacity=5)
    seat, wait = assign(valle, one, "Luca"), ask(valle, one, "Amina", family=valle.families["haddad"])
    end_bus(valle, "Luca", TODAY + timedelta(days=7))
    left = queries.place(place_id=seat.pk)
    assert (left.state, left.end) == ("given_back", TODAY + timedelta(days=8))
    enrolling.move(by=OFFICE, child_id=valle.child("Amina").pk, class_group_id=None, first=TODAY, now=clock.now())
    following.follow_all(now=clock.now())
    assert state(wait.pk) == "withdrawn"


def test_places_taken_away_take_nobodys_seat(valle: Cast) -> None:
    one = ride(valle, capacity=2)
    assign(valle, one, "Luca")
    assign(valle, one, "Anna")
    setting_up.change_ride(by=OFFICE, ride_id=one.pk, name="Linea blu", capacity=1, reserved=0, stops=STOPS, now=clock.now())
    tally = queries.tallies(pools=[queries.pool(pool_id=one.pool_id)], day=TOMORROW)[one.pool_id]
    assert (tally.taken, tally.left) == (2, 0)
    assert queries.pool(pool_id=one.pool_id).name == "Linea blu, ritorno"


def test_a_stop_in_use_stays_and_times_are_in_order(valle: Cast) -> None:
    one = ride(valle)
    assign(valle, one, "Luca")
    changing: dict[str, Any] = {"by": OFFICE, "ride_id": one.pk, "name": "Linea 1", "capacity": 1, "reserved": 0}
    with pytest.raises(StopInUse, match="Via Roma"):
        setting_up.change_ride(stops=STOPS[1:], now=clock.now(), **changing)
    with pytest.raises(StopsNotInOrder, match="Via Roma"):
        setting_up.change_ride(stops=STOPS[::-1], now=clock.now(), **changing)
    with pytest.raises(StopsNotInOrder, match="due volte"):
        setting_up.change_ride(stops=(STOPS[0], STOPS[0]), now=clock.now(), **changing)
    later = (StopData("Via Roma", STOPS[1].at), StopData("Stazione", STOPS[1].at))
    setting_up.change_ride(stops=later, now=clock.now(), **changing)
    assert [(s.name, s.at) for s in lines.stops(ride_ids=[one.pk])[one.pk]] == [(s.name, s.at) for s in later]
    assert lines.on_board(rides=[one], day=TODAY)[0].stop.at == STOPS[1].at


def test_a_direction_is_opened_once_and_for_a_bus(valle: Cast) -> None:
    ride(valle)
    with pytest.raises(RideKnown):
        ride(valle)
    with pytest.raises(NotItsService):
        ride(valle, "9", service=valle.services["mensa"])
    with pytest.raises(operations.ReservedTooMany):
        ride(valle, "8", capacity=1, reserved=2)


def test_a_child_that_leaves_a_seat_later_sits_in_one_all_the_while(valle: Cast) -> None:
    one, two = ride(valle), ride(valle, "2")
    seat, days = assign(valle, one, "Luca"), timedelta(days=30)
    deciding.let_go(by=OFFICE, place_id=seat.pk, last=TODAY + days, words="", now=clock.now())
    assign(valle, two, "Luca", first=TOMORROW)
    deciding.let_go(by=OFFICE, place_id=seat_of(valle, two, "Luca").pk, last=TODAY + days, words="", now=clock.now())
    again = assign(valle, two, "Luca", at="Piazza Verdi", first=TOMORROW + timedelta(days=1))
    on = [lines.on_board(rides=[one, two], day=TOMORROW + timedelta(days=number)) for number in range(3)]
    assert [[(found.ride.pk, found.stop.name) for found in day] for day in on] == [
        [(two.pk, "Via Roma")],
        [(two.pk, "Piazza Verdi")],
        [(two.pk, "Piazza Verdi")],
    ]
    assert again.state == "held"


def test_who_waits_is_given_a_reserved_seat_where_the_office_says_so(valle: Cast) -> None:
    one = ride(valle, capacity=1, reserved=1)
    ask(valle, one, "Luca")
    assert assign(valle, one, "Luca", is_reserved=True).state == "held"


def test_who_was_offered_the_seat_is_given_it_without_a_reason(valle: Cast) -> None:
    one = ride(valle, capacity=1, reserved=1)
    ask(valle, one, "Anna")
    ask(valle, one, "Luca", is_reserved=True)
    (offered,) = deciding.offer_free(by=OFFICE, pool_id=one.pool_id, now=clock.now())
    assert offered.child_id == valle.child("Luca").pk
    assert assign(valle, one, "Luca").state == "held"


def test_a_seat_begins_before_its_ride_is_over(valle: Cast) -> None:
    with pytest.raises(operations.NothingLeft):
        assign(valle, ride(valle), "Anna", first=END)


def test_an_offer_names_a_price_to_who_does_not_use_the_bus_yet(valle: Cast) -> None:
    one = ride(valle, capacity=2)
    for child in ("Anna", "Luca"):
        ask(valle, one, child)
    offered = deciding.offer_free(by=OFFICE, pool_id=one.pool_id, now=clock.now())
    assert {found.child.given_name: found.bracket is not None for found in offered} == {
        child: not uses_bus(valle, child) for child in ("Anna", "Luca")
    }


def test_the_night_asks_no_more_of_many_places_than_of_one(valle: Cast) -> None:
    one = ride(valle, capacity=50)
    assign(valle, one, "Luca")
    with CaptureQueriesContext(connection) as of_one:
        assert following.follow_all(now=clock.now()) == 0
    for child in ("Anna", "Amina"):
        assign(valle, one, child)
    with CaptureQueriesContext(connection) as of_many:
        assert following.follow_all(now=clock.now()) == 0
    assert len(of_many) == len(of_one)
    assert not [asked for asked in of_many if "for no key update" in asked["sql"].lower()]


@pytest.mark.parametrize("by_office", [True, False])
def test_who_waits_is_told_when_somebody_else_ends_it(valle: Cast, rossi: Family, by_office: bool) -> None:
    one = ride(valle)
    wait = ask(valle, one, "Luca")
    if by_office:
        deciding.let_go(by=valle.staff["office"], place_id=wait.pk, last=TODAY, words="La corsa cambia.", now=clock.now())
    else:
        asking.refuse(by=rossi.user, child_id=wait.child_id, place_id=wait.pk, now=clock.now())
    telling.tell(step_id=queries.steps(place_ids=[wait.pk])[-1].pk)
    letters = [letter.text for letter in Message.objects.filter(template="place_step")]
    assert len(letters) == by_office
    assert all(
        "non è più in lista per un posto: Linea 1, ritorno" in text and "La corsa cambia." in text for text in letters
    )


def test_a_line_has_one_name_in_both_directions(valle: Cast) -> None:
    ride(valle)
    ride(valle, way="out", name="Linea blu", stops=(StopData("Via Po", time(7)),))
    assert [one.pool.name for one in lines.rides(day=TODAY)] == ["Linea blu, andata", "Linea blu, ritorno"]


def test_who_neither_rides_nor_waits_has_no_stop(valle: Cast) -> None:
    one = ride(valle)
    wait = ask(valle, one, "Luca")
    deciding.let_go(by=OFFICE, place_id=wait.pk, last=TODAY, words="", now=clock.now())
    stop_id = stop(one, "Piazza Verdi").pk
    with pytest.raises(MovedMeanwhile):
        deciding.change_stop(by=OFFICE, place_id=wait.pk, stop_id=stop_id, first=TODAY, now=clock.now())


def test_a_ride_that_does_not_serve_the_school_is_refused(valle: Cast, rossi: Family) -> None:
    one = ride(valle)
    enrolling.move(by=OFFICE, child_id=valle.child("Anna").pk, class_group_id=None, first=TODAY, now=clock.now())
    with pytest.raises(asking.NotFromThere):
        asking.ask(
            by=rossi.user,
            child_id=valle.child("Anna").pk,
            ride_id=one.pk,
            stop_id=stop(one).pk,
            received_at=clock.now(),
            now=clock.now(),
        )
