"""A family applies for a service in four steps, may stop and go on, and reads what became of it."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campanella.domains.accounts.operations import create_user
from campanella.domains.accounts.roles import Role
from campanella.domains.applying import queries
from campanella.domains.applying.setting_up import PartData
from campanella.domains.people import operations as people
from campanella.domains.people.models import Child, Guardianship
from campanella.foundation.core import clock
from campanella.usecases.applying import deciding
from tests.applying import CLOSES, accept, of_new_child, opened, part, send, sent, written
from tests.browsing import Browser, at_most, browser
from tests.towns import OFFICE, PASSWORD, Cast, Family, choosing, text_of

PDF = b"%PDF-1.7 delega"


@pytest.fixture
def phone(valle: Cast, rossi: Family) -> Browser:
    """The phone of the family Rossi."""
    return browser(valle.town, rossi.user)


def test_four_steps(valle: Cast, rossi: Family, phone: Browser) -> None:
    call = opened(valle, parts=(PartData("text", "Fermata di salita"), PartData("document", "Delega firmata")))
    stop, paper = part(call, "Fermata di salita"), part(call, "Delega firmata")

    assert "Scuolabus, anno 2026/27 Fino al 31 ottobre 2026, 23:59" in phone.read("/iscrizioni/")
    start = phone.read(f"/iscrizioni/servizi/{call.pk}/")
    assert "Passo 1 di 4" in start
    assert "Serve : Delega firmata" in start.replace("Serve:", "Serve :")
    answer = phone.post(f"/iscrizioni/servizi/{call.pk}/", {"figlio": valle.child("Luca").pk})
    address = answer.headers["Location"]

    page = phone.read(address)
    assert "Passo 2 di 4" in page
    assert "Luca, Scuolabus" in page
    said = {"school": valle.school.pk, f"p{stop.pk}": "Piazza Alberica", "fai": "prosegui"}
    file = SimpleUploadedFile("delega.pdf", PDF, content_type="application/pdf")
    answer = phone.post(address, {**said, f"p{paper.pk}": file})

    summary = answer.headers["Location"]
    page = phone.read(summary)
    assert "Passo 3 di 4" in page
    assert "Fermata di salita Piazza Alberica" in page
    assert "Delega firmata" in page
    refused = text_of(phone.post(summary, {"versione": "1"}))
    assert "La domanda non è partita Manca ancora: Ho letto l’informativa" in refused
    ticks = [one.pk for one in queries.parts(call_id=call.pk) if one.kind in ("notice", "declaration")]
    answer = phone.post(summary, {"versione": "1", "spunta": ticks})

    page = phone.read(answer.headers["Location"])
    assert "Passo 4 di 4" in page
    assert "Numero di protocollo I-2026-00001" in page
    assert "L’ufficio risponde entro dieci giorni." in page
    # Pressed twice.
    assert phone.post(summary, {"versione": "1", "spunta": ticks}).headers["Location"] == answer.headers["Location"]
    assert "Luca, Scuolabus Anno 2026/27 · n. I-2026-00001 inviata" in phone.read("/iscrizioni/")


def test_what_was_begun_is_saved_by_halves_and_found_again(valle: Cast, phone: Browser) -> None:
    call = opened(valle, parts=(PartData("text", "Fermata di salita"), PartData("text", "Fermata di discesa")))
    stop = part(call, "Fermata di salita")
    address = phone.post(f"/iscrizioni/servizi/{call.pk}/", {"figlio": valle.child("Luca").pk}).headers["Location"]
    answer = phone.post(address, {f"p{stop.pk}": "Piazza Alberica", "fai": "salva"}, follow=True)
    assert "Salvata: la riprendi quando vuoi" in text_of(answer)
    assert 'value="Piazza Alberica"' in phone.get(address).content.decode()
    # What is asked for is asked for when one goes on.
    assert "Fermata di discesa: Rispondi a questa domanda." in text_of(phone.post(address, {"fai": "prosegui"}))
    # Begun once more it is the same one.
    again = phone.post(f"/iscrizioni/servizi/{call.pk}/", {"figlio": valle.child("Luca").pk})
    assert again.headers["Location"] == address
    phone.post(address, {"fai": "butta"})
    assert phone.get(address).status_code == 404


def test_a_child_that_is_not_on_record_is_applied_for(valle: Cast, phone: Browser) -> None:
    call = opened(valle)
    address = phone.post(f"/iscrizioni/servizi/{call.pk}/", {"figlio": "nuovo"}).headers["Location"]
    child = {"given_name": "Nina", "family_name": "Rossi", "tax_code": "RSSNNI20E41G479K", "birth_date": "2020-05-01"}
    answer = phone.post(address, {"school": valle.school.pk, "fai": "prosegui", **child})
    assert "Nome Nina Rossi Codice fiscale RSSNNI20E41G479K Data di nascita 1 maggio 2020" in phone.read(
        answer.headers["Location"]
    )


def test_an_isee_is_given_whole_or_not(valle: Cast, phone: Browser) -> None:
    call = opened(valle, asks_isee=True)
    address = phone.post(f"/iscrizioni/servizi/{call.pk}/", {"figlio": valle.child("Luca").pk}).headers["Location"]
    said = {"school": valle.school.pk, "fai": "prosegui", "isee_how": "given", "kind": "ordinary"}
    page = text_of(phone.post(address, said))
    assert "Scrivi il valore che c’è sull’attestazione" in page
    assert "L’importo non può essere negativo" in text_of(phone.post(address, {**said, "amount": "-1"}))
    answer = phone.post(address, {**said, "amount": "12.345,67", "issued_on": "2026-03-02"})
    assert "12.345,67 € (ordinario) Attestato il 2 marzo 2026" in phone.read(answer.headers["Location"])


def test_after_the_deadline_the_page_says_where_the_desk_is(valle: Cast, rossi: Family, phone: Browser) -> None:
    call = opened(valle)
    one, waiting = sent(valle, call, rossi), written(valle, call, rossi, "Anna")
    with clock.standing_at(CLOSES + timedelta(seconds=1)):
        page = phone.read("/iscrizioni/")
        assert "Chiuse il 31 ottobre 2026, 23:59. Adesso si va allo sportello. Sportello di via Solferino" in page
        assert "Le iscrizioni sono chiuse" in phone.read(f"/iscrizioni/servizi/{call.pk}/")
        refused = phone.post(f"/iscrizioni/servizi/{call.pk}/", {"figlio": valle.child("Luca").pk})
        assert "si sono chiuse il 31 ottobre 2026, 23:59" in text_of(refused)
        late = text_of(phone.post(f"/iscrizioni/{waiting.pk}/riepilogo/", {"versione": "1"}))
        assert "La domanda non è partita Le iscrizioni si sono chiuse" in late
        assert "la domanda si cambia allo sportello" in phone.read(f"/iscrizioni/{one.pk}/")
        for place in ("", "dati/", "riepilogo/"):
            answer = phone.get(f"/iscrizioni/{waiting.pk}/{place}", follow=True)
            assert "si sono chiuse prima che la mandassi" in text_of(answer)
            assert answer.status_code == 200


def test_what_the_office_asks_is_answered_after_the_deadline_too(valle: Cast, rossi: Family, phone: Browser) -> None:
    one = sent(valle, opened(valle), rossi)
    deciding.ask(by=valle.staff["office"], application_id=one.pk, words="Manca la delega", now=clock.now())
    with clock.standing_at(CLOSES + timedelta(days=1)):
        page = phone.read(f"/iscrizioni/{one.pk}/")
        assert "L’ufficio ti chiede Manca la delega" in page
        assert "Completa la domanda" in page
        assert send(rossi, queries.application(application_id=one.pk)).version == 2


def test_another_familys_application_is_not_there(valle: Cast, rossi: Family) -> None:
    call = opened(valle)
    one = sent(valle, call, rossi)
    other = browser(valle.town, valle.families["haddad"].user)
    for place in ("", "dati/", "riepilogo/", "inviata/", "ricevuta.pdf"):
        assert other.get(f"/iscrizioni/{one.pk}/{place}").status_code == 404
    assert other.post(f"/iscrizioni/{one.pk}/ritira/").status_code == 404
    assert other.post(f"/iscrizioni/servizi/{call.pk}/", {"figlio": valle.child("Luca").pk}).status_code == 404
    assert "I-2026" not in other.read("/iscrizioni/")


def test_a_child_that_the_other_parent_has_applied_for(valle: Cast, rossi: Family) -> None:
    call, other = opened(valle), valle.families["haddad"]
    people.tie(child=valle.child("Luca"), guardian=other.guardian, is_payer=False)
    sent(valle, call, rossi)
    page = browser(valle.town, other.user).post(f"/iscrizioni/servizi/{call.pk}/", {"figlio": valle.child("Luca").pk})
    assert "c’è già una domanda per lo stesso bambino: non serve mandarne un’altra" in text_of(page)
    assert "I-2026" not in text_of(page)


def test_the_waiting_list_is_told_as_it_stands(valle: Cast, rossi: Family, phone: Browser) -> None:
    call = opened(valle, places=1)
    sent(valle, call, valle.families["haddad"], "Amina")
    one = sent(valle, call, rossi)
    assert "In questo momento sei al numero 1 della lista" in phone.read(f"/iscrizioni/{one.pk}/inviata/")


def test_a_receipt_is_a_tagged_paper_of_what_was_sent(valle: Cast, rossi: Family, phone: Browser) -> None:
    one = sent(valle, opened(valle), rossi)
    paper = phone.get(f"/iscrizioni/{one.pk}/ricevuta.pdf")
    assert paper.content.startswith(b"%PDF")
    assert b"/MarkInfo" in paper.content or b"/StructTreeRoot" in paper.content
    assert "Rossi" not in paper.headers["Content-Disposition"]


def test_withdrawn_and_accepted_are_told(valle: Cast, rossi: Family, phone: Browser) -> None:
    call = opened(valle)
    one = sent(valle, call, rossi)
    accept(valle, one)
    assert "accettata 14 ottobre 2026, 8:47, dall’ufficio" in phone.read(f"/iscrizioni/{one.pk}/").lower()
    other = send(rossi, of_new_child(valle, call, rossi))
    assert "Domanda ritirata" in text_of(phone.post(f"/iscrizioni/{other.pk}/ritira/", follow=True))


def test_changes_that_were_not_sent_are_told(valle: Cast, rossi: Family, phone: Browser) -> None:
    one = sent(valle, opened(valle, parts=(PartData("text", "Fermata", is_required=False),)), rossi)
    stop = part(one.call, "Fermata")
    assert "Hai cambi" not in phone.read(f"/iscrizioni/{one.pk}/")
    phone.post(f"/iscrizioni/{one.pk}/dati/", {"school": valle.school.pk, f"p{stop.pk}": "Via Roma", "fai": "prosegui"})
    assert "Hai cambi che non hai mandato" in phone.read(f"/iscrizioni/{one.pk}/")


def test_a_file_that_is_no_paper_is_refused(valle: Cast, phone: Browser) -> None:
    call = opened(valle, parts=(PartData("document", "Delega"),))
    paper = part(call, "Delega")
    address = phone.post(f"/iscrizioni/servizi/{call.pk}/", {"figlio": valle.child("Luca").pk}).headers["Location"]
    said = {"school": valle.school.pk, "fai": "prosegui", f"p{paper.pk}": SimpleUploadedFile("x.exe", b"MZ programma")}
    assert "Il documento va bene in PDF, PNG o JPG, al massimo 5 MB" in text_of(phone.post(address, said))


def test_the_pages_ask_little(valle: Cast, rossi: Family, phone: Browser) -> None:
    one = sent(valle, opened(valle), rossi)
    for address, count in (("/iscrizioni/", 9), (f"/iscrizioni/{one.pk}/", 12), (f"/iscrizioni/{one.pk}/riepilogo/", 14)):
        phone.get(address)
        with at_most(count):
            phone.get(address)
    assert not re.search(r"\{\{|\{%", phone.get("/iscrizioni/").content.decode())


def test_home_tells_where_an_application_stands(valle: Cast, rossi: Family, phone: Browser) -> None:
    assert "Iscrizioni" not in phone.read("/")
    one = sent(valle, opened(valle), rossi)
    assert "Iscrizioni Scuolabus inviata Sono aperte: guarda quali" in phone.read("/")
    deciding.refuse(by=valle.staff["office"], application_id=one.pk, words="Troppo vicino", now=clock.now())
    assert "Scuolabus non accettata" in phone.read("/")
    assert "inviata" not in browser(valle.town, valle.families["haddad"].user).read("/")
    with clock.standing_at(CLOSES + timedelta(days=15)):
        assert "Scuolabus non accettata" not in phone.read("/")


def test_who_is_not_known_yet_is_told_what_to_do(valle: Cast) -> None:
    call = opened(valle)
    stranger = create_user(
        by=OFFICE, username="nuova", display_name="Nadia", roles=[Role.GUARDIAN], password=PASSWORD, now=clock.now()
    )
    one = browser(valle.town, stranger)
    assert "Scuolabus, anno 2026/27" in one.read("/iscrizioni/")
    assert "Prima l’ufficio deve sapere chi sei" in one.read(f"/iscrizioni/servizi/{call.pk}/")
    assert "Prima l’ufficio deve sapere" in text_of(one.post(f"/iscrizioni/servizi/{call.pk}/", {"figlio": "nuovo"}))
    assert "Iscrizioni ai servizi" in one.read("/")


def test_a_town_that_takes_no_isee_online_does_not_ask_for_it(valle: Cast, rossi: Family, phone: Browser) -> None:
    choosing(valle.town, isee_is_declared_online=False)
    one = written(valle, opened(valle, asks_isee=True), rossi)
    assert "ISEE" not in phone.read(f"/iscrizioni/{one.pk}/dati/")
    assert send(rossi, one).number


def test_of_a_child_that_is_no_more_hers_nothing_is_told_and_nothing_is_sent(
    valle: Cast, rossi: Family, phone: Browser
) -> None:
    call, luca = opened(valle), valle.child("Luca")
    waiting = written(valle, call, rossi, "Anna")
    one = sent(valle, call, rossi)
    Guardianship.objects.filter(guardian=rossi.guardian).delete()
    Child.objects.filter(pk=luca.pk).update(given_name="Luciano")

    for place in ("", "dati/", "riepilogo/", "inviata/"):
        assert "Luciano" not in text_of(phone.get(f"/iscrizioni/{one.pk}/{place}", follow=True))
        assert phone.get(f"/iscrizioni/{waiting.pk}/{place}").status_code == 404
    assert "Luciano" not in phone.read("/iscrizioni/")
    ticks = [one.pk for one in queries.parts(call_id=call.pk)]
    answer = phone.post(f"/iscrizioni/{one.pk}/riepilogo/", {"versione": "2", "spunta": ticks}, follow=True)
    assert "Luciano" not in text_of(answer)
    assert queries.application(application_id=one.pk).version == 1
    assert "Non risulti più tra gli adulti" in text_of(phone.post(f"/iscrizioni/{one.pk}/ritira/", follow=True))
    assert "da finire" not in phone.read("/")


def test_what_was_begun_can_be_thrown_away_after_the_deadline_and_waits_on_no_first_page(
    valle: Cast, rossi: Family, phone: Browser
) -> None:
    one = written(valle, opened(valle), rossi)
    assert "Scuolabus da finire" in phone.read("/")
    with clock.standing_at(CLOSES + timedelta(seconds=1)):
        assert "da finire" not in phone.read("/")
        assert "Buttata" in text_of(phone.post(f"/iscrizioni/{one.pk}/dati/", {"fai": "butta"}, follow=True))
