"""Who applies once the final list is published: listed apart, behind everybody, and offered what is left."""

from datetime import timedelta
from typing import Any

import pytest

from campanella.domains.applying import queries as applying
from campanella.domains.applying.queries import Application, EnrolmentCall
from campanella.domains.ranking import queries
from campanella.domains.ranking.offering import PlaceByRanking
from campanella.foundation.core import clock
from campanella.readings.office.ranking import call_ranking
from campanella.usecases.applying import sending
from campanella.usecases.ranking import offers
from tests.applying import accept
from tests.ranking import AFTER, late_one, newborn, offer_to, published, ranked, rule
from tests.towns import Cast, Family, run_jobs


def came(cast: Cast, call: EnrolmentCall, letter: str, days: int, **more: Any) -> Application:
    """Enter an application at the desk so many days after the final list."""
    at = AFTER + timedelta(days=days)
    one = late_one(cast, call, letter, at=at, **more)
    with clock.standing_at(at):
        run_jobs()
    return one


def queue(call: EnrolmentCall) -> list[tuple[str, int, str]]:
    found = call_ranking(call_id=call.pk, now=AFTER).late
    return [(line.name, line.late.row.position, line.late.same_as) for line in found]


def is_offered(one: Application) -> bool:
    return any(each.state == "open" for each in queries.offers_to(application_id=one.pk))


def test_late_ones_stand_behind_the_list_in_the_order_of_receipt(valle: Cast, rossi: Family) -> None:
    call = ranked(valle)
    first, second = newborn(valle, call, "B", works=True), newborn(valle, call, "C")
    published(call)
    early, late = came(valle, call, "D", 1), came(valle, call, "E", 2, works=True)
    assert queue(call) == [("Rossi Nina D", 1, ""), ("Rossi Nina E", 2, "")], "points make no difference"
    with pytest.raises(PlaceByRanking):
        accept(valle, early, class_group_id=valle.classes["2B"].pk)
    for one, after in ((first, second), (second, early), (early, late)):
        assert not is_offered(after)
        offers.refuse(by=rossi.user, offer_id=offer_to(one).pk, received_at=AFTER, now=AFTER)
        assert is_offered(after)
    offer = offer_to(late)
    offers.accept(by=rossi.user, offer_id=offer.pk, received_at=AFTER, now=AFTER)
    assert applying.application(application_id=late.pk).state == "accepted"
    assert queue(call) == [("Rossi Nina D", 1, "")]


def test_a_town_may_order_late_ones_by_the_rules_of_the_list(valle: Cast) -> None:
    call = ranked(valle, late="points")
    newborn(valle, call, "B")
    published(call)
    came(valle, call, "D", 1)
    came(valle, call, "E", 2, works=True)
    assert queue(call) == [("Rossi Nina E", 1, ""), ("Rossi Nina D", 2, "")]
    rule(valle, call)
    assert queue(call) == [("Rossi Nina D", 1, ""), ("Rossi Nina E", 2, "")], "it may be changed after the final list"


def test_a_place_that_is_free_is_offered_to_a_late_one_at_once(valle: Cast) -> None:
    call = ranked(valle, places=2)
    newborn(valle, call, "B")
    published(call)
    one = came(valle, call, "D", 1)
    assert is_offered(one)
    assert offers.go_on(call_id=call.pk, now=AFTER) == 0


def test_a_late_one_for_a_child_of_the_list_gets_no_second_place(valle: Cast) -> None:
    call = ranked(valle, places=5)
    first = newborn(valle, call, "B", family="haddad")
    published(call)
    again = came(valle, call, "B", 1)
    assert queue(call) == [("Rossi Nina B", 1, first.number)]
    assert not is_offered(again)
    sending.withdraw(by=valle.families["haddad"].user, application_id=first.pk, is_by_office=False, now=AFTER)
    run_jobs()
    assert is_offered(again)


def test_what_comes_before_the_final_list_is_drawn_up_is_not_late(valle: Cast) -> None:
    call = ranked(valle)
    newborn(valle, call, "B")
    one = late_one(valle, call, "D", at=AFTER - timedelta(minutes=1))
    published(call)
    assert queue(call) == []
    assert queries.listed(list_id=queries.lists(call_id=call.pk)[0].pk) >= {one.pk}
