"""A family reads its own place, line by line, and answers the place that is offered to it; hostile input is a sentence."""

from datetime import timedelta

import pytest

from campanella.domains.ranking import queries
from campanella.foundation.core import clock
from campanella.usecases.ranking import drawing, offers
from tests.applying import part
from tests.browsing import Browser, at_most, browser
from tests.ranking import AFTER, WORKS, known, late_one, newborn, offer_to, published, ranked
from tests.towns import OFFICE, Cast, Family, text_of


@pytest.fixture
def phone(valle: Cast, rossi: Family) -> Browser:
    """The phone of the family Rossi."""
    return browser(valle.town, rossi.user)


def test_the_own_place_is_explained(valle: Cast, phone: Browser) -> None:
    call = ranked(valle)
    one = newborn(valle, call, "B", works=True)
    newborn(valle, call, "C")
    here = f"/iscrizioni/{one.pk}/graduatoria/"
    assert phone.get(here).status_code == 404
    published(call, is_final=False)
    page = phone.read(here)
    assert "Grandi: 1ª di 2" in page
    assert "Per ora hai un posto: Primaria Rodari." in page
    assert f"{WORKS} sì 10 punti" in page
    assert "Viene prima chi ha: più punti; bambino più grande. Se tutto è pari, si sorteggia." in page
    assert here in phone.get(f"/iscrizioni/{one.pk}/").content.decode()
    with at_most(22):
        phone.read(here)


def test_who_came_late_reads_its_place_behind_the_list_and_answers(valle: Cast, phone: Browser, rossi: Family) -> None:
    call = ranked(valle)
    first = newborn(valle, call, "B", works=True)
    published(call)
    late = late_one(valle, call, "D", at=AFTER + timedelta(days=1))
    here = f"/iscrizioni/{late.pk}/graduatoria/"
    assert here in phone.get(f"/iscrizioni/{late.pk}/").content.decode()
    page = phone.read(here)
    assert "Grandi: in coda al n. 1" in page
    assert "La domanda è arrivata dopo la graduatoria definitiva" in page
    assert "Se avanza un posto ti scriviamo" in page
    offers.refuse(by=rossi.user, offer_id=offer_to(first).pk, received_at=AFTER, now=AFTER)
    with clock.standing_at(AFTER):
        assert "C’è un posto: Primaria Rodari" in phone.read(here)
        said = {"fai": "accetta", "offerta": str(offer_to(late).pk)}
        assert "Primaria Rodari : accettato" in text_of(phone.post(here, said, follow=True))


def test_the_reason_of_a_correction_is_read(valle: Cast, phone: Browser) -> None:
    call = ranked(valle)
    one = newborn(valle, call, "B")
    said = {"application_id": one.pk, "part_id": part(call, WORKS).pk, "answer": "yes"}
    drawing.correct(by=OFFICE, reason="Ricorso accolto", now=AFTER, **said)
    published(call, is_final=False)
    drawing.correct(by=OFFICE, reason="Vale da dopo", now=AFTER + timedelta(days=1), **said)
    page = phone.read(f"/iscrizioni/{one.pk}/graduatoria/")
    assert f"L’ufficio conta «{WORKS}: sì». Motivo: Ricorso accolto" in page
    assert "Vale da dopo" not in page


def test_a_draw_is_told(valle: Cast, phone: Browser) -> None:
    call = ranked(valle)
    one = newborn(valle, call, "B")
    newborn(valle, call, "C")
    published(call, is_final=False, seed="7 21 90")
    page = phone.read(f"/iscrizioni/{one.pk}/graduatoria/")
    assert "La posizione è stata sorteggiata" in page
    assert "7 21 90" in page


def test_a_place_is_accepted(valle: Cast, phone: Browser) -> None:
    call = ranked(valle)
    one = newborn(valle, call, "B")
    published(call)
    here, offer = f"/iscrizioni/{one.pk}/graduatoria/", offer_to(one)
    with clock.standing_at(AFTER):
        assert "C’è un posto: Primaria Rodari" in phone.read(here)
        assert "Accettato: il posto è tuo" in text_of(phone.post(here, {"fai": "accetta", "offerta": offer.pk}, follow=True))
        again = text_of(phone.post(here, {"fai": "rinuncia", "offerta": offer.pk}, follow=True))
    assert "A questa offerta non si può più rispondere" in again
    assert offer_to(one).state == "accepted"
    assert "Accettata" in phone.read(f"/iscrizioni/{one.pk}/")


def test_a_place_is_given_up(valle: Cast, phone: Browser) -> None:
    call = ranked(valle, elsewhere=1, refusals=2)
    one = newborn(valle, call, "B", second=True)
    published(call)
    here = f"/iscrizioni/{one.pk}/graduatoria/"
    with clock.standing_at(AFTER):
        assert "resti in graduatoria solo per le altre strutture" in phone.read(here)
        phone.post(here, {"fai": "rinuncia", "offerta": offer_to(one).pk})
        page = phone.read(here)
    assert "C’è un posto: Nido Girasole" in page
    assert "Se rinunci, la domanda esce dalla graduatoria." in page
    assert "Primaria Rodari : rinunciato" in page.replace("Rodari:", "Rodari :")


@pytest.mark.parametrize("offer", ["", "0", "-1", "9" * 30, "🎒", "2"])
def test_what_was_not_offered_cannot_be_answered(valle: Cast, phone: Browser, offer: str) -> None:
    call = ranked(valle)
    one = newborn(valle, call, "B")
    published(call)
    here = f"/iscrizioni/{one.pk}/graduatoria/"
    said = {"fai": "accetta", "offerta": offer if offer != "2" else offer_to(one).pk + 1}
    with clock.standing_at(AFTER):
        assert "non si può più rispondere" in text_of(phone.post(here, said, follow=True))
        assert "non si può più rispondere" in text_of(phone.post(here, {"fai": "🎒", "offerta": "1"}, follow=True))
    assert offer_to(one).state == "open"


def test_anothers_place_is_not_there(valle: Cast, phone: Browser) -> None:
    call = ranked(valle)
    amina = known(valle, call, "Amina")
    published(call)
    here = f"/iscrizioni/{amina.pk}/graduatoria/"
    assert phone.get(here).status_code == 404
    assert phone.post(here, {"fai": "accetta", "offerta": offer_to(amina).pk}).status_code == 404
    assert queries.offers_to(application_id=amina.pk)[0].state == "open"


def test_home_says_that_a_place_waits(valle: Cast, phone: Browser) -> None:
    call = ranked(valle)
    newborn(valle, call, "B")
    published(call)
    with clock.standing_at(AFTER):
        assert "c’è un posto: rispondi" in phone.read("/")
