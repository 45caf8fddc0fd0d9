"""An application is sent in time, whole and once; sent anew it keeps its number."""

from datetime import date, timedelta

import pytest

from campanella.domains.applying import operations, queries, setting_up
from campanella.domains.applying.models import Application, ApplicationStep, ApplicationVersion
from campanella.domains.applying.setting_up import PartData
from campanella.domains.enrolment.models import IseeDeclaration
from campanella.domains.messaging.models import Message
from campanella.domains.people import operations as people
from campanella.domains.people.models import Guardianship
from campanella.domains.schools import operations as schools
from campanella.foundation.core import clock
from campanella.usecases.applying import sending, writing
from tests.applying import CLOSES, accept, data, of_new_child, opened, part, send, sent, written
from tests.towns import OFFICE, Cast, Family, run_jobs


def test_an_application_gets_its_number_and_its_letter(valle: Cast, rossi: Family) -> None:
    one = sent(valle, opened(valle), rossi)

    assert (one.number, one.version, one.state) == ("I-2026-00001", 1, "sent")
    run_jobs()
    letter = Message.objects.get(key__startswith="application_step:")
    assert letter.subject == "La tua domanda d’iscrizione è arrivata · Comune di Valle"
    assert "n. I-2026-00001 per Scuolabus" in letter.text
    assert "L’ufficio risponde entro dieci giorni." in letter.text
    assert "Luca" not in letter.subject + letter.text


def test_sent_twice_it_is_sent_once(valle: Cast, rossi: Family) -> None:
    one = written(valle, opened(valle), rossi)
    first = send(rossi, one)
    again = send(rossi, one)
    assert again.number == first.number
    assert ApplicationVersion.objects.count() == ApplicationStep.objects.count() == 1


@pytest.mark.parametrize(
    ("late", "counts"), [(timedelta(0), True), (timedelta(seconds=-1), True), (timedelta(seconds=1), False)]
)
def test_the_last_second_counts_and_the_next_one_does_not(valle: Cast, rossi: Family, late: timedelta, counts: bool) -> None:
    one = written(valle, opened(valle), rossi)
    if counts:
        # What was received in time counts however long it waited here.
        with clock.standing_at(CLOSES + timedelta(minutes=2)):
            assert send(rossi, one, received_at=CLOSES + late).number
        return
    with pytest.raises(writing.NotOpen, match="si sono chiuse il 31 ottobre 2026, 23:59: adesso si va all’ufficio"):
        send(rossi, one, received_at=CLOSES + late)
    assert Application.objects.get().state == "draft"


def test_before_it_opens_nothing_is_begun(valle: Cast, rossi: Family) -> None:
    call = opened(valle, opens_at=clock.now() + timedelta(days=1))
    with pytest.raises(writing.NotOpen, match="si aprono il 15 ottobre 2026"):
        written(valle, call, rossi)


def test_what_is_missing_is_named(valle: Cast, rossi: Family) -> None:
    call = opened(valle, parts=(PartData("text", "Fermata di salita"), PartData("document", "Delega")))
    one = written(valle, call, rossi)
    with pytest.raises(sending.Incomplete) as refused:
        send(rossi, one, ticked=[])
    assert refused.value.labels[:2] == ("Fermata di salita", "Delega")
    assert len(refused.value.labels) == 4
    assert "Manca ancora: Fermata di salita; Delega; Ho letto l’informativa" in refused.value.message


def test_a_changed_application_is_sent_anew_under_its_number(valle: Cast, rossi: Family) -> None:
    call = opened(valle, parts=(PartData("text", "Fermata di salita"),))
    stop = str(part(call, "Fermata di salita").pk)
    one = sent(valle, call, rossi, answers={stop: "Piazza Alberica"})
    writing.write(application=one, data={"answers": {stop: "Via Roma"}}, files={}, now=clock.now())
    again = send(rossi, queries.application(application_id=one.pk))

    assert (again.number, again.version) == (one.number, 2)
    told = [row.content["groups"][2][1] for row in ApplicationVersion.objects.order_by("version")]
    assert told == [[["Fermata di salita", "Piazza Alberica"]], [["Fermata di salita", "Via Roma"]]]


def test_two_windows_do_not_write_over_each_other(valle: Cast, rossi: Family) -> None:
    one = sent(valle, opened(valle), rossi)
    accept(valle, one)
    with pytest.raises(operations.DecidedMeanwhile):
        writing.write(application=one, data={"answers": {}}, files={}, now=clock.now())


def test_two_windows_keep_each_others_pages(valle: Cast, rossi: Family) -> None:
    one = written(valle, opened(valle), rossi)
    seen_by_both = queries.application(application_id=one.pk), queries.application(application_id=one.pk)
    for window, data_of_it in zip(seen_by_both, ({"isee": {"cents": 900000}}, {"answers": {"1": "sì"}}), strict=True):
        writing.write(application=window, data=data_of_it, files={}, now=clock.now())
    kept = Application.objects.get(pk=one.pk).data
    assert (kept["isee"], kept["answers"]) == ({"cents": 900000}, {"1": "sì"})


def test_what_the_other_parent_has_sent_is_told_kindly_and_no_more(valle: Cast, rossi: Family) -> None:
    call, other = opened(valle), valle.families["haddad"]
    people.tie(child=valle.child("Luca"), guardian=other.guardian, is_payer=False)
    waiting = written(valle, call, other)
    sent(valle, call, rossi)
    with pytest.raises(operations.AppliedAlready) as refused:
        send(other, waiting)
    assert "c’è già una domanda per lo stesso bambino" in refused.value.message
    assert "Maria" not in refused.value.message
    with pytest.raises(operations.AppliedAlready):
        written(valle, call, other)


def test_a_child_that_is_on_record_for_others_is_not_given_away(valle: Cast, rossi: Family) -> None:
    """Whoever writes a tax code learns nothing of whose it is: the office looks."""
    call = opened(valle)
    mine = of_new_child(valle, call, rossi)
    theirs = of_new_child(valle, call, valle.families["haddad"])
    assert send(rossi, mine).number != send(valle.families["haddad"], theirs).number


def test_an_isee_is_declared_by_the_way_of_its_own_page(valle: Cast, rossi: Family) -> None:
    call = opened(valle, asks_isee=True)
    said = {"how": "given", "cents": 980_000, "kind": "ordinary", "issued_on": "2026-03-02", "household": 4}
    one = written(valle, call, rossi, isee=said)
    send(rossi, one)
    found = IseeDeclaration.objects.get()
    assert (found.payer_id, found.cents, found.received_on) == (rossi.guardian.pk, 980_000, clock.today())
    # Sent anew it is not declared again.
    send(rossi, queries.application(application_id=one.pk))
    assert IseeDeclaration.objects.count() == 1


def test_an_isee_of_another_year_stops_the_sending(valle: Cast, rossi: Family) -> None:
    said = {"how": "given", "cents": 980_000, "kind": "ordinary", "issued_on": "2025-03-02", "household": None}
    one = written(valle, opened(valle, asks_isee=True), rossi, isee=said)
    with pytest.raises(Exception, match="è scaduto il 31/12/2025"):
        send(rossi, one)
    assert queries.application(application_id=one.pk).state == "draft"


def test_withdrawn_it_makes_room_for_another(valle: Cast, rossi: Family) -> None:
    call = opened(valle)
    one = sent(valle, call, rossi)
    sending.withdraw(by=rossi.user, application_id=one.pk, is_by_office=False, now=clock.now())
    assert sent(valle, call, rossi).number == "I-2026-00002"
    with pytest.raises(operations.DecidedMeanwhile):
        sending.withdraw(by=rossi.user, application_id=one.pk, is_by_office=False, now=clock.now())


def test_last_years_answers_are_there_again(valle: Cast, rossi: Family) -> None:
    asked = PartData("text", "Fermata di salita")
    before = opened(valle, parts=(asked, PartData("text", "Un’altra cosa", is_required=False)))
    stop = str(part(before, "Fermata di salita").pk)
    sent(valle, before, rossi, answers={stop: "Piazza Alberica"})
    year = schools.open_year(first=date(2027, 9, 1), end=date(2028, 9, 1))
    call = setting_up.open_call(by=OFFICE, service=valle.services["scuolabus"], year=year, data=data(), now=clock.now())
    setting_up.copy_parts(by=OFFICE, call=call, source=before, now=clock.now())
    begun = writing.begin(
        call_id=call.pk,
        guardian=rossi.guardian,
        child_id=valle.child("Luca").pk,
        received_at=clock.now(),
        now=clock.now(),
    )
    assert begun.data["answers"] == {str(part(call, "Fermata di salita").pk): "Piazza Alberica"}
    assert begun.data["school"] == valle.school.pk


def test_an_application_that_was_saved_by_halves_is_not_sent(valle: Cast, rossi: Family) -> None:
    call, now = opened(valle), clock.now()
    values = {"call_id": call.pk, "guardian": rossi.guardian, "child_id": None, "received_at": now, "now": now}
    one = writing.begin(**values)
    with pytest.raises(sending.Incomplete) as refused:
        send(rossi, one)
    assert refused.value.labels == (
        "Nome del bambino",
        "Cognome del bambino",
        "Codice fiscale del bambino",
        "Data di nascita del bambino",
        "Scuola",
    )
    # Begun once more, or pressed twice, it is the same one while nothing is written.
    assert writing.begin(**values).pk == one.pk
    assert of_new_child(valle, call, rossi).pk == one.pk
    assert writing.begin(**values).pk != one.pk


def test_one_adult_applies_once_for_a_child_that_is_not_on_record(valle: Cast, rossi: Family) -> None:
    call = opened(valle)
    first = send(rossi, of_new_child(valle, call, rossi))
    with pytest.raises(operations.AppliedAlready):
        send(rossi, of_new_child(valle, call, rossi))
    sending.withdraw(by=rossi.user, application_id=first.pk, is_by_office=False, now=clock.now())
    assert send(rossi, of_new_child(valle, call, rossi)).number == "I-2026-00002"


def test_a_version_that_no_page_was_to_become_is_refused(valle: Cast, rossi: Family) -> None:
    one = written(valle, opened(valle), rossi)
    for version in (0, 2, 99):
        with pytest.raises(operations.DecidedMeanwhile):
            send(rossi, one, version=version)
    assert not ApplicationVersion.objects.exists()


def test_who_is_no_more_the_childs_sends_nothing(valle: Cast, rossi: Family) -> None:
    one = written(valle, opened(valle), rossi)
    Guardianship.objects.filter(guardian=rossi.guardian).delete()
    with pytest.raises(sending.NoMoreYours):
        send(rossi, one)


def test_no_letter_promises_a_change_after_the_deadline(valle: Cast, rossi: Family) -> None:
    call = opened(valle)
    sent(valle, call, rossi, "Anna")
    late = written(valle, call, rossi)
    with clock.standing_at(CLOSES + timedelta(days=1)):
        send(rossi, late, received_at=CLOSES)
        run_jobs()
    told = [row.text for row in Message.objects.filter(template="application_step").order_by("id")]
    assert ["la puoi cambiare" in text for text in told] == [True, False]
