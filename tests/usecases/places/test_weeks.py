"""Weeks of a camp: places by the rule of places, charged by the week, the first one for less."""

from datetime import date
from typing import Any

import pytest

from campanella.domains.enrolment import queries as enrolment
from campanella.domains.places import queries
from campanella.domains.places.operations import AskedAlready, NoPlaceLeft
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.readings import proofs
from campanella.usecases import enrolling
from campanella.usecases.billing import fees
from campanella.usecases.places import asking, deciding, seats, weeks
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
