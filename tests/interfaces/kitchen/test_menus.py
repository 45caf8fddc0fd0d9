"""A season's menu on paper and for a spreadsheet: dishes, allergens, what the diets get; what goes out comes in again."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from campanella.domains.cooking import operations as cooking
from campanella.domains.cooking import queries as cooked
from campanella.domains.cooking.models import Menu
from campanella.domains.cooking.rules import read_dishes
from campanella.domains.enrolment import diet_codes
from campanella.foundation.core import clock
from campanella.usecases.importing import menu as importing
from tests.browsing import Browser, at_most, browser
from tests.foundation.documents.reading import text_of as words_of
from tests.towns import OFFICE, TODAY, Cast

WEDNESDAY = (
    "Pasta al pomodoro (1, 9)\nD1: Pasta di riso (9)\nD2: come tutti\nPlatessa gratinata (1, 4)\nMela\nD1, D2: come tutti"
)


@pytest.fixture
def menu(valle: Cast) -> Menu:
    """A winter of two weeks, of which two days are written."""
    for code, words in (("D1", "Senza glutine"), ("D2", "Senza latte")):
        diet_codes.add_code(by=OFFICE, code=code, menu=words, needs_certificate=True, now=clock.now())
    about: dict[str, Any] = {
        "service": valle.services["mensa"],
        "name": "Invernale",
        "first": TODAY,
        "end": date(2027, 3, 27),
    }
    made = cooking.add_menu(by=OFFICE, **about, weeks=2, now=clock.now())
    first, second = read_dishes(WEDNESDAY), read_dishes("Riso allo zafferano (7)\nD2: Riso in bianco")
    cooking.write_week(by=OFFICE, menu=made, week=1, days=[[], [], first, [], []], now=clock.now())
    cooking.write_week(by=OFFICE, menu=made, week=2, days=[second, [], [], [], []], now=clock.now())
    return made


@pytest.mark.parametrize("role", ["kitchen", "office"])
def test_a_season_is_printed_week_by_week(valle: Cast, menu: Menu, role: str) -> None:
    reader = browser(valle.town, next(user for name, user in valle.staff.items() if name == role))
    words = words_of(reader.get(f"/cucina/menu/{menu.pk}/menu.pdf").content)
    for said in (
        "Menù Invernale",
        "Refezione, dal 14 ottobre 2026 al 26 marzo 2027",
        "1 cereali con glutine; 4 pesce; 7 latte; 9 sedano",
        "D1 senza glutine; D2 senza latte",
        "Mercoledì Pasta al pomodoro (1, 9) D1: Pasta di riso (9); D2: come tutti",
        "Platessa gratinata (1, 4)",
        "Mela D1, D2: come tutti",
        "Lunedì Riso allo zafferano (7) D2: Riso in bianco",
    ):
        assert said in words, said
    assert words.index("Settimana 1") < words.index("Mercoledì") < words.index("Settimana 2") < words.index("Lunedì")


def test_a_week_that_is_not_written_says_so_and_codes_that_mean_nothing_are_not_explained(valle: Cast) -> None:
    meal, last = valle.services["mensa"], date(2027, 3, 27)
    menu = cooking.add_menu(by=OFFICE, service=meal, name="Nuovo", first=TODAY, end=last, weeks=2, now=clock.now())
    dishes = read_dishes("Pasta\nX1: Riso")
    cooking.write_week(by=OFFICE, menu=menu, week=1, days=[dishes, [], [], [], []], now=clock.now())
    words = words_of(browser(valle.town, valle.staff["kitchen"]).get(f"/cucina/menu/{menu.pk}/menu.pdf").content)
    assert words.count("Ancora da scrivere.") == 1
    assert words.index("Settimana 2") < words.index("Ancora da scrivere.")
    assert "Diete:" not in words
    assert "Allergeni" not in words


def test_what_goes_out_as_csv_comes_in_again(valle: Cast, menu: Menu, tmp_path: Path) -> None:
    cook = browser(valle.town, valle.staff["kitchen"])
    file = tmp_path / "menu.csv"
    file.write_bytes(cook.get(f"/cucina/menu/{menu.pk}/menu.csv").content)
    read = importing.read(path=file, weeks=2, days=5, codes=["D1", "D2"])
    assert read.wrong == ()
    assert [read.weeks[1], read.weeks[2]] == cooked.season(menu_id=menu.pk, weeks=[1, 2])


def test_who_reads_them_finds_them(valle: Cast, menu: Menu) -> None:
    for user, place in ((valle.staff["kitchen"], "/cucina/"), (valle.staff["office"], "/ufficio/menu/")):
        page = browser(valle.town, user).get(place).content.decode()
        assert f"/cucina/menu/{menu.pk}/menu.pdf" in page
        assert f"/cucina/menu/{menu.pk}/menu.csv" in page


def test_a_season_costs_a_few_questions_and_another_towns_is_none(borgo: Cast, valle: Cast, menu: Menu) -> None:
    cook: Browser = browser(valle.town, valle.staff["kitchen"])
    cook.get(f"/cucina/menu/{menu.pk}/menu.csv")
    with at_most(6):
        cook.get(f"/cucina/menu/{menu.pk}/menu.csv")
    assert cook.get(f"/cucina/menu/{menu.pk + 1}/menu.csv").status_code == 404
    assert browser(borgo.town, borgo.staff["kitchen"]).get(f"/cucina/menu/{menu.pk}/menu.pdf").status_code == 404
    assert browser(valle.town, valle.families["rossi"].user).get(f"/cucina/menu/{menu.pk}/menu.pdf").status_code == 403
