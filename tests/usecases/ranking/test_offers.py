"""Places are offered down the final list: accepted, given up, left to lapse, and then the next one has its turn."""

from datetime import time, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.applying import operations as applications
from campanella.domains.applying import queries as applying
from campanella.domains.applying.queries import Application
from campanella.domains.enrolment.models import Subscription
from campanella.domains.messaging.models import Message
from campanella.domains.people.models import Child
from campanella.domains.places.offering import OfferOver, ProlongFirst
from campanella.domains.ranking import queries
from campanella.domains.ranking.offering import PlaceByRanking
from campanella.foundation.core import clock
from campanella.usecases.applying import leaving, sending
from campanella.usecases.ranking import offers
from tests.applying import accept
from tests.ranking import AFTER, known, newborn, offer_to, published, ranked, rule
from tests.towns import OFFICE, Cast, Family, run_jobs


def state_of(application: Application) -> str:
    return applying.application(application_id=application.pk).state


def take(family: Family, application: Application) -> None:
    offer = offer_to(application)
    offers.accept(by=family.user, offer_id=offer.pk, received_at=AFTER, now=AFTER)


def give_up(family: Family, application: Application) -> None:
    offer = offer_to(application)
    offers.refuse(by=family.user, offer_id=offer.pk, received_at=AFTER, now=AFTER)


def test_who_accepts_is_enrolled_as_by_an_accepted_application(valle: Cast, rossi: Family) -> None:
    call = ranked(valle)
    one = newborn(valle, call, "B", works=True)
    newborn(valle, call, "C")
    published(call)
    run_jobs()
    letter = Message.objects.get(template="place_told")
    assert "c’è un posto a Primaria Rodari" in letter.text
    assert "Accettalo o rinuncia entro l’11 novembre 2026, 23:59" in " ".join(letter.text.split())
    take(rossi, one)
    child = Child.objects.get(given_name="Nina B")
    line = Subscription.objects.get(child=child, service=valle.services["scuolabus"])
    assert line.days.lower == clock.day_of(AFTER) + timedelta(days=1)
    assert state_of(one) == "accepted"
    assert (offer_to(one).state, offer_to(one).waits_for) == ("accepted", "")
    with pytest.raises(OfferOver):
        take(rossi, one)


def test_a_place_given_up_goes_to_the_next_who_wants_it(valle: Cast, rossi: Family) -> None:
    call = ranked(valle)
    first, second = newborn(valle, call, "B", works=True), newborn(valle, call, "C")
    published(call)
    assert queries.offers_to(application_id=second.pk) == []
    give_up(rossi, first)
    assert (offer_to(first).state, offer_to(second).state) == ("refused", "open")
    assert state_of(first) == "sent"


def test_one_refusal_keeps_the_other_structures_and_the_second_ends_the_application(valle: Cast, rossi: Family) -> None:
    call = ranked(valle, elsewhere=1)
    one = newborn(valle, call, "B", works=True, second=True)
    published(call)
    give_up(rossi, one)
    assert (offer_to(one).school.name, offer_to(one).state) == ("Nido Girasole", "open")
    give_up(rossi, one)
    assert state_of(one) == "refused"
    run_jobs()
    refused = Message.objects.get(subject__startswith="La tua domanda d’iscrizione non")
    assert "Hai rinunciato a un posto per 2 volte" in refused.text


def test_a_town_may_end_it_at_the_first_refusal_or_never(valle: Cast, rossi: Family) -> None:
    call = ranked(valle, elsewhere=1, refusals=1)
    one = newborn(valle, call, "B", works=True, second=True)
    published(call)
    give_up(rossi, one)
    assert state_of(one) == "refused"
    assert offer_to(one).school_id == valle.school.pk


def test_who_does_not_answer_in_time_leaves_the_place_to_the_next(valle: Cast, rossi: Family) -> None:
    call = ranked(valle)
    first, second = newborn(valle, call, "B", works=True), newborn(valle, call, "C")
    published(call)
    offer = offer_to(first)
    assert offers.lapse(now=offer.until) == 0
    late = offer.until + timedelta(microseconds=1)
    with pytest.raises(OfferOver, match="Il tempo per rispondere è finito"):
        offers.accept(by=rossi.user, offer_id=offer.pk, received_at=late, now=late)
    assert offers.lapse(now=late) == 1
    assert offers.lapse(now=late) == 0
    assert (offer_to(first).state, offer_to(second).state) == ("lapsed", "open")
    run_jobs()
    assert Message.objects.filter(subject__startswith="Il posto offerto è scaduto").count() == 1


def test_the_office_gives_more_time_and_gives_no_late_place_before(valle: Cast, rossi: Family) -> None:
    call = ranked(valle)
    first, second = newborn(valle, call, "B", works=True), newborn(valle, call, "C")
    published(call)
    offer = offer_to(first)
    late = offer.until + timedelta(hours=9)
    with clock.standing_at(late), pytest.raises(ProlongFirst, match="prima prolunga l’offerta"):
        accept(valle, first, class_group_id=valle.classes["2B"].pk)
    day = clock.day_of(late) + timedelta(days=5)
    offers.prolong(by=OFFICE, offer_id=offer.pk, day=day, words="Raccomandata in ritardo", now=late)
    with clock.standing_at(late):
        run_jobs()
    letter = Message.objects.get(subject__startswith="Hai più tempo per rispondere")
    assert "Raccomandata in ritardo" in letter.text
    assert offers.lapse(now=late) == 0
    later = late + timedelta(days=2)
    offers.accept(by=rossi.user, offer_id=offer.pk, received_at=later, now=later)
    assert (offer_to(first).state, queries.offers_to(application_id=second.pk)) == ("accepted", [])


def test_an_answer_received_in_time_counts_though_it_is_read_later(valle: Cast, rossi: Family) -> None:
    call = ranked(valle)
    one = newborn(valle, call, "B")
    published(call)
    offer = offer_to(one)
    offers.accept(by=rossi.user, offer_id=offer.pk, received_at=offer.until, now=offer.until + timedelta(seconds=3))
    assert offer_to(one).state == "accepted"


def test_what_is_withdrawn_frees_its_place(valle: Cast, rossi: Family) -> None:
    call = ranked(valle)
    first, second = newborn(valle, call, "B", works=True), newborn(valle, call, "C")
    published(call)
    sending.withdraw(by=rossi.user, application_id=first.pk, is_by_office=False, now=AFTER)
    assert offer_to(first).state == "ended"
    run_jobs()
    assert offer_to(second).state == "open"


def test_without_a_class_the_place_is_the_familys_and_the_office_finishes(valle: Cast, rossi: Family) -> None:
    call = ranked(valle, with_class=False)
    one = newborn(valle, call, "B")
    published(call)
    take(rossi, one)
    assert offer_to(one).state == "accepted"
    assert "Manca la classe" in offer_to(one).waits_for
    assert state_of(one) == "sent"
    accept(valle, one, class_group_id=valle.classes["2B"].pk)
    assert (state_of(one), offer_to(one).waits_for) == ("accepted", "")


def test_the_office_accepts_nobody_past_the_list(valle: Cast) -> None:
    call = ranked(valle)
    first, second = newborn(valle, call, "B", works=True), known(valle, call, "Luca")
    published(call)
    with pytest.raises(PlaceByRanking):
        accept(valle, second)
    accept(valle, first, class_group_id=valle.classes["2B"].pk)
    assert offer_to(first).state == "accepted"
    with pytest.raises(applications.DecidedMeanwhile):
        accept(valle, first)


def test_places_that_are_added_are_offered_at_once(valle: Cast) -> None:
    call = ranked(valle)
    newborn(valle, call, "B", works=True)
    second = newborn(valle, call, "C")
    published(call)
    rule(valle, call, places=2)
    assert offer_to(second).state == "open"
    assert offers.go_on(call_id=call.pk, now=AFTER) == 0


def test_who_gives_an_accepted_place_up_again_frees_it(valle: Cast, rossi: Family) -> None:
    call = ranked(valle)
    first, second = known(valle, call, "Luca", works=True), newborn(valle, call, "C")
    published(call)
    take(rossi, first)
    last = clock.day_of(AFTER) + timedelta(days=30)
    leaving.give_up(by=rossi.user, application_id=first.pk, last=last, is_by_office=False, now=AFTER)
    run_jobs()
    assert (offer_to(first).state, offer_to(second).state) == ("ended", "open")
    # It is offered at once, and begins once nobody uses it any more.
    take(rossi, second)
    lines = Subscription.objects.filter(service=valle.services["scuolabus"], child__given_name__in=("Luca", "Nina C"))
    days = sorted((line.days.lower, line.days.upper) for line in lines)
    assert [one for one, _ in days] == [clock.day_of(AFTER) + timedelta(days=1), last + timedelta(days=1)]
    assert days[0][1] == last + timedelta(days=1)


def test_nothing_is_offered_once_the_year_is_over(valle: Cast, rossi: Family) -> None:
    call = ranked(valle)
    first, second = known(valle, call, "Luca", works=True), newborn(valle, call, "C")
    published(call)
    take(rossi, first)
    late = clock.rome(call.year.days.upper, time(9))
    leaving.revoke(by=OFFICE, application_id=first.pk, last=call.year.days.upper, words="Fine", now=late)
    with clock.standing_at(late):
        run_jobs()
    assert queries.offers_to(application_id=second.pk) == []


def test_a_place_ended_on_the_childs_page_is_free_for_the_next(valle: Cast, rossi: Family) -> None:
    call = ranked(valle)
    first, second = known(valle, call, "Luca", works=True), newborn(valle, call, "C")
    published(call)
    take(rossi, first)
    run_jobs()
    last = clock.day_of(AFTER) + timedelta(days=30)
    line = Subscription.objects.get(child=valle.child("Luca"), service=valle.services["scuolabus"])
    ended = leaving.end_use(by=OFFICE, child_id=line.child_id, subscription_id=line.pk, last=last, now=AFTER)
    assert ended == first
    run_jobs()
    assert (state_of(first), offer_to(first).state, offer_to(second).state) == ("given_up", "ended", "open")
    assert applying.steps(application_id=first.pk)[-1].last_on == last
    letter = Message.objects.get(subject__startswith="Un servizio finisce")
    assert "L’ufficio ha terminato il servizio nella scheda del bambino." in letter.text
    assert "hai rinunciato" not in letter.text
    # The next one begins the day after the last.
    take(rossi, second)
    found = Subscription.objects.get(child__given_name="Nina C")
    assert found.days.lower == last + timedelta(days=1)


def test_who_goes_on_at_another_price_keeps_its_place(valle: Cast, rossi: Family) -> None:
    call = ranked(valle)
    first = known(valle, call, "Luca")
    published(call)
    take(rossi, first)
    child_id = valle.child("Luca").pk
    line = Subscription.objects.get(child_id=child_id, service=valle.services["scuolabus"])
    later = line.days.lower + timedelta(days=40)
    Subscription.objects.filter(pk=line.pk).update(days=DateRange(line.days.lower, later))
    Subscription.objects.create(
        child_id=child_id, service_id=line.service_id, bracket_id=line.bracket_id, days=DateRange(later, None)
    )
    last = line.days.lower
    ended = leaving.end_use(by=OFFICE, child_id=child_id, subscription_id=line.pk, last=last, now=AFTER)
    assert (ended, state_of(first), offer_to(first).state) == (None, "accepted", "accepted")
