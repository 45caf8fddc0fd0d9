"""The office decides: takes up, asks, refuses, accepts; who is accepted uses the service."""

from datetime import date

import pytest

from campanella.domains.applying import operations, queries, setting_up
from campanella.domains.applying.models import Application, ApplicationStep
from campanella.domains.enrolment.models import Subscription
from campanella.domains.messaging.models import Message
from campanella.domains.people.models import Child, Guardianship
from campanella.domains.schools import operations as schools
from campanella.domains.services import operations as services
from campanella.foundation.core import clock
from campanella.usecases import enrolling
from campanella.usecases.applying import deciding
from campanella.usecases.applying.deciding import Choice
from campanella.usecases.yearly import rolling
from tests.applying import accept, data, of_new_child, opened, ride, send, sent
from tests.towns import OFFICE, Cast, Family, run_jobs


def test_each_step_stands_in_its_history_and_is_told(valle: Cast, rossi: Family) -> None:
    one, office = sent(valle, opened(valle), rossi), valle.staff["office"]
    deciding.take_up(by=office, application_id=one.pk, now=clock.now())
    deciding.ask(by=office, application_id=one.pk, words="Manca la delega", now=clock.now())
    send(rossi, queries.application(application_id=one.pk))
    accept(valle, queries.application(application_id=one.pk))

    assert [row.state for row in ApplicationStep.objects.order_by("id")] == ["sent", "taken", "asked", "sent", "accepted"]
    run_jobs()
    letters = {row.subject.split(" · ")[0]: row.text for row in Message.objects.filter(template="application_step")}
    assert "Manca la delega" in letters["Manca qualcosa alla tua domanda d’iscrizione"]
    assert "è accettata" in letters["La tua domanda d’iscrizione è accettata"]


def test_who_is_accepted_uses_the_service_from_its_day(valle: Cast, rossi: Family) -> None:
    call = opened(valle)
    accept(valle, sent(valle, call, rossi))
    line = Subscription.objects.get(child=valle.child("Luca"), service=valle.services["scuolabus"])
    assert line.days.lower == call.begins_on


def test_a_child_that_was_not_on_record_is_registered(valle: Cast, rossi: Family) -> None:
    one = send(rossi, of_new_child(valle, opened(valle), rossi))
    child_id = accept(valle, one, class_group_id=valle.classes["2B"].pk)
    child = Child.objects.get(pk=child_id)
    assert (child.full_name, child.tax_code) == ("Nina Rossi", "RSSNNI20E41G479K")
    assert Guardianship.objects.get(child=child).is_payer
    assert queries.application(application_id=one.pk).child_id == child_id


def test_a_refusal_needs_its_reason(valle: Cast, rossi: Family) -> None:
    one, office = sent(valle, opened(valle), rossi), valle.staff["office"]
    with pytest.raises(deciding.WordsMissing):
        deciding.refuse(by=office, application_id=one.pk, words=" ", now=clock.now())
    deciding.refuse(by=office, application_id=one.pk, words="Abiti a meno di un chilometro", now=clock.now())
    run_jobs()
    assert "Abiti a meno di un chilometro" in Message.objects.get(subject__startswith="La tua domanda d’iscrizione non").text
    with pytest.raises(operations.DecidedMeanwhile):
        accept(valle, one)


def test_accepted_twice_it_is_accepted_once(valle: Cast, rossi: Family) -> None:
    one = sent(valle, opened(valle), rossi)
    accept(valle, one)
    with pytest.raises(operations.DecidedMeanwhile):
        accept(valle, one)
    assert Subscription.objects.filter(child=valle.child("Luca"), service=valle.services["scuolabus"]).count() == 1


def test_places_are_counted(valle: Cast, rossi: Family) -> None:
    call = opened(valle, places=1)
    first = sent(valle, call, rossi)
    second = sent(valle, call, valle.families["haddad"], "Amina")
    accept(valle, first)
    with pytest.raises(deciding.NoPlace):
        accept(valle, second)
    assert queries.before(application=second) == 1


def test_only_the_enrolled_are_admitted_where_the_town_says_so(valle: Cast, rossi: Family) -> None:
    call = opened(valle, admits_only_enrolled=True)

    def subscribe() -> None:
        enrolling.subscribe(
            by=OFFICE,
            child_id=valle.child("Luca").pk,
            bracket=ride(valle),
            reduction_percent=0,
            first=call.begins_on,
            now=clock.now(),
        )

    with pytest.raises(enrolling.NotAdmitted, match="domanda d’iscrizione accettata"):
        subscribe()
    accept(valle, sent(valle, call, rossi))
    with pytest.raises(enrolling.AlreadySubscribed):
        subscribe()


def test_of_many_one_that_cannot_be_accepted_holds_up_no_other(valle: Cast, rossi: Family) -> None:
    call = opened(valle)
    luca, amina = sent(valle, call, rossi), sent(valle, call, valle.families["haddad"], "Amina")
    accept(valle, luca)
    choice = Choice(bracket=ride(valle), first=call.begins_on)
    done = deciding.accept_many(by=valle.staff["office"], choices={luca.pk: choice, amina.pk: choice}, now=clock.now())
    assert [bool(one.refused) for one in done] == [True, False]
    assert deciding.take_up_many(by=OFFICE, application_ids=[luca.pk, amina.pk], now=clock.now()) == 0


def test_the_new_year_goes_on_only_for_who_was_accepted(valle: Cast, rossi: Family) -> None:
    new = date(2027, 9, 1)
    services.set_tariff(
        service=valle.services["mensa"],
        code="m27",
        name="Mensa 2027/28",
        first=new,
        end=date(2028, 9, 1),
        brackets=[("full", "Intera", None, 480)],
    )
    year = schools.open_year(first=new, end=date(2028, 9, 1))
    more = data(begins_on=new, admits_only_enrolled=True)
    call = setting_up.open_call(by=OFFICE, service=valle.services["mensa"], year=year, data=more, now=clock.now())
    for child in ("Anna", "Luca"):
        sent(valle, call, rossi, child)
    Application.objects.filter(child=valle.child("Anna")).update(state="accepted")
    rolling.roll(by=OFFICE, policies={}, now=clock.now())
    going_on = Subscription.objects.filter(service=valle.services["mensa"], days__contains=new)
    assert list(going_on.values_list("child__given_name", flat=True)) == ["Anna"]


def test_whoever_writes_the_tax_code_of_a_child_on_record_gets_no_child(valle: Cast, rossi: Family) -> None:
    amina = valle.child("Amina")
    Child.objects.filter(pk=amina.pk).update(tax_code="RSSNNI20E41G479K")
    one = send(rossi, of_new_child(valle, opened(valle), rossi))
    with pytest.raises(deciding.NotOfThisChild, match="guarda un documento"):
        accept(valle, one)
    choice = Choice(bracket=ride(valle), first=one.call.begins_on)
    (done,) = deciding.accept_many(by=valle.staff["office"], choices={one.pk: choice}, now=clock.now())
    assert "non è tra i suoi adulti" in done.refused
    assert not Guardianship.objects.filter(child=amina, guardian=rossi.guardian).exists()

    accept(valle, one, is_identified=True)
    assert Guardianship.objects.filter(child=amina, guardian=rossi.guardian, is_payer=False).exists()
    run_jobs()
    told = Message.objects.get(template="registration_one_more")
    assert told.guardian_id == valle.families["haddad"].guardian.pk


def test_what_an_adult_has_sent_is_looked_at_once_the_child_is_no_more_its_own(valle: Cast, rossi: Family) -> None:
    one = sent(valle, opened(valle), rossi)
    Guardianship.objects.filter(child=valle.child("Luca"), guardian=rossi.guardian).delete()
    with pytest.raises(deciding.NotOfThisChild):
        accept(valle, one)


def test_what_was_sent_anew_since_it_was_read_is_read_again_first(valle: Cast, rossi: Family) -> None:
    one, office = sent(valle, opened(valle), rossi), valle.staff["office"]
    send(rossi, queries.application(application_id=one.pk))
    with pytest.raises(operations.DecidedMeanwhile):
        accept(valle, one, version=1)
    for step in (deciding.ask, deciding.refuse):
        with pytest.raises(operations.DecidedMeanwhile):
            step(by=office, application_id=one.pk, words="Manca la delega", version=1, now=clock.now())
    accept(valle, one, version=2)


def test_of_many_a_new_child_is_left_to_a_hand(valle: Cast, rossi: Family) -> None:
    one = send(rossi, of_new_child(valle, opened(valle), rossi))
    choice = Choice(bracket=ride(valle), first=one.call.begins_on)
    (done,) = deciding.accept_many(by=valle.staff["office"], choices={one.pk: choice}, now=clock.now())
    assert "scegli la classe" in done.refused
