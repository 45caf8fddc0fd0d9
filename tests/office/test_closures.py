"""Days without service: added, put right, taken back."""

import pytest

from campanella.domains.schools.models import Closure
from campanella.foundation.core import clock
from campanella.usecases import mealtime
from tests.browsing import Browser, at_most, browser
from tests.towns import Cast, text_of

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
    assert "in quei giorni non c’è appello e nessuno paga" in words
    assert "Sciopero 14 ottobre 2026 · 2B, Primaria Rodari" in words
    assert "Questa chiusura c’è già" in add(office, where=f"c{valle.classes['2B'].pk}")
    assert (only().class_group_id, only().school_id) == (valle.classes["2B"].pk, None)
    with at_most(9):
        office.get(PLACE)


def test_a_closure_over_a_confirmed_class_says_that_it_stays_charged(valle: Cast, office: Browser) -> None:
    mealtime.confirm(by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=[], adults=0, now=clock.now())
    assert "Un appello è già confermato in quei giorni, e resta addebitato" in add(office)
    assert "Un appello di quei giorni è confermato e resta addebitato" in office.read(f"{PLACE}{only().pk}/")
    assert valle.balance("Anna") == -460
    assert "resta addebitato" not in add(office, where=f"c{valle.classes['3A'].pk}")


def test_the_days_of_a_closure_are_put_right(valle: Cast, office: Browser) -> None:
    add(office, last="2026-10-16")
    place = f"{PLACE}{only().pk}/"
    wrong = text_of(office.post(place, {"first": "2026-10-16", "last": "2026-10-15", "reason": "Ponte"}))
    assert "L’ultimo giorno viene prima del primo." in wrong
    words = text_of(
        office.post(place, {"first": "2026-10-15", "last": "2026-10-16", "reason": "Ponte dei santi"}, follow=True)
    )
    assert "Ponte dei santi 15 ottobre 2026 – 16 ottobre 2026 · Tutto il Comune" in words
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
