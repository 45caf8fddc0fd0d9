"""Weeks of a camp: places by the rule of places, charged by the week, the first one for less."""

from datetime import date, timedelta
from typing import Any

import pytest

from campanella.domains.enrolment import queries as enrolment
from campanella.domains.places import offer_rules, queries
from campanella.domains.places.offering import OfferOver
from campanella.domains.places.operations import AskedAlready, NoPlaceLeft, NothingLeft
from campanella.domains.services import queries as services
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.readings import proofs
from campanella.usecases import enrolling
from campanella.usecases.billing import fees
from campanella.usecases.places import asking, deciding, following, seats, weeks
from tests.buses import assign as seat_on_bus
from tests.buses import ride
from tests.camps import CENTS, FIRST, LAST, ask, assign, camp, share
from tests.towns import OFFICE, TODAY, Cast, choosing


def charged(cast: Cast, child: str) -> int:
    return -cast.balance(child, "centro")


def days(cast: Cast, child: str) -> list[tuple[date, date | None]]:
    found = enrolment.uses_of(child_ids=[cast.child(child).pk], service_id=cast.services["centro"].pk)
    return sorted((line.first, line.last) for line in found)


def test_weeks_go_from_monday_to_friday_and_are_opened_once(valle: Cast) -> None:
    pools = camp(valle)
    assert [one.name for one in pools] == [
        "Centro estivo, 28 giugno – 2 luglio 2027",
        "Centro estivo, 5–9 luglio 2027",
        "Centro estivo, 12–16 luglio 2027",
    ]
    opening: dict[str, Any] = {"by": OFFICE, "service": valle.services["centro"], "capacity": 1, "reserved": 0}
    with pytest.raises(weeks.WeeksKnown):
        weeks.open_weeks(first=LAST, last=date(2027, 7, 23), now=clock.now(), **opening)
    with pytest.raises(weeks.NoWeeks):
        weeks.open_weeks(first=date(2027, 7, 24), last=date(2027, 7, 25), now=clock.now(), **opening)


def test_a_week_is_asked_for_offered_accepted_and_used_in_its_days_alone(valle: Cast) -> None:
    first, second, _ = camp(valle)
    place, _ = ask(valle, [first, second], "Luca")
    (offered,) = deciding.offer_free(by=OFFICE, pool_id=first.pk, now=clock.now())
    assert offered.pk == place.pk
    asking.accept(by=OFFICE, child_id=valle.child("Luca").pk, place_id=place.pk, received_at=clock.now(), now=clock.now())
    assert days(valle, "Luca") == [(FIRST, date(2027, 7, 2))]
    with pytest.raises(AskedAlready):
        ask(valle, [second], "Luca")


def test_each_week_is_charged_when_it_begins_and_the_first_costs_less(valle: Cast, at: Any) -> None:
    choosing(valle.town, first_week_percent=40)
    pools = camp(valle, capacity=5)
    share(valle.services["centro"])
    for pool in pools[:2]:
        assign(valle, pool, "Luca")
    at("2027-06-28 01:11")
    fees.charge(by=OFFICE, now=clock.now())
    assert charged(valle, "Luca") == CENTS * 60 // 100
    at("2027-07-05 01:11")
    fees.charge(by=OFFICE, now=clock.now())
    assert charged(valle, "Luca") == CENTS * 160 // 100
    at("2027-07-20 01:11")
    fees.charge(by=OFFICE, now=clock.now())
    assert charged(valle, "Luca") == CENTS * 160 // 100, "the third week is not his"
    assert proofs.violations() == []


def test_a_week_that_is_left_before_it_begins_costs_nothing_and_is_free(valle: Cast, at: Any) -> None:
    first, _, _ = camp(valle)
    share(valle.services["centro"])
    place = assign(valle, first, "Luca")
    with pytest.raises(NoPlaceLeft):
        assign(valle, first, "Anna")
    weeks.leave(by=OFFICE, child_id=valle.child("Luca").pk, place_id=place.pk, words="", now=clock.now())
    assert days(valle, "Luca") == []
    assert assign(valle, first, "Anna").state == "held"
    at("2027-06-28 01:11")
    fees.charge(by=OFFICE, now=clock.now())
    assert (charged(valle, "Luca"), charged(valle, "Anna")) == (0, CENTS)


def test_weeks_beside_each_other_are_one_subscription_each(valle: Cast) -> None:
    first, second, _ = camp(valle, capacity=5)
    assign(valle, second, "Luca")
    assign(valle, first, "Luca")
    assert days(valle, "Luca") == [(FIRST, date(2027, 7, 2)), (date(2027, 7, 5), date(2027, 7, 9))]


def test_who_waited_before_is_passed_over_only_with_a_reason(valle: Cast) -> None:
    first, *_ = camp(valle)
    ask(valle, [first], "Amina", valle.families["haddad"])
    with pytest.raises(seats.OthersWait):
        assign(valle, first, "Luca")
    assert assign(valle, first, "Luca", words="Segnalazione dei servizi sociali").state == "held"


def test_what_is_no_week_or_not_for_the_child_is_refused(valle: Cast) -> None:
    pools = camp(valle)
    bus = ride(valle)
    with pytest.raises(NotFound):
        weeks.ask(
            by=OFFICE, child_id=valle.child("Anna").pk, pool_ids=[bus.pool_id], received_at=clock.now(), now=clock.now()
        )
    with pytest.raises(weeks.NoWeekChosen):
        ask(valle, [], "Anna")
    enrolling.move(by=OFFICE, child_id=valle.child("Anna").pk, class_group_id=None, first=TODAY, now=clock.now())
    with pytest.raises(weeks.NotForThisChild):
        ask(valle, pools, "Anna")


def test_places_of_a_week_are_counted_from_its_first_day(valle: Cast) -> None:
    first, second, _ = camp(valle)
    assign(valle, first, "Luca")
    found = queries.tallies(pools=[first, second], day=None)
    assert (found[first.pk].left, found[second.pk].left) == (0, 1)


def leave(cast: Cast, child: str, place_id: int) -> None:
    weeks.leave(by=OFFICE, child_id=cast.child(child).pk, place_id=place_id, words="", now=clock.now())


def test_a_week_whose_subscription_the_office_ends_is_free_and_the_others_stay(valle: Cast) -> None:
    places = [assign(valle, pool, "Luca") for pool in camp(valle)]
    luca = valle.child("Luca").pk
    second = next(line for line in enrolment.subscriptions_of(child_id=luca) if line.first == date(2027, 7, 5))
    last = second.first - timedelta(days=1)
    enrolling.end(by=OFFICE, child_id=luca, subscription_id=second.id, last=last, now=clock.now())
    assert [queries.place(place_id=one.pk).state for one in places] == ["held", "given_back", "held"]


def test_leaving_a_week_does_not_end_a_subscription_of_the_whole_summer(valle: Cast) -> None:
    pools = camp(valle)
    bracket = services.prices_from(day=FIRST)[-1]
    assert bracket.tariff.service_id == valle.services["centro"].pk
    subscribing: dict[str, Any] = {"bracket": bracket, "reduction_percent": 0, "first": FIRST}
    enrolling.subscribe(by=OFFICE, child_id=valle.child("Luca").pk, now=clock.now(), **subscribing)
    places = [assign(valle, pool, "Luca") for pool in pools]
    before = days(valle, "Luca")
    with pytest.raises(weeks.UsedForLonger):
        leave(valle, "Luca", places[0].pk)
    assert days(valle, "Luca") == before
    assert {queries.place(place_id=one.pk).state for one in places} == {"held"}


def test_a_seat_on_the_bus_is_no_week_to_leave(valle: Cast) -> None:
    seat = seat_on_bus(valle, ride(valle), "Luca")
    with pytest.raises(NotFound):
        leave(valle, "Luca", seat.pk)
    assert queries.place(place_id=seat.pk).state == "held"


def test_an_offer_ends_while_a_day_of_the_week_is_left(valle: Cast, at: Any) -> None:
    first, *_ = camp(valle)
    (wait,) = ask(valle, [first], "Luca")
    at("2027-06-30 10:00")
    (offered,) = deciding.offer_free(by=OFFICE, pool_id=first.pk, now=clock.now())
    assert offered.offer_ends_at == offer_rules.end_of(date(2027, 7, 1))
    at("2027-07-02 10:00")
    with pytest.raises(OfferOver):
        asking.accept(by=OFFICE, child_id=wait.child_id, place_id=wait.pk, received_at=clock.now(), now=clock.now())
    with pytest.raises(NothingLeft):
        deciding.offer_free(by=OFFICE, pool_id=first.pk, now=clock.now())


def test_who_waits_for_a_week_that_is_over_waits_no_more(valle: Cast, at: Any) -> None:
    first, second, _ = camp(valle)
    over, goes_on = ask(valle, [first, second], "Luca")
    at("2027-07-02 23:00")
    following.follow_all(now=clock.now())
    assert [queries.place(place_id=one.pk).state for one in (over, goes_on)] == ["withdrawn", "waiting"]


def test_who_waits_is_given_a_reserved_week_where_the_office_says_so(valle: Cast) -> None:
    first, *_ = camp(valle, reserved=1)
    ask(valle, [first], "Luca")
    with pytest.raises(NoPlaceLeft):
        assign(valle, first, "Luca")
    assert assign(valle, first, "Luca", is_reserved=True).is_reserved
