"""A family applies for the weeks of a camp in the four steps: the same lines, places and offers as on the camp's page."""

from datetime import timedelta
from typing import Any

import pytest

from campanella.domains.applying import queries
from campanella.domains.applying.models import Application
from campanella.domains.applying.queries import EnrolmentCall
from campanella.domains.enrolment import queries as enrolled
from campanella.domains.places import queries as places
from campanella.domains.places.queries import Pool
from campanella.domains.services.models import Bracket
from campanella.foundation.core import clock
from campanella.usecases.applying import deciding, leaving, sending, weeks, writing
from campanella.usecases.places import asking
from campanella.usecases.places import deciding as deciding_places
from campanella.usecases.places import weeks as camps
from tests.applying import accept, of_new_child, opened, ride, send, sent, written
from tests.auditor import differences
from tests.browsing import browser
from tests.camps import FIRST, ask, assign, camp, share
from tests.towns import OFFICE, TODAY, Cast, Family, text_of


@pytest.fixture
def pools(valle: Cast) -> list[Pool]:
    """Three weeks of a camp, one place each."""
    found = camp(valle)
    share(valle.services["centro"])
    return found


@pytest.fixture
def call(valle: Cast, pools: list[Pool]) -> EnrolmentCall:
    """The enrolment of the camp."""
    return opened(valle, "centro", begins_on=FIRST)


def states(cast: Cast, child: str) -> dict[int, str]:
    """Return by week what a child has or waits for."""
    return {one.pool_id: one.state for one in places.live_of(child_ids=[cast.child(child).pk], day=TODAY)}


def test_four_steps(valle: Cast, rossi: Family, pools: list[Pool], call: EnrolmentCall) -> None:
    first, second, third = pools
    assign(valle, first, "Amina")
    phone = browser(valle.town, rossi.user)
    assert "ognuna ha i suoi posti, e la sua lista d’attesa" in phone.read(f"/iscrizioni/servizi/{call.pk}/")
    address = phone.post(f"/iscrizioni/servizi/{call.pk}/", {"figlio": valle.child("Luca").pk}).headers["Location"]
    assert "28 giugno – 2 luglio 2027, completa: si aspetta" in phone.read(address)
    said = {"school": valle.school.pk, "fai": "prosegui"}
    assert "Settimane: Scegli almeno una settimana." in text_of(phone.post(address, said))
    summary = phone.post(address, {**said, "weeks": [first.pk, third.pk]}).headers["Location"]
    page = phone.read(summary)
    assert "Settimana 28 giugno – 2 luglio 2027" in page
    assert states(valle, "Luca") == {}
    ticks = [one.pk for one in queries.parts(call_id=call.pk) if one.kind in ("notice", "declaration")]
    done = phone.post(summary, {"versione": "1", "spunta": ticks}).headers["Location"]
    assert "28 giugno – 2 luglio 2027 in lista d’attesa Sei il primo della lista." in phone.read(done)
    phone.post(summary, {"versione": "1", "spunta": ticks})
    assert states(valle, "Luca") == {first.pk: "waiting", third.pk: "waiting"}
    row = Application.objects.get(child=valle.child("Luca"))
    version = queries.version(application=row)
    assert version
    assert version.content["groups"][3] == [
        "Settimane chieste",
        [["Settimana", "28 giugno – 2 luglio 2027"], ["Settimana", "12–16 luglio 2027"]],
    ]
    assert second.pk not in states(valle, "Luca")


def test_the_office_accepts_it_at_its_price_and_gives_the_weeks_whose_turn_has_come(
    valle: Cast, rossi: Family, pools: list[Pool], call: EnrolmentCall
) -> None:
    first, second, _ = pools
    assign(valle, first, "Amina")
    one = sent(valle, call, rossi, weeks=[first.pk, second.pk])
    desk = browser(valle.town, valle.staff["office"])
    page = desk.get(f"/ufficio/iscrizioni/{one.pk}/").content.decode()
    assert 'name="bracket"' in page
    assert 'name="reduction_percent"' not in page
    accept(valle, one)
    assert states(valle, "Luca") == {first.pk: "waiting", second.pk: "held"}
    (line,) = enrolled.uses_of(child_ids=[valle.child("Luca").pk], service_id=valle.services["centro"].pk)
    assert (line.first, line.end) == (second.days.lower, second.days.upper)
    assert differences(valle.town) == []


def test_who_asked_before_on_the_camps_page_comes_before(
    valle: Cast, rossi: Family, pools: list[Pool], call: EnrolmentCall
) -> None:
    first = pools[0]
    ask(valle, [first], "Amina", valle.families["haddad"])
    accept(valle, sent(valle, call, rossi, weeks=[first.pk]))
    assert states(valle, "Luca") == {first.pk: "waiting"}


def test_sent_anew_it_asks_for_other_weeks_and_keeps_its_turn_in_those_that_stay(
    valle: Cast, rossi: Family, pools: list[Pool], call: EnrolmentCall
) -> None:
    first, second, third = pools
    one = sent(valle, call, rossi, weeks=[first.pk, second.pk])
    ask(valle, [third], "Luca")
    turns = {place.pool_id: place.asked_at for place in places.live_of(child_ids=[valle.child("Luca").pk], day=TODAY)}
    with clock.standing_at(clock.now() + timedelta(hours=1)):
        said = {"school": valle.school.pk, "answers": {}, "weeks": [second.pk]}
        writing.write(application=one, data=said, files={}, now=clock.now())
        again = send(rossi, queries.application(application_id=one.pk))
    assert (again.version, states(valle, "Luca")) == (2, {second.pk: "waiting", third.pk: "waiting"})
    live = places.live_of(child_ids=[valle.child("Luca").pk], day=TODAY)
    assert all(place.asked_at == turns[place.pool_id] for place in live)


@pytest.mark.parametrize("how", ["withdrawn", "refused"])
def test_what_holds_no_more_waits_no_more(
    valle: Cast, rossi: Family, pools: list[Pool], call: EnrolmentCall, how: str
) -> None:
    first, second, _ = pools
    one = sent(valle, call, rossi, weeks=[first.pk])
    ask(valle, [second], "Luca")
    if how == "refused":
        deciding.refuse(by=valle.staff["office"], application_id=one.pk, words="Solo residenti.", now=clock.now())
    else:
        sending.withdraw(by=rossi.user, application_id=one.pk, is_by_office=False, now=clock.now())
    assert states(valle, "Luca") == {second.pk: "waiting"}


def test_who_gives_up_leaves_every_week(valle: Cast, rossi: Family, pools: list[Pool], call: EnrolmentCall) -> None:
    first, second, third = pools
    assign(valle, third, "Amina")
    one = sent(valle, call, rossi, weeks=[first.pk, second.pk, third.pk])
    accept(valle, one)
    assert states(valle, "Luca") == {first.pk: "held", second.pk: "held", third.pk: "waiting"}
    leaving.give_up(by=rossi.user, application_id=one.pk, last=TODAY, is_by_office=False, now=clock.now())
    assert states(valle, "Luca") == {}
    assert enrolled.uses_of(child_ids=[valle.child("Luca").pk], service_id=valle.services["centro"].pk) == []


def test_a_child_that_is_not_on_record_has_its_place_in_line_by_the_receipt(
    valle: Cast, rossi: Family, pools: list[Pool], call: EnrolmentCall
) -> None:
    first = pools[0]
    one = of_new_child(valle, call, rossi)
    data: dict[str, Any] = {**one.data, "weeks": [first.pk]}
    writing.write(application=one, data=data, files={}, now=clock.now())
    one = send(rossi, queries.application(application_id=one.pk))
    with clock.standing_at(clock.now() + timedelta(hours=1)):
        ask(valle, [first], "Amina", valle.families["haddad"])
        child_id = accept(valle, one, class_group_id=valle.classes["2B"].pk)
    (place,) = places.live_of(child_ids=[child_id], day=TODAY)
    assert (place.state, place.asked_at) == ("held", one.sent_at)


def test_a_new_childs_week_that_was_added_later_waits_from_then_on(
    valle: Cast, rossi: Family, pools: list[Pool], call: EnrolmentCall
) -> None:
    first, second, _ = pools
    one = of_new_child(valle, call, rossi)
    for hours, named in ((0, [first.pk]), (2, [first.pk, second.pk])):
        with clock.standing_at(clock.now() + timedelta(hours=hours)):
            writing.write(application=one, data={**one.data, "weeks": named}, files={}, now=clock.now())
            one = send(rossi, queries.application(application_id=one.pk))
    with clock.standing_at(clock.now() + timedelta(hours=1)):
        ask(valle, [first, second], "Amina", valle.families["haddad"])
    child_id = accept(valle, one, class_group_id=valle.classes["2B"].pk)
    live = places.live_of(child_ids=[child_id], day=TODAY)
    assert {place.pool_id: place.state for place in live} == {first.pk: "held", second.pk: "waiting"}


def test_a_week_that_the_family_let_go_of_is_not_given(
    valle: Cast, rossi: Family, pools: list[Pool], call: EnrolmentCall
) -> None:
    first, second, third = pools
    one = sent(valle, call, rossi, weeks=[first.pk, second.pk, third.pk])
    deciding_places.offer_free(by=OFFICE, pool_id=third.pk, now=clock.now())
    for place in places.live_of(child_ids=[valle.child("Luca").pk], day=TODAY):
        if place.pool_id != first.pk:
            camps.leave(by=rossi.user, child_id=place.child_id, place_id=place.pk, words="", now=clock.now())
    accept(valle, one)
    assert states(valle, "Luca") == {first.pk: "held"}


def test_a_week_whose_turn_comes_later_costs_what_the_office_has_chosen(
    valle: Cast, rossi: Family, pools: list[Pool], call: EnrolmentCall
) -> None:
    first, second, _ = pools
    tariff = ride(valle, "centro").tariff
    Bracket.objects.create(tariff=tariff, code="outside", name="Non residenti", cents=100)
    before = assign(valle, first, "Amina")
    accept(valle, sent(valle, call, rossi, weeks=[first.pk, second.pk]))
    camps.leave(by=OFFICE, child_id=before.child_id, place_id=before.pk, words="", now=clock.now())
    (place,) = deciding_places.offer_free(by=OFFICE, pool_id=first.pk, now=clock.now())
    asking.accept(by=rossi.user, child_id=place.child_id, place_id=place.pk, received_at=clock.now(), now=clock.now())
    uses = enrolled.uses_of(child_ids=[place.child_id], service_id=valle.services["centro"].pk)
    assert [use.bracket_name for use in uses] == ["Intera", "Intera"]


def test_weeks_that_cannot_be_asked_for_are_refused_whole(
    valle: Cast, rossi: Family, pools: list[Pool], call: EnrolmentCall
) -> None:
    first = pools[0]
    with pytest.raises(sending.Incomplete, match="Settimane"):
        send(rossi, written(valle, call, rossi, "Luca"))
    strange = written(valle, call, rossi, "Anna", weeks=[first.pk, 999_999])
    with pytest.raises(weeks.WeekGone):
        send(rossi, strange)
    assert states(valle, "Anna") == {}
