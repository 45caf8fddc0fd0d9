"""The office's applications: checked, sent back, refused, accepted one by one and together, entered at the desk."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campanella.domains.applying import queries
from campanella.domains.applying.models import Application, EnrolmentCall
from campanella.domains.applying.setting_up import PartData
from campanella.domains.enrolment.models import Subscription
from campanella.domains.people.models import Guardianship
from campanella.domains.services.models import Bracket
from campanella.foundation.core import audit, clock
from campanella.usecases.applying import writing
from tests.applying import CLOSES, of_new_child, opened, part, ride, send, sent, written
from tests.browsing import Browser, at_most, browser
from tests.towns import Cast, Family, text_of

LIST = "/ufficio/iscrizioni/"


@pytest.fixture
def desk(valle: Cast) -> Browser:
    """The browser of the office."""
    return browser(valle.town, valle.staff["office"])


def test_the_work_list_goes_by_state_and_call(valle: Cast, rossi: Family, desk: Browser) -> None:
    one = sent(valle, opened(valle), rossi)
    page = desk.read(LIST)
    assert f"Rossi Luca Scuolabus, 2026/27 · n. {one.number}" in page
    assert "da guardare (1)" in page
    assert "Nessuna domanda In questo stato non ce ne sono." in desk.read(LIST, stato="accepted")
    assert one.number in desk.read(LIST, iscrizioni=str(one.call_id))
    assert "1 da guardare" in desk.read("/ufficio/da-fare/")


def test_an_application_is_taken_up_sent_back_and_accepted(valle: Cast, rossi: Family, desk: Browser) -> None:
    one = sent(valle, opened(valle), rossi)
    here = f"{LIST}{one.pk}/"
    assert "Presa in carico: la famiglia lo legge" in text_of(desk.post(here, {"fai": "prendi"}, follow=True))
    assert "Scrivi di che cosa si tratta" in text_of(desk.post(here, {"fai": "chiedi", "words": ""}))
    desk.post(here, {"fai": "chiedi", "words": "Manca la delega"})
    assert queries.application(application_id=one.pk).state == "asked"
    page = desk.get(here).content.decode()
    assert f'<option value="{ride(valle).pk}" selected>' in page
    answer = desk.post(
        here,
        {"fai": "accetta", "bracket": ride(valle).pk, "reduction_percent": "0", "first": one.call.begins_on},
        follow=True,
    )
    assert "Accettata: il bambino è iscritto al servizio" in text_of(answer)
    assert Subscription.objects.filter(child=valle.child("Luca"), service=valle.services["scuolabus"]).exists()
    assert "Accetta la domanda" not in desk.read(here)


def test_a_refusal_says_why(valle: Cast, rossi: Family, desk: Browser) -> None:
    one = sent(valle, opened(valle), rossi)
    desk.post(f"{LIST}{one.pk}/", {"fai": "rifiuta", "words": "Abiti a meno di un chilometro"})
    assert "Abiti a meno di un chilometro" in desk.read(f"{LIST}{one.pk}/")
    assert "Abiti a meno di un chilometro" in browser(valle.town, rossi.user).read(f"/iscrizioni/{one.pk}/")


def test_many_are_accepted_after_their_prices_were_read(valle: Cast, rossi: Family, desk: Browser) -> None:
    call = opened(valle)
    luca, amina = sent(valle, call, rossi), sent(valle, call, valle.families["haddad"], "Amina")
    nina = send(rossi, of_new_child(valle, call, rossi))
    page = text_of(desk.post(f"{LIST}insieme/", {"domanda": [luca.pk, amina.pk, nina.pk], "fai": "guarda"}))
    assert "Rossi Luca , Scuolabus dal 21 ottobre 2026, 2B · Primaria Rodari: Intera, 1,50 €" in page
    assert "Rossi Nina , Scuolabus a mano manca la classe" in page
    assert "Accetta queste 2 domande" in page
    ids = {"domanda": [luca.pk, amina.pk]}
    page = desk.post(f"{LIST}insieme/", {**ids, "fai": "guarda"}).content.decode()
    read = {"letta": re.findall(r'name="letta" value="([^"]+)"', page)}
    # Nothing is accepted at another price than was read, nor in another version.
    price = ride(valle)
    Bracket.objects.filter(pk=price.pk).update(cents=price.cents + 50)
    answer = text_of(desk.post(f"{LIST}insieme/", {**ids, **read, "fai": "accetta"}, follow=True))
    assert "Nessuna accettata" in answer
    assert "intanto è cambiata, o il suo prezzo: guardala di nuovo" in answer
    Bracket.objects.filter(pk=price.pk).update(cents=price.cents)
    answer = desk.post(f"{LIST}insieme/", {**ids, **read, "fai": "accetta"}, follow=True)
    assert "2 Accettate" in text_of(answer)
    assert Application.objects.filter(call_id=call.pk, state="accepted").count() == 2
    assert "Scegli almeno una domanda" in text_of(desk.post(f"{LIST}insieme/", {"fai": "prendi"}, follow=True))
    desk.post(f"{LIST}insieme/", {"domanda": [nina.pk], "fai": "prendi"})
    assert queries.application(application_id=nina.pk).state == "taken"


def test_a_new_child_that_is_on_record_is_found_by_its_tax_code(valle: Cast, rossi: Family, desk: Browser) -> None:
    from campanella.domains.people.models import Child

    Child.objects.filter(pk=valle.child("Amina").pk).update(tax_code="RSSNNI20E41G479K")
    one = send(rossi, of_new_child(valle, opened(valle), rossi))
    page = desk.read(f"{LIST}{one.pk}/")
    assert "Questo bambino è già in anagrafica" in page
    assert "Chi fa la domanda non è tra i suoi adulti" in page
    choice = {"fai": "accetta", "bracket": ride(valle).pk, "reduction_percent": "0", "first": one.call.begins_on}
    assert "Senza un documento non si accetta" in text_of(desk.post(f"{LIST}{one.pk}/", choice))
    many = text_of(desk.post(f"{LIST}insieme/", {"domanda": [one.pk], "fai": "guarda"}))
    assert "a mano chi la fa non è tra gli adulti del bambino" in many
    desk.post(f"{LIST}{one.pk}/", choice | {"is_identified": "on"})
    ties = Guardianship.objects.filter(child=valle.child("Amina")).order_by("id")
    assert [tie.is_payer for tie in ties] == [True, False]


def test_a_document_is_opened_and_that_is_written_down(valle: Cast, rossi: Family, desk: Browser) -> None:
    call = opened(valle, parts=(PartData("health", "Certificato", is_required=False),))
    one = written(valle, call, rossi)
    writing.write(application=one, data={}, files={part(call, "Certificato"): b"%PDF-1.7 certificato"}, now=clock.now())
    one = send(rossi, queries.application(application_id=one.pk))
    (file,) = queries.files(application_id=one.pk)
    answer = desk.get(f"{LIST}{one.pk}/documenti/{file.pk}/")
    assert answer.content == b"%PDF-1.7 certificato"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    (act,) = audit.acts_on(subjects=[f"application:{one.pk}"], limit=1)
    assert act.sentence == f"ha aperto un certificato medico della domanda n. {one.number}"
    other = sent(valle, call, valle.families["haddad"], "Amina")
    assert desk.get(f"{LIST}{other.pk}/documenti/{file.pk}/").status_code == 404
    # What the family has attached since and not sent is not the office's; what was sent stays there.
    paper = {part(call, "Certificato"): b"%PDF-1.7 nuovo"}
    writing.write(application=queries.application(application_id=one.pk), data={}, files=paper, now=clock.now())
    (newer,) = queries.files(application_id=one.pk)
    assert desk.get(f"{LIST}{one.pk}/documenti/{newer.pk}/").status_code == 404
    assert desk.get(f"{LIST}{one.pk}/documenti/{file.pk}/").content == b"%PDF-1.7 certificato"


def test_at_the_desk_after_the_deadline(valle: Cast, rossi: Family, desk: Browser) -> None:
    call, child = opened(valle), valle.child("Luca")
    with clock.standing_at(CLOSES.replace(day=30, month=11)):
        answer = desk.post(f"/ufficio/bambini/{child.pk}/domanda/", {"call": call.pk, "guardian": rossi.guardian.pk})
        form = answer.headers["Location"]
        assert "Domanda allo sportello" in desk.read(form)
        page = text_of(desk.post(form, {"school": valle.school.pk}))
        assert "Manca ancora: Ho letto l’informativa" in page
        ticks = [one.pk for one in queries.parts(call_id=call.pk)]
        answer = desk.post(form, {"school": valle.school.pk, "spunta": ticks}, follow=True)
    assert "Registrata con il n. I-2026-00001" in text_of(answer)
    assert "I-2026-00001" in browser(valle.town, rossi.user).read("/iscrizioni/")


def test_what_was_begun_at_home_is_gone_on_with_at_the_desk(valle: Cast, rossi: Family, desk: Browser) -> None:
    one = written(valle, opened(valle), rossi)
    said = {"call": one.call_id, "guardian": rossi.guardian.pk}
    answer = desk.post(f"/ufficio/bambini/{valle.child('Luca').pk}/domanda/", said, follow=True)
    assert "Domanda allo sportello" in text_of(answer)


def test_what_a_family_has_not_sent_is_not_the_offices(valle: Cast, rossi: Family, desk: Browser) -> None:
    one = written(valle, opened(valle), rossi)
    for place in ("", "modulo/", "ricevuta.pdf"):
        assert desk.get(f"{LIST}{one.pk}/{place}").status_code == 404
    assert "Rossi Luca" not in desk.read(LIST)


def test_a_call_is_set_up_without_code(valle: Cast, rossi: Family, desk: Browser) -> None:
    year = valle.classes["2B"].year
    said = {
        "service": valle.services["scuolabus"].pk,
        "year": year.pk,
        "opens_on": "2026-10-01",
        "opens": "08:00",
        "closes_on": "2026-10-31",
        "closes": "23:59",
        "begins_on": "2026-11-09",
        "places": "40",
        "levels": ["primaria"],
        "desk": "Sportello di via Solferino",
    }
    answer = desk.post(f"{LIST}moduli/nuovo/", said, follow=True)
    assert "Preparate. Adesso guarda che cosa chiede il modulo." in text_of(answer)
    call = EnrolmentCall.objects.get()
    assert call.closes_at == CLOSES
    assert "Per questo servizio e anno le iscrizioni ci sono già" in text_of(desk.post(f"{LIST}moduli/nuovo/", said))
    here = f"{LIST}moduli/{call.pk}/"
    assert "La scadenza viene prima dell’apertura" in text_of(desk.post(here, {**said, "closes_on": "2026-09-30"}))
    assert "Salvato" in text_of(desk.post(here, {**said, "places": ""}, follow=True))
    assert EnrolmentCall.objects.get().places is None
    nothing = desk.post(f"{here}parte/", {"kind": "choice", "label": "Fermata", "options": " "})
    assert "Scrivi le risposte tra cui si sceglie" in text_of(nothing)
    desk.post(f"{here}parte/", {"kind": "choice", "label": "Fermata", "options": "Via Roma\nPiazza\n", "is_required": "on"})
    stop = part(call, "Fermata")
    assert stop.options == ["Via Roma", "Piazza"]
    desk.post(f"{LIST}moduli/parti/{stop.pk}/", {"kind": "choice", "label": "Fermata di salita", "options": "Via Roma"})
    assert "Fermata di salita Scelta da un elenco, facoltativa" in desk.read(here)
    desk.post(f"{LIST}moduli/parti/{stop.pk}/", {"fai": "togli"})
    assert "Fermata di salita" not in desk.read(here)
    assert desk.get(f"{LIST}moduli/parti/{stop.pk}/").status_code == 404
    assert "Scuolabus, 2026/27" in desk.read(f"{LIST}moduli/")


def test_the_price_that_a_checked_isee_gives_is_proposed(valle: Cast, rossi: Family, desk: Browser) -> None:
    from campanella.foundation.core.money import Euro
    from campanella.usecases import isee

    said = isee.Said(Euro(980_000), "ordinary", clock.today(), clock.today())
    isee.enter(
        by=valle.staff["office"], payer_id=rossi.guardian.pk, said=said, key="abcdefghijklmnop", told=None, now=clock.now()
    )
    one = send(rossi, of_new_child(valle, opened(valle, "mensa"), rossi))
    page = desk.get(f"{LIST}{one.pk}/").content.decode()
    assert f'<option value="{ride(valle, "mensa", "half").pk}" selected>' in page


def test_a_file_at_the_desk(valle: Cast, rossi: Family, desk: Browser) -> None:
    call = opened(valle, parts=(PartData("document", "Delega"),))
    paper = part(call, "Delega")
    answer = desk.post(
        f"/ufficio/bambini/{valle.child('Luca').pk}/domanda/", {"call": call.pk, "guardian": rossi.guardian.pk}
    )
    form, ticks = answer.headers["Location"], [one.pk for one in queries.parts(call_id=call.pk)]
    file = SimpleUploadedFile("delega.pdf", b"%PDF-1.7 delega", content_type="application/pdf")
    desk.post(form, {"school": valle.school.pk, "spunta": ticks, f"p{paper.pk}": file})
    assert len(queries.files(application_id=int(form.split("/")[-3]))) == 1


def test_the_pages_ask_little(valle: Cast, rossi: Family, desk: Browser) -> None:
    one = sent(valle, opened(valle), rossi)
    for address, count in ((LIST, 9), (f"{LIST}{one.pk}/", 20), (f"{LIST}moduli/", 8)):
        desk.get(address)
        with at_most(count):
            desk.get(address)
