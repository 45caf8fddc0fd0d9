"""Days without service: added, put right, taken back."""

import pytest

from campanella.domains.ledger import verify
from campanella.domains.messaging.models import Message
from campanella.domains.schools.models import Closure
from campanella.foundation.core import clock
from campanella.readings import proofs
from campanella.usecases import mealtime
from tests.browsing import Browser, at_most, browser
from tests.towns import OFFICE, TODAY, Cast, run_jobs, text_of

PLACE = "/ufficio/presenze/chiusure/"
STRIKE = {"where": "town", "first": "2026-10-14", "last": "2026-10-14", "reason": "Sciopero"}


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


def add(office: Browser, **more: str) -> str:
    """Add a closure and return the words of the page that follows."""
    return text_of(office.post(PLACE, {**STRIKE, **more}, follow=True))


def only() -> Closure:
    return Closure.objects.get()


def test_a_closure_is_added_once(valle: Cast, office: Browser) -> None:
    words = add(office, where=f"c{valle.classes['2B'].pk}")
    assert "quel giorno non c’è appello e nessuno paga" in words
    assert "Sciopero 14 ottobre 2026 · 2B, Primaria Rodari" in words
    assert "Questa chiusura c’è già" in add(office, where=f"c{valle.classes['2B'].pk}")
    assert (only().class_group_id, only().school_id) == (valle.classes["2B"].pk, None)
    with at_most(10):
        office.get(PLACE)


def test_a_closure_over_a_confirmed_class_says_that_it_stays_charged(valle: Cast, office: Browser) -> None:
    mealtime.confirm(by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=[], adults=0, now=clock.now())
    assert "3 presenze sono già addebitate: qui puoi restituire tutto in una volta" in add(office)
    assert "3 presenze sono già addebitate per quel giorno" in office.read(f"{PLACE}{only().pk}/")
    assert valle.balance("Anna") == -460
    assert "già addebitate" not in add(office, where=f"c{valle.classes['3A'].pk}")


def test_all_charges_of_a_strike_go_back_in_one_act(valle: Cast, office: Browser) -> None:
    for service in ("mensa", "scuolabus"):
        call = valle.roll_call(service=service)
        mealtime.confirm(by=valle.staff["school"], roll_call=call, absent_ids=[], adults=0, now=clock.now())
    luca = valle.child("Luca").pk
    meal, about = valle.services["mensa"], {"by": OFFICE, "now": clock.now(), "day": TODAY}
    mealtime.correct(**about, child_id=luca, service=meal, is_present=False, reason="era a casa")
    assert "qui puoi restituire tutto in una volta" in add(office)
    place = f"{PLACE}{only().pk}/"
    assert "3 presenze sono già addebitate" in office.read(place)

    words = text_of(office.post(f"{place}restituisci/", follow=True))

    assert "Restituiti 10,70 € a 2 bambini" in words
    assert "ha restituito gli addebiti dei giorni chiusi: 10,70 € a 2 bambini" in words
    assert "Restituisci tutto" not in words
    assert "addebitat" not in office.read(place).replace("addebiti", ""), "nothing stays charged"
    balances = [valle.balance("Anna"), valle.balance("Anna", "scuolabus"), valle.balance("Luca"), valle.balance("Amina")]
    assert balances == [0, 0, 0, 0]
    phone = browser(valle.town, valle.families["rossi"].user)
    day = phone.read(f"/presenze/{valle.child('Anna').pk}/2026-10-14/")
    assert "Sciopero" in day
    page = phone.read(f"/pagamenti/movimenti/{valle.wallet('Anna').pk}/")
    assert "Correzione: pasto Sciopero +4,60 €" in page
    assert "Nel mese:" not in page, "what was given back was not used"
    assert "Non c’era più niente da restituire" in text_of(office.post(f"{place}restituisci/", follow=True))
    assert verify.violations() + proofs.violations() == []


def test_what_a_closure_has_charged_is_of_its_place(valle: Cast, office: Browser) -> None:
    mealtime.confirm(by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=[], adults=0, now=clock.now())
    add(office, where=f"c{valle.classes['3A'].pk}")
    office.post(f"{PLACE}{only().pk}/restituisci/")
    assert valle.balance("Anna") == -460


def test_a_closure_taken_back_says_that_what_was_called_stays(valle: Cast, office: Browser, at) -> None:  # type: ignore[no-untyped-def]
    mealtime.confirm(by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=[], adults=0, now=clock.now())
    add(office)
    at("2026-10-15 09:00")
    words = text_of(office.post(f"{PLACE}{only().pk}/togli/", {"why": "revocato"}, follow=True))
    assert "Chi era negli appelli già confermati resta come si legge lì" in words
    assert valle.balance("Anna") == -460


def test_the_days_of_a_closure_are_put_right(valle: Cast, office: Browser) -> None:
    add(office, last="2026-10-16")
    place = f"{PLACE}{only().pk}/"
    wrong = text_of(office.post(place, {"first": "2026-10-16", "last": "2026-10-15", "reason": "Ponte"}))
    assert "L’ultimo giorno viene prima del primo." in wrong
    words = text_of(
        office.post(place, {"first": "2026-10-15", "last": "2026-10-16", "reason": "Ponte dei santi"}, follow=True)
    )
    assert "Ponte dei santi 15–16 ottobre 2026 · Tutto il Comune" in words
    assert "Ponte dei santi, 15/10/2026–16/10/2026 (prima 14/10/2026–16/10/2026)" in words
    teacher = browser(valle.town, valle.staff["school"])
    assert "2B da fare 3 bambini" in teacher.read("/appello/")


def test_a_closure_by_mistake_is_taken_back_with_its_reason(valle: Cast, office: Browser) -> None:
    add(office)
    place = f"{PLACE}{only().pk}/"
    teacher = browser(valle.town, valle.staff["school"])
    assert "2B Chiusa: Sciopero" in teacher.read("/appello/")
    assert "Scrivi il motivo" in text_of(office.post(place + "togli/", {"why": " "}))
    words = text_of(office.post(place + "togli/", {"why": "lo sciopero è revocato"}, follow=True))
    assert "l’appello di oggi si può fare" in words
    assert "ha tolto una chiusura: Sciopero, 14/10/2026. Motivo: lo sciopero è revocato" in words
    assert "2B da fare 3 bambini" in teacher.read("/appello/")
    assert office.get(place).status_code == 404
    assert office.post(place + "togli/", {"why": "due volte"}).status_code == 404


def test_a_past_day_opened_again_charges_nobody_until_the_office_confirms(valle: Cast, office: Browser) -> None:
    add(office, first="2026-10-13", last="2026-10-13")
    words = text_of(office.post(f"{PLACE}{only().pk}/togli/", {"why": "era il 20"}, follow=True))
    assert "nessuno paga, finché non confermi gli appelli" in words
    assert valle.balance("Anna") == 0
    sheet = f"/appello/{valle.classes['2B'].pk}/mensa/"
    everybody = [valle.child(name).pk for name in ("Anna", "Luca", "Amina")]
    office.post(sheet, {"day": "2026-10-13", "act": "confirm", "shown": everybody, "before": everybody, "eats": everybody})
    assert valle.balance("Anna") == -460


def test_only_the_office_of_the_town_touches_closures(borgo: Cast, valle: Cast, office: Browser) -> None:
    add(office)
    for place in (PLACE, f"{PLACE}{only().pk}/", f"{PLACE}{only().pk}/togli/"):
        assert browser(valle.town, valle.staff["school"]).get(place).status_code == 403
    stranger = browser(borgo.town, borgo.staff["office"])
    assert stranger.get(f"{PLACE}{only().pk}/").status_code == 404
    assert stranger.post(f"{PLACE}{only().pk}/togli/", {"why": "x"}).status_code == 404
    assert Closure.objects.count() == 1


def test_a_closure_of_one_service_says_which(valle: Cast, office: Browser) -> None:
    words = add(office, what=str(valle.services["scuolabus"].pk))
    assert "Sciopero 14 ottobre 2026 · Tutto il Comune, solo Scuolabus" in words
    teacher = browser(valle.town, valle.staff["school"])
    assert "2B da fare 3 bambini" in teacher.read("/appello/?servizio=mensa")
    assert "2B Chiusa: Sciopero" in teacher.read("/appello/?servizio=scuolabus")


def test_after_a_half_day_some_services_are_closed_and_the_meal_goes_on(valle: Cast, office: Browser) -> None:
    bus = str(valle.services["scuolabus"].pk)
    assert "scegli quali servizi saltano" in add(office, from_hour="13:00")
    words = add(office, what=bus, from_hour="13:00")
    assert "quel giorno per quei servizi non c’è appello" in words
    assert "Sciopero, dalle 13:00 14 ottobre 2026 · Tutto il Comune, solo Scuolabus" in words
    day = office.read("/ufficio/presenze/")
    assert "Sciopero, dalle 13:00 tutto il Comune, Scuolabus" in day
    teacher = browser(valle.town, valle.staff["school"])
    assert "2B da fare 3 bambini" in teacher.read("/appello/?servizio=mensa")
    assert "2B Chiusa: Sciopero, dalle 13:00" in teacher.read("/appello/?servizio=scuolabus")
    run_jobs()
    body = Message.objects.filter(template="closure_entered").latest("id").text
    assert "il servizio Scuolabus è chiuso." in body
    assert "Gli altri servizi restano come ogni giorno." in body


def test_families_are_written_to_unless_the_office_says_not_to(valle: Cast, office: Browser) -> None:
    add(office, quiet="on")
    run_jobs()
    assert Message.objects.count() == 0
    add(office, reason="Neve", where=f"c{valle.classes['2B'].pk}")
    run_jobs()
    assert Message.objects.filter(template="closure_entered").count() == 2


def test_what_was_given_back_is_charged_again_when_the_closure_is_withdrawn(valle: Cast, office: Browser) -> None:
    mealtime.confirm(by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=[], adults=0, now=clock.now())
    add(office)
    place = f"{PLACE}{only().pk}/"
    office.post(f"{place}restituisci/")
    words = text_of(office.post(f"{place}togli/", {"why": "revocato"}, follow=True))
    assert "3 presenze che erano restituite sono di nuovo addebitate" in words
    assert [valle.balance(name) for name in ("Anna", "Luca", "Amina")] == [-460, -310, -460]


def test_the_office_reads_why_nobody_is_called(valle: Cast, office: Browser) -> None:
    add(office)
    words = office.read("/ufficio/")
    assert "chiuso: Sciopero" in words
    assert "oggi non c’è appello" in words
    assert "si chiude:" not in words
    assert "Chiuso: Sciopero. " in office.read("/ufficio/presenze/")
