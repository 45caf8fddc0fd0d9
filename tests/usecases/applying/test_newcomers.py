"""The first child of a new family: who has registered applies, and the office's acceptance makes adult, child and tie."""

from typing import Any

import pytest
from django.core import mail

from campanella.domains.accounts.models import User
from campanella.domains.applying import queries
from campanella.domains.applying.models import Application
from campanella.domains.enrolment.models import IseeDeclaration, Subscription
from campanella.domains.people import queries as persons
from campanella.domains.people.models import Child, Guardian, Guardianship, Registration
from campanella.domains.people.registering import DecidedAlready
from campanella.foundation.core import clock
from campanella.usecases.access import requests
from campanella.usecases.applying import newcomers, sending, writing
from tests.applying import accept, opened
from tests.browsing import Browser, browser
from tests.towns import Cast, choosing, run_jobs, text_of
from tests.usecases.access.test_registering import BIANCHI, confirmed

CHILD = {"given_name": "Nina", "family_name": "Bianchi", "tax_code": "BNCNNI20E41G479Q", "birth_date": "2020-05-01"}


@pytest.fixture
def mother(valle: Cast) -> User:
    """Laura Bianchi, whom the town does not know: she has registered, and waits for the office."""
    choosing(valle.town, registration=True)
    confirmed(browser(valle.town))
    return User.objects.get(username="laura.bianchi88")


def sent(cast: Cast, user: User, *, child: dict[str, str] = CHILD, **more: Any) -> Application:
    """Write and send an application for the school bus."""
    now = clock.now()
    call = next(iter(queries.calls()), None) or opened(cast)
    one = newcomers.begin(call_id=call.pk, user=user, received_at=now, now=now)
    writing.write(application=one, data={"school": cast.school.pk, "answers": {}, "child": child, **more}, files={}, now=now)
    ticked = [part.pk for part in queries.parts(call_id=call.pk)]
    return sending.send(
        by=user, application_id=one.pk, version=1, ticked=ticked, is_by_office=False, received_at=now, now=now
    )


def test_acceptance_makes_child_adult_and_tie(valle: Cast, mother: User) -> None:
    one = sent(valle, mother)
    run_jobs()
    assert "I-2026-00001" in [letter for letter in mail.outbox if letter.to == ["laura@posta.example"]][-1].body
    child_id = accept(valle, one, class_group_id=valle.classes["2B"].pk)
    child, adult = Child.objects.get(pk=child_id), Guardian.objects.get(tax_code=BIANCHI)
    assert child.full_name == "Nina Bianchi"
    assert (adult.full_name, adult.email, adult.user_id) == ("Laura Bianchi", "laura@posta.example", mother.pk)
    assert Guardianship.objects.get(child=child).is_payer
    assert Registration.objects.get(user=mother).outcome == "accepted"
    assert queries.application(application_id=one.pk).guardian_id == adult.pk
    assert Subscription.objects.filter(child=child, service=valle.services["scuolabus"]).exists()
    run_jobs()
    assert [child.full_name for child in persons.children_of(user=mother)] == ["Nina Bianchi"]


def test_nobody_learns_whether_a_child_is_on_record(valle: Cast, mother: User) -> None:
    amina = valle.child("Amina")
    Child.objects.filter(pk=amina.pk).update(tax_code=CHILD["tax_code"])
    one = sent(valle, mother)
    assert one.number == "I-2026-00001"
    with pytest.raises(newcomers.NotIdentified):
        accept(valle, one)
    assert not Guardian.objects.filter(tax_code=BIANCHI).exists()
    accept(valle, one, is_identified=True)
    ties = {tie.guardian.full_name: tie.is_payer for tie in Guardianship.objects.filter(child=amina)}
    assert ties["Laura Bianchi"] is False
    assert len(ties) == 2


def test_an_adult_on_record_is_taken_for_who_it_says_once_somebody_has_looked(valle: Cast, mother: User) -> None:
    known = Guardian.objects.create(given_name="Laura", family_name="Bianchi", tax_code=BIANCHI, email="altra@posta.example")
    one = sent(valle, mother)
    with pytest.raises(newcomers.NotIdentified):
        accept(valle, one, class_group_id=valle.classes["2B"].pk)
    accept(valle, one, class_group_id=valle.classes["2B"].pk, is_identified=True)
    assert queries.application(application_id=one.pk).guardian_id == known.pk


def test_who_was_tied_meanwhile_goes_on(valle: Cast, mother: User) -> None:
    one = sent(valle, mother)
    asked, luca = Registration.objects.get(user=mother), valle.child("Luca")
    requests.accept(
        by=valle.staff["office"],
        registration_id=asked.pk,
        child_ids=[valle.child("Luca").pk],
        kind="parent",
        now=clock.now(),
    )
    page = browser(valle.town, mother)
    assert one.number in page.read("/iscrizioni/")
    child_id = accept(valle, one, class_group_id=valle.classes["2B"].pk)
    assert {child.id for child in persons.children_of(user=mother)} == {child_id, luca.pk}


def test_what_a_refused_access_has_sent_ends_with_it(valle: Cast, mother: User) -> None:
    one = sent(valle, mother)
    now = clock.now()
    draft = newcomers.begin(call_id=one.call_id, user=mother, received_at=now, now=now)
    asked = Registration.objects.get(user=mother)
    requests.refuse(by=valle.staff["office"], registration_id=asked.pk, why="Non la conosciamo", now=now)
    assert queries.application(application_id=one.pk).state == "withdrawn"
    assert not Application.objects.filter(pk=draft.pk).exists()
    with pytest.raises(DecidedAlready):
        requests.refuse(by=valle.staff["office"], registration_id=asked.pk, why="Di nuovo", now=now)


def test_an_isee_is_declared_once_there_is_somebody_to_declare_it(valle: Cast, mother: User) -> None:
    opened(valle, asks_isee=True)
    said = {"how": "given", "cents": 980_000, "kind": "ordinary", "issued_on": "2026-03-02", "household": 3}
    one = sent(valle, mother, isee=said)
    assert not IseeDeclaration.objects.exists()
    accept(valle, one, class_group_id=valle.classes["2B"].pk)
    found = IseeDeclaration.objects.get()
    assert (found.payer.tax_code, found.cents) == (BIANCHI, 980_000)


def test_many_leave_it_to_a_hand(valle: Cast, mother: User) -> None:
    one = sent(valle, mother)
    desk = browser(valle.town, valle.staff["office"])
    page = text_of(desk.post("/ufficio/iscrizioni/insieme/", {"domanda": [one.pk], "fai": "guarda"}))
    assert "a mano" in page


def test_on_her_phone_and_at_the_desk(valle: Cast, mother: User) -> None:
    call = opened(valle)
    phone: Browser = browser(valle.town, mother)
    start = phone.read(f"/iscrizioni/servizi/{call.pk}/")
    assert "Un bambino che qui non c’è ancora" in start
    address = phone.post(f"/iscrizioni/servizi/{call.pk}/", {"figlio": "nuovo"}).headers["Location"]
    assert "Laura Bianchi" in phone.read(address)
    said = {**CHILD, "school": valle.school.pk, "fai": "prosegui"}
    summary = phone.post(address, said).headers["Location"]
    assert "Nina Bianchi" in phone.read(summary)
    ticks = [part.pk for part in queries.parts(call_id=call.pk)]
    phone.post(summary, {"versione": "1", "spunta": ticks})
    assert "I-2026-00001" in phone.read("/iscrizioni/")
    assert "Iscrizioni ai servizi" in phone.read("/")
    one = Application.objects.get()
    desk = browser(valle.town, valle.staff["office"])
    page = desk.read(f"/ufficio/iscrizioni/{one.pk}/")
    assert "Famiglia nuova" in page
    assert "Bianchi Nina" in desk.read("/ufficio/iscrizioni/")
    other = browser(valle.town, valle.families["haddad"].user)
    assert other.get(f"/iscrizioni/{one.pk}/").status_code == 404
