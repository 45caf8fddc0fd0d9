"""The office's rankings: rules typed in, lists drawn up, an answer corrected, what has moved, published, exported."""

from datetime import timedelta

import pytest

from campanella.domains.applying import queries as applying
from campanella.domains.ranking import queries
from campanella.domains.schools.models import School
from campanella.foundation.core import audit, clock
from tests.applying import opened, part
from tests.browsing import Browser, at_most, browser
from tests.ranking import AFTER, PARTS, SECOND, WORKS, late_one, newborn, offer_to, other_school, published, ranked
from tests.towns import Cast, text_of

CALL = "/ufficio/iscrizioni/moduli/{}/graduatoria/"


@pytest.fixture
def desk(valle: Cast) -> Browser:
    """The browser of the office."""
    return browser(valle.town, valle.staff["office"])


def test_rules_are_typed_without_code(valle: Cast, desk: Browser) -> None:
    call, other = opened(valle, parts=PARTS), other_school()
    here = CALL.format(call.pk)
    assert "Scrivi almeno una fascia d’età." in desk.read(here)
    typed = {
        "group_0": "Grandi",
        "from_0": "2019-01-01",
        "until_0": "2021-12-31",
        "key_0": "points",
        "key_1": "older",
        "preference_0": part(call, SECOND).pk,
        "answer_days": "5",
        "counts_working_days": "on",
        "refusals": "2",
    }
    wrong = text_of(desk.post(f"{here}regole/", typed | {"from_0": ""}))
    assert "Della fascia servono nome, primo e ultimo giorno di nascita." in wrong
    assert "Salvato" in text_of(desk.post(f"{here}regole/", typed, follow=True))
    works = part(call, WORKS).pk
    assert WORKS in desk.read(f"{here}punti/")
    desk.post(f"{here}punti/", {f"part-{works}-0": "10", f"part-{works}-1-first": "on"})
    assert "Nido Girasole" in desk.read(f"{here}posti/")
    seats = {f"school-{valle.school.pk}-0": "3", f"school-{valle.school.pk}-0-class": valle.classes["2B"].pk}
    desk.post(f"{here}posti/", seats | {f"school-{other.pk}-0": "1"})
    scheme = queries.scheme(call_id=call.pk)
    assert [(one.name, one.born_from.year) for one in scheme.groups] == [("Grandi", 2019)]
    assert (scheme.keys, scheme.answer_days, scheme.counts_working_days) == (("points", "older"), 5, True)
    assert [(one.answer, one.points, one.comes_first) for one in scheme.criteria] == [("yes", 10, False), ("no", 0, True)]
    assert {one.school_id: (one.places, one.class_group_id) for one in scheme.seats} == {
        valle.school.pk: (3, valle.classes["2B"].pk),
        other.pk: (1, None),
    }
    # A group under another name keeps its places.
    desk.post(f"{here}regole/", typed | {"group_0": "Tutti"})
    assert queries.scheme(call_id=call.pk).places(group="Tutti") == {valle.school.pk: 3, other.pk: 1}
    assert "Manca ancora" not in desk.read(here)
    # By mistake there was a list: without an age group there is none again.
    gone = typed | {"group_0": "", "from_0": "", "until_0": ""}
    assert "Salvato" in text_of(desk.post(f"{here}regole/", gone, follow=True))
    assert not queries.is_ranked(call_id=call.pk)
    assert "Scrivi almeno una fascia" in text_of(desk.post(f"{here}regole/", gone))


def test_a_list_is_drawn_up_corrected_compared_and_published(valle: Cast, desk: Browser) -> None:
    call = ranked(valle)
    busy, idle = newborn(valle, call, "B", works=True), newborn(valle, call, "C")
    here = CALL.format(call.pk)
    assert "la graduatoria si fa dopo" in text_of(desk.post(here, {"why": "prova"}))
    with clock.standing_at(AFTER):
        page = text_of(desk.post(here, {"why": "Prima graduatoria", "seed": "7 21"}, follow=True))
        assert "Graduatoria n. 1" in page
        assert f"1. Rossi Nina B n. {busy.number}" in page
        points = f"/ufficio/iscrizioni/{idle.pk}/punti/"
        assert f"{WORKS} no 0 punti" in desk.read(points)
        assert "Scrivi il motivo" in text_of(desk.post(points, {"counts": f"{part(call, WORKS).pk}-1", "reason": ""}))
        answer = desk.post(points, {"counts": f"{part(call, WORKS).pk}-1", "reason": "Ricorso accolto"}, follow=True)
        assert f"{WORKS} sì (corretta dall’ufficio) 10 punti" in text_of(answer)
        (act,) = audit.acts_on(subjects=[f"application:{idle.pk}"], limit=1)
        assert act.sentence == f"ha corretto per la graduatoria la domanda n. {idle.number}: {WORKS}"
        first = queries.lists(call_id=call.pk)[0]
        refused = text_of(desk.post(f"/ufficio/iscrizioni/graduatorie/{first.pk}/", {"way": "final"}))
        assert "è cambiato qualcosa" in refused
        page = text_of(desk.post(here, {"why": "ricorso"}, follow=True))
        assert "Che cosa è cambiato dalla n. 1" in page
        assert f"{WORKS}: 0 → 10 punti" in page
        second = queries.lists(call_id=call.pk)[0]
        assert second.seed == "7 21"
        done = desk.post(f"/ufficio/iscrizioni/graduatorie/{second.pk}/", {"way": "final"}, follow=True)
        assert "Pubblicata: ogni famiglia legge il suo posto" in text_of(done)
        assert "da accettare" in desk.read(here)
        assert "Fai la graduatoria" not in desk.read(here)
        assert "le risposte non si correggono più" in desk.read(points)
        seats = {f"school-{valle.school.pk}-0": "3"}
        assert "i posti liberi sono già offerti" in text_of(desk.post(f"{here}posti/", seats, follow=True))


def test_what_is_published_names_nobody(valle: Cast, desk: Browser) -> None:
    call = ranked(valle)
    one = newborn(valle, call, "B", works=True)
    made = published(call)
    here = f"/ufficio/iscrizioni/graduatorie/{made.pk}/"
    sheet = desk.get(f"{here}graduatoria.csv").content.decode()
    assert f"Grandi;1;{one.number};10;;ammessa: Primaria Rodari" in sheet
    assert "Nina" not in sheet
    assert "Rossi" not in sheet
    assert desk.get(f"{here}graduatoria.pdf").content.startswith(b"%PDF")


def test_a_list_costs_the_same_however_long(valle: Cast, desk: Browser) -> None:
    call = ranked(valle)
    for letter in "BCDFGH":
        newborn(valle, call, letter)
    made = published(call)
    with at_most(24):
        desk.read(f"/ufficio/iscrizioni/graduatorie/{made.pk}/")
    with at_most(20):
        desk.read(CALL.format(call.pk))


def test_the_page_of_an_application_leads_to_its_points(valle: Cast, desk: Browser) -> None:
    call = ranked(valle)
    one = newborn(valle, call, "B")
    assert f"/ufficio/iscrizioni/{one.pk}/punti/" in desk.get(f"/ufficio/iscrizioni/{one.pk}/").content.decode()
    published(call)
    assert "Ha un posto da accettare Primaria Rodari" in desk.read(f"/ufficio/iscrizioni/{one.pk}/")
    assert offer_to(one).state == "open"
    assert applying.application(application_id=one.pk).state == "sent"


def test_a_preference_that_names_no_structure_is_said(valle: Cast, desk: Browser) -> None:
    call = ranked(valle)
    here = CALL.format(call.pk)
    assert "Non sono nomi di strutture" not in desk.read(here)
    School.objects.filter(pk=other_school().pk).update(name="Nido Il Girasole")
    assert f"Non sono nomi di strutture {SECOND}: Nido Girasole" in desk.read(here)


def test_what_comes_late_is_listed_apart(valle: Cast, desk: Browser) -> None:
    call = ranked(valle)
    newborn(valle, call, "B", works=True)
    published(call)
    here = CALL.format(call.pk)
    assert "Arrivate dopo la definitiva Stanno in coda alla loro fascia, in ordine di arrivo" in desk.read(here)
    one = late_one(valle, call, "D", at=AFTER + timedelta(days=1))
    assert f"Rossi Nina D , n. {one.number} Grandi, in coda al n. 1" in desk.read(here)
    assert "Arrivata dopo la graduatoria definitiva" in desk.read(f"/ufficio/iscrizioni/{one.pk}/")
    with at_most(32):
        desk.read(here)
