"""Who was accepted leaves: the family gives the service up, the office revokes; what was enrolled ends, and it is told."""

from datetime import date, timedelta

import pytest

from campanella.domains.applying import operations, queries
from campanella.domains.applying.models import Application, ApplicationStep
from campanella.domains.enrolment.models import Subscription
from campanella.domains.messaging.models import Message
from campanella.domains.people.models import Guardianship
from campanella.foundation.core import clock
from campanella.usecases import enrolling
from campanella.usecases.applying import deciding, leaving, sending
from tests.applying import accept, opened, ride, sent
from tests.towns import OFFICE, TODAY, Cast, Family, run_jobs

A_WEEK = timedelta(days=7)


def line(cast: Cast, child: str = "Luca") -> Subscription | None:
    """Return how a child uses the school bus."""
    return Subscription.objects.filter(child=cast.child(child), service=cast.services["scuolabus"]).first()


def give_up(family: Family, application_id: int, last: date = TODAY) -> None:
    """Give up as the family's page does."""
    leaving.give_up(by=family.user, application_id=application_id, last=last, is_by_office=False, now=clock.now())


def letter(beginning: str) -> Message:
    """Return the letter with such a subject."""
    return Message.objects.get(template="application_step", subject__startswith=beginning)


def test_before_it_begins_it_does_not_begin(valle: Cast, rossi: Family) -> None:
    one = sent(valle, opened(valle, places=1), rossi)
    accept(valle, one)
    give_up(rossi, one.pk)
    assert line(valle) is None
    assert queries.application(application_id=one.pk).state == "given_up"
    assert Application.objects.filter(call_id=one.call_id, state="accepted").count() == 0
    run_jobs()
    told = letter("Hai rinunciato").text
    assert "hai rinunciato a Scuolabus" in told
    assert "non comincia" in told
    # The place is free, and the family may think again.
    assert sent(valle, queries.call(call_id=one.call_id), rossi).number != one.number


def test_after_it_has_begun_it_ends_with_its_day(valle: Cast, rossi: Family) -> None:
    one = sent(valle, opened(valle, begins_on=TODAY - A_WEEK), rossi)
    accept(valle, one)
    give_up(rossi, one.pk, TODAY + A_WEEK)
    found = line(valle)
    assert found
    assert found.days.upper == TODAY + A_WEEK + timedelta(days=1)
    assert ApplicationStep.objects.get(state="given_up").last_on == TODAY + A_WEEK
    run_jobs()
    assert "l’ultimo giorno è il 21 ottobre 2026" in letter("Hai rinunciato").text


def test_a_family_gives_up_from_today_on_and_the_office_looks_back(valle: Cast, rossi: Family) -> None:
    one = sent(valle, opened(valle, begins_on=TODAY - A_WEEK), rossi)
    accept(valle, one)
    with pytest.raises(leaving.PastDay):
        give_up(rossi, one.pk, TODAY - timedelta(days=1))
    leaving.give_up(by=OFFICE, application_id=one.pk, last=TODAY - timedelta(days=3), is_by_office=True, now=clock.now())
    found = line(valle)
    assert found
    assert found.days.upper == TODAY - timedelta(days=2)


def test_the_office_revokes_with_a_reason(valle: Cast, rossi: Family) -> None:
    one = sent(valle, opened(valle), rossi)
    accept(valle, one)
    with pytest.raises(deciding.WordsMissing):
        leaving.revoke(by=OFFICE, application_id=one.pk, last=TODAY, words="  ", now=clock.now())
    leaving.revoke(by=OFFICE, application_id=one.pk, last=TODAY, words="La residenza non risulta", now=clock.now())
    assert line(valle) is None
    run_jobs()
    assert "La residenza non risulta" in letter("La tua iscrizione è stata revocata").text
    # Revoked before the letter left, nobody reads that it was accepted.
    assert not Message.objects.filter(subject__startswith="La tua domanda d’iscrizione è accettata").exists()


def test_a_letter_that_had_not_left_stays_here(valle: Cast, rossi: Family) -> None:
    one = sent(valle, opened(valle), rossi)
    accept(valle, one)
    run_jobs()
    Message.objects.update(sent_at=None)
    give_up(rossi, one.pk)
    assert letter("La tua domanda d’iscrizione è accettata").called_off_at


def test_only_what_is_accepted_ends_and_once(valle: Cast, rossi: Family) -> None:
    one = sent(valle, opened(valle), rossi)
    with pytest.raises(operations.DecidedMeanwhile):
        give_up(rossi, one.pk)
    accept(valle, one)
    give_up(rossi, one.pk)
    with pytest.raises(operations.DecidedMeanwhile):
        leaving.revoke(by=OFFICE, application_id=one.pk, last=TODAY, words="Tardi", now=clock.now())


def test_who_answers_for_the_child_no_more_gives_nothing_up(valle: Cast, rossi: Family) -> None:
    one = sent(valle, opened(valle), rossi)
    accept(valle, one)
    Guardianship.objects.filter(child=valle.child("Luca"), guardian=rossi.guardian).delete()
    with pytest.raises(sending.NoMoreYours):
        give_up(rossi, one.pk)
    assert line(valle)


def test_what_the_office_has_ended_by_hand_is_no_hindrance(valle: Cast, rossi: Family) -> None:
    one = sent(valle, opened(valle, begins_on=TODAY - A_WEEK), rossi)
    child_id = accept(valle, one)
    found = line(valle)
    assert found
    yesterday = TODAY - timedelta(days=1)
    enrolling.end(by=OFFICE, child_id=child_id, subscription_id=found.pk, last=yesterday, now=clock.now())
    give_up(rossi, one.pk)
    assert ApplicationStep.objects.get(state="given_up").last_on == yesterday


def test_who_gave_up_is_admitted_no_more_where_only_the_enrolled_are(valle: Cast, rossi: Family) -> None:
    call = opened(valle, admits_only_enrolled=True)
    one = sent(valle, call, rossi)
    child_id = accept(valle, one)
    give_up(rossi, one.pk)
    with pytest.raises(enrolling.NotAdmitted):
        enrolling.subscribe(
            by=OFFICE,
            child_id=child_id,
            bracket=ride(valle),
            reduction_percent=0,
            first=call.begins_on,
            now=clock.now(),
        )
