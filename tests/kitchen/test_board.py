"""The kitchen's numbers."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.enrolment.models import Diet
from campanella.domains.schools import operations as schools
from campanella.foundation.core import clock
from campanella.usecases import mealtime
from tests.browsing import Browser, at_most, browser
from tests.towns import OFFICE, TODAY, Cast


@pytest.fixture
def cook(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["kitchen"])


@pytest.fixture
def teacher(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["school"])


def tap(valle: Cast, teacher: Browser, name: str, eats: int = 0, **more: int) -> None:
    place = f"/appello/{valle.classes['2B'].pk}/mensa/segno/"
    answer = teacher.post(place, {"day": "2026-10-14", "child": valle.child(name).pk, "eats": eats, **more})
    assert answer.status_code == 204


def test_the_board_counts_everybody_expected(valle: Cast, cook: Browser) -> None:
    Diet.objects.create(child=valle.child("Amina"), code="D4", menu="Senza maiale", days=DateRange(None, None))
    with at_most(10):
        words = cook.read("/cucina/")
    assert "3 pasti in tutto" in words
    assert "Senza maiale (D4)" in words
    assert "Primaria Rodari 3 2 0 1 0 3 0/1" in words


def test_a_tap_is_on_the_board_and_the_fragment_says_so_once(valle: Cast, cook: Browser, teacher: Browser) -> None:
    page = cook.get("/cucina/")
    version = page.context["version"]
    place = f"/cucina/tabella/?version={version}&servizio=mensa"
    with at_most(4):
        assert cook.get(place).status_code == 204
    tap(valle, teacher, "Luca")
    words = cook.read(place)
    assert "Primaria Rodari 8:47 · 2B, un pasto in meno 3 2 0 0 2 0/1" in words


def test_a_confirmed_board_is_final_and_a_correction_is_its_last_change(
    valle: Cast, cook: Browser, teacher: Browser
) -> None:
    mealtime.confirm(by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=[], adults=2, now=clock.now())
    words = cook.read("/cucina/")
    assert "Definitivi tutte le classi hanno confermato" in words
    assert "5 pasti in tutto 5 già confermati" in words
    mealtime.correct(
        by=valle.staff["office"], child_id=valle.child("Luca").pk, service=valle.services["mensa"], day=TODAY,
        is_present=False, reason="a casa", now=clock.now() + timedelta(minutes=4),
    )  # fmt: skip
    words = cook.read("/cucina/")
    assert "8:51 · 2B, un pasto in meno" in words
    assert "4 pasti in tutto" in words
    assert "€" not in words


def test_the_board_says_how_sure_its_numbers_are(valle: Cast, cook: Browser, at: Any) -> None:
    words = cook.read("/cucina/")
    assert "Provvisori si chiude alle 9:30, ancora 43 minuti" in words
    assert "Manca 1 classe Primaria Rodari 2B 3 previsti" in words
    assert "Aggiornato alle 8:47:00" in words
    at("09:31")
    assert "Ancora provvisori" in cook.read("/cucina/")


def test_other_days_forecast_or_tell(valle: Cast, cook: Browser) -> None:
    with at_most(8):
        words = cook.read("/cucina/2026-10-15/")
    assert "Pasti di giovedì 15 ottobre" in words
    assert "Previsione" in words
    assert "3 pasti in tutto" in words
    assert "una classe non ha mai confermato" in cook.read("/cucina/2026-10-13/")
    assert "Quel giorno non si cucina" in cook.read("/cucina/2026-10-17/")
    assert cook.get("/cucina/domani/").status_code == 404


def test_a_closed_class_is_expected_by_nobody(valle: Cast, cook: Browser) -> None:
    schools.close(by=OFFICE, first=TODAY, last=TODAY, reason="Gita", now=clock.now(), class_group=valle.classes["2B"])
    assert "Oggi non si cucina" in cook.read("/cucina/")


def test_a_bus_is_no_meal(valle: Cast, cook: Browser) -> None:
    assert "Scuolabus" not in cook.read("/cucina/")
    assert "Pasti di" in cook.read("/cucina/?servizio=scuolabus")


def test_the_kitchen_is_closed_to_others(borgo: Cast, valle: Cast, teacher: Browser) -> None:
    for place in ("/cucina/", "/cucina/tabella/", "/cucina/2026-10-15/"):
        assert teacher.get(place).status_code == 403
        assert browser(valle.town).get(place).status_code == 302
    assert browser(borgo.town, valle.staff["kitchen"]).get("/cucina/").status_code == 302


def test_without_javascript_the_page_loads_itself_again(valle: Cast, cook: Browser) -> None:
    page = cook.get("/cucina/").content.decode()
    assert '<noscript><meta http-equiv="refresh" content="15"></noscript>' in page
    assert "refresh" not in cook.get("/cucina/2026-10-15/").content.decode()


def test_white_meals_are_counted_apart_and_a_diet_stays_a_diet(valle: Cast, cook: Browser, teacher: Browser) -> None:
    Diet.objects.create(
        child=valle.child("Amina"), code="D1", menu="Senza glutine", reason="celiachia", days=DateRange(None, None)
    )
    tap(valle, teacher, "Luca", eats=1, white=1)
    words = cook.read("/cucina/")
    assert "In bianco Senza glutine (D1) Adulti" in words
    assert "Primaria Rodari 8:47 · 2B, un pasto in bianco 3 1 1 1 0 3 0/1" in words
    tap(valle, teacher, "Amina", eats=1, white=1)
    words = cook.read("/cucina/")
    assert "In bianco Senza glutine (D1), in bianco Adulti" in words
    assert "2B, 2 pasti in bianco 3 1 1 1 0 3 0/1" in words
    assert "2 in bianco" in words
    assert "celiachia" not in words
    assert "Amina" not in words


def test_a_mark_taken_back_is_no_change(valle: Cast, cook: Browser, teacher: Browser) -> None:
    tap(valle, teacher, "Luca")
    tap(valle, teacher, "Luca", eats=1)
    tap(valle, teacher, "Anna", eats=1, late=1)
    words = cook.read("/cucina/")
    assert "Ultimi cambi" not in words
    assert "3 pasti in tutto" in words


def test_a_confirmed_class_counts_only_whom_it_has_marked(valle: Cast, cook: Browser) -> None:
    anna = valle.child("Anna")
    schools.place_many(class_by_child={anna.pk: valle.classes["3A"].pk}, first=TODAY, end=None)
    mealtime.confirm(by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=[], adults=0, now=clock.now())
    schools.place_many(class_by_child={anna.pk: valle.classes["2B"].pk}, first=TODAY, end=None)
    assert "2 pasti in tutto 2 già confermati" in cook.read("/cucina/")
    mealtime.correct(
        by=valle.staff["office"], child_id=anna.pk, service=valle.services["mensa"], day=TODAY, is_present=True,
        reason="è arrivata alle 10", now=clock.now() + timedelta(minutes=4),
    )  # fmt: skip
    words = cook.read("/cucina/")
    assert "3 pasti in tutto" in words
    assert "8:51 · 2B, un pasto in più" in words


def test_two_menus_under_one_code_are_both_told(valle: Cast, cook: Browser) -> None:
    for name, menu in (("Amina", "Senza glutine"), ("Luca", "Senza latte")):
        Diet.objects.create(child=valle.child(name), code="D1", menu=menu, days=DateRange(None, None))
    assert "Senza glutine oppure Senza latte (D1)" in cook.read("/cucina/")


def test_a_board_whose_session_has_ended_comes_back_to_the_whole_page(valle: Cast) -> None:
    headers = {"HX-Request": "true", "Referer": f"http://{valle.town.host}/cucina/?servizio=mensa"}
    answer = browser(valle.town).get("/cucina/tabella/?version=1", headers=headers)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/entra/?next=%2Fcucina%2F%3Fservizio%3Dmensa")
