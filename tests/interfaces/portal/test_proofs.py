"""The proof of a request says what the day says: whatever else was asked, closed, confirmed or taken back since."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.attendance.models import FamilyRequest
from campanella.domains.enrolment.models import Subscription
from campanella.domains.messaging.models import Message
from campanella.domains.schools.models import Closure
from tests.foundation.documents import reading
from tests.interfaces.portal.phones import Phone, phone, words
from tests.interfaces.portal.test_asks import fields_of, tap
from tests.towns import TODAY, Cast, Family, run_jobs
from tests.usecases.asking import ask, choosing, confirm, eating, goes


@pytest.fixture
def opt_out(valle: Cast) -> Cast:
    goes(valle)
    return valle


def send(one: Phone, valle: Cast, what: str, **more: Any) -> str:
    """Send the form of Anna's day, and read the page it leads to."""
    line = f"{valle.child('Anna').pk}-{valle.services['mensa'].pk}"
    sent = {"key": str(uuid4()), "giorno": str(TODAY), "per": line, "fai": what, **more}
    answer = one.post(f"/disdette/{valle.child('Anna').pk}/", sent)
    assert answer.status_code == 302, words(answer)
    return answer.headers["Location"]


def test_an_older_tap_that_arrives_later_is_told_what_the_day_says(opt_out: Cast, rossi: Family, at: Any) -> None:
    """Cancelled without network at 8:40; asked for white at 9:00 on line; the tap arrives at 9:10: the day holds white."""
    choosing(opt_out, offline_grace_minutes=30)
    one = phone(rossi.user)
    at("09:00")
    send(one, opt_out, "bianco")
    at("09:10")
    tapped = {"toccato": "2026-10-14T08:40:00+02:00", "inviato": "2026-10-14T09:10:00+02:00"}
    address = send(one, opt_out, "disdici", **tapped)

    said = words(one.get(address))

    assert eating(opt_out) == {"Anna", "Luca", "Amina"}
    assert (
        "Vale un’altra richiesta Una richiesta successiva, la n. D-2610-00001, delle 9:00:00, dice già il contrario." in said
    )
    assert "Oggi, mercoledì 14 ottobre, Anna mangia a scuola, con il pasto in bianco. Si paga 4,60 €." in said
    assert "Pasto di Anna disdetto" not in said
    assert "Non paghi" not in said
    assert "La cucina ha già un pasto in meno" not in said
    assert "Vale la richiesta delle 9:00:00, D-2610-00001" in said
    assert "Vale un’altra richiesta" in reading.text_of(one.get(f"{address}ricevuta.pdf").content)
    run_jobs()
    (letter,) = Message.objects.filter(template="request_told", subject__contains="D-2610-00002")
    assert "vale un’altra richiesta, la n. D-2610-00001" in letter.text


def test_what_is_cancelled_already_and_asked_again_too_late_costs_nothing(opt_out: Cast, rossi: Family, at: Any) -> None:
    one = phone(rossi.user)
    at("08:00")
    send(one, opt_out, "disdici")
    at("09:40")
    confirm(opt_out)
    said = words(one.get(send(one, opt_out, "disdici")))
    assert (
        "Per oggi è tardi Alle 9:30 i numeri si sono chiusi. Vale già la richiesta n. D-2610-00001, delle 8:00:00." in said
    )
    assert "Anna non mangia a scuola. Non paghi nulla." in said
    assert "si paga: " not in said


def test_two_that_ask_the_same_say_that_both_must_be_taken_back(opt_out: Cast, rossi: Family, at: Any) -> None:
    one = phone(rossi.user)
    at("08:00")
    first = send(one, opt_out, "disdici")
    at("08:01")
    send(one, opt_out, "disdici")
    said = words(one.get(first))
    assert "Pasto di Anna disdetto" in said
    assert (
        "Chiede lo stesso anche la richiesta n. D-2610-00002, delle 8:01:00: per cambiare idea annulla anche quella." in said
    )


def test_who_was_marked_present_all_the_same_reads_that_it_is_paid(valle: Cast, rossi: Family, at: Any) -> None:
    """Where the roll-call decides, the proof says on the day what the roll-call came to."""
    one = phone(rossi.user)
    at("08:00")
    address = send(one, valle, "bianco")
    assert "Si paga 4,60 € se è presente all’appello." in words(one.get(address))
    at("09:31")
    confirm(valle)
    assert "Si paga 4,60 €. Numero" in words(one.get(address))


def test_the_proof_names_town_child_class_service_day_and_instant(opt_out: Cast, rossi: Family, at: Any) -> None:
    one, anna = phone(rossi.user), opt_out.child("Anna").pk
    at("08:47:12")
    first = tap(one, f"/disdette/{anna}/")
    undone = one.get(one.post("/richieste/D-2610-00001/annulla/", fields_of(first)).headers["Location"])
    papers = [one.get(f"/richieste/D-2610-0000{n}/ricevuta.pdf").content for n in (1, 2)]
    for told in (words(undone), *(reading.text_of(paper) for paper in papers)):
        for fact in (
            "Comune di Valle",
            "Per chi Anna Rossi",
            "Classe 2B · Primaria Rodari",
            "Servizio Refezione",
            "Giorno 14 ottobre 2026",
            "Pagamento si paga 4,60 €",
            "Ricevuta alle 8:47:12 di mercoledì 14 ottobre 2026",
            "Arrivata da portale delle famiglie",
        ):
            assert fact in told
    for paper in papers:
        assert "ancora" not in reading.text_of(paper)
    screen_only = first.content.decode().split('aria-labelledby="ripensi"')[0].rpartition("<section")[2]
    assert "d-print-none" in screen_only


def test_many_days_count_what_counts_and_name_what_is_left_out(opt_out: Cast, rossi: Family, at: Any) -> None:
    closure = Closure.objects.create(
        days=DateRange(date(2026, 10, 20), date(2026, 10, 21)), school=opt_out.school, reason="Sciopero"
    )
    one, anna = phone(rossi.user), opt_out.child("Anna").pk
    at("09:45")
    address = f"/disdette/{anna}/giorni/"
    sent = {**fields_of(one.get(address)), "what": "disdici", "first": str(TODAY), "last": "2026-10-21"}
    proof = one.post(address, {**sent, "weekdays": ["0", "1", "2"]}).headers["Location"]
    said = words(one.get(proof))
    assert (
        "2 giorni disdetti: Anna Anna, Refezione: 2 giorni. Non li paghi. 2 giorni non contano: sotto trovi perché." in said
    )
    assert "Anna, martedì 20 ottobre non conta, il servizio è chiuso (Sciopero): non si paga" in said
    assert "Anna, mercoledì 14 ottobre è arrivata tardi: si paga 4,60 €" in said
    assert "Giorni che contano 2" in said
    closure.delete()
    assert "3 giorni disdetti: Anna Anna, Refezione: 3 giorni. Non li paghi. 1 giorno non conta" in words(one.get(proof))


def test_a_child_named_two_hundred_times_is_one(opt_out: Cast, rossi: Family, at: Any) -> None:
    one = phone(rossi.user)
    at("08:00")
    line = f"{opt_out.child('Anna').pk}-{opt_out.services['mensa'].pk}"
    said = words(one.get(send(one, opt_out, "disdici", per=[line] * 200)))
    assert "Pasto di Anna disdetto Oggi, mercoledì 14 ottobre, Anna non mangia a scuola. Non paghi nulla." in said
    assert "Giorno per giorno" not in said


def test_many_days_taken_back_name_what_each_is_again(opt_out: Cast, rossi: Family, at: Any) -> None:
    """White on Tuesday, then cancelled from Monday to Wednesday, and that taken back: Tuesday is white again."""
    one, anna = phone(rossi.user), opt_out.child("Anna").pk
    at("08:00")
    send(one, opt_out, "bianco", giorno="2026-10-20")
    address = f"/disdette/{anna}/giorni/"
    sent = {**fields_of(one.get(address)), "what": "disdici", "first": "2026-10-19", "last": "2026-10-21"}
    proof = one.post(address, sent).headers["Location"]
    undone = one.post(f"{proof}annulla/", {"key": str(uuid4())}).headers["Location"]
    said = words(one.get(undone))
    assert "Disdetta annullata: Anna Anna, Refezione: 3 giorni. In tutto si paga 13,80 €." in said
    assert "Anna, martedì 20 ottobre annullato: si paga 4,60 €" in said
    before = words(one.get(proof))
    assert "Disdetta annullata: Anna" in before
    assert "Anna, lunedì 19 ottobre annullato con la richiesta n. D-2610-00003, delle 8:00:00: si paga 4,60 €" in before
    assert "3 giorni non contano: sotto trovi perché." in before


def test_days_that_a_child_does_not_use_are_named_in_the_answer(opt_out: Cast, rossi: Family, at: Any) -> None:
    """Asked for both children over two weekends; Luca stays at home on Thursdays, and leaves the service on the 21st."""
    at("08:00")
    line = Subscription.objects.get(child=opt_out.child("Luca"), service=opt_out.services["mensa"])
    line.days, line.weekdays = DateRange(line.days.lower, date(2026, 10, 21)), 0b10111
    line.save()
    days = [date(2026, 10, number) for number in range(14, 26)]
    answer = ask(opt_out, "08:00", "Anna", "Luca", days=days)
    one = phone(rossi.user)
    said = words(one.get(f"/richieste/{answer.number}/"))
    nothing = "non c’è servizio, e non c’era niente da chiedere."
    assert f"Anna, Refezione: ogni sabato e domenica {nothing}" in said
    assert f"Luca, Refezione: ogni giovedì, sabato e domenica, 21 ottobre 2026, 23 ottobre 2026 {nothing}" in said
    assert "Anna, Refezione: 8 giorni. Luca, Refezione: 4 giorni." in said
    paper = reading.text_of(one.get(f"/richieste/{answer.number}/ricevuta.pdf").content)
    assert "ogni giovedì, sabato e domenica" in " ".join(paper.split())
    run_jobs()
    letter = Message.objects.get(template="request_told")
    assert "Anna, Refezione, ogni sabato e domenica: non c’è servizio" in " ".join(letter.text.split())
    # The same form once more is told the same.
    assert ask(opt_out, "08:00", "Anna", "Luca", days=days, key=FamilyRequest.objects.get().key) == answer


def test_a_child_that_does_not_use_the_service_that_day_is_named_beside_its_siblings(
    opt_out: Cast, rossi: Family, at: Any
) -> None:
    at("08:00")
    Subscription.objects.filter(child=opt_out.child("Luca")).update(weekdays=0b11011)
    answer = ask(opt_out, "08:00", "Anna", "Luca")
    said = words(phone(rossi.user).get(f"/richieste/{answer.number}/"))
    assert "Luca, Refezione: 14 ottobre 2026 non c’è servizio, e non c’era niente da chiedere." in said
    assert "Pasto di Anna disdetto" in said
