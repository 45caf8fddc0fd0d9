"""Statistiche: the meals of children and staff, income and coverage; every figure is that of the roll-calls and the book."""

import csv
from datetime import date
from io import StringIO
from typing import Any

import pytest

from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.interfaces.office.covering import percent
from campanella.readings.office import statistics
from campanella.readings.office.statistics import Coverage
from campanella.usecases import mealtime
from tests.browsing import browser
from tests.towns import OFFICE, Cast, text_of

PAGE = "/ufficio/statistiche/"
DAYS = {"first": date(2026, 9, 1), "last": date(2026, 11, 30)}


@pytest.fixture
def lived(valle: Cast, at: Any) -> Cast:
    """Two days of October and one of November in class 2B: three children less an absent one, and two adults."""
    for day, absent in ((date(2026, 10, 19), []), (date(2026, 10, 20), ["Luca"]), (date(2026, 11, 3), [])):
        at(f"{day} 09:00")
        call = valle.roll_call(day=day)
        ids = [valle.child(name).pk for name in absent]
        mealtime.confirm(by=OFFICE, roll_call=call, absent_ids=ids, adults=2, now=clock.now())
    # Nobody has confirmed this one: it counts for nothing.
    valle.roll_call(day=date(2026, 11, 4))
    at("2026-11-10 10:00")
    return valle


def test_meals_are_counted_by_month_school_and_kind(lived: Cast) -> None:
    found = statistics.statistics(**DAYS)
    assert found.by_month == [(date(2026, 10, 1), 5, 4), (date(2026, 11, 1), 3, 2)]
    assert found.by_level == [("Primaria", 8, 6)]
    assert [(one.classes, one.days, one.present, one.due) for one in found.uses] == [(1, 2, 5, 5), (1, 1, 3, 3)]


def test_the_meals_of_the_staff_are_told_by_school(lived: Cast) -> None:
    (one,) = statistics.statistics(**DAYS).staff
    assert (one.school_name, one.classes, one.days, one.children, one.adults) == ("Primaria Rodari", 1, 3, 8, 6)


def test_income_is_the_books_and_covers_what_it_covers(lived: Cast) -> None:
    found = statistics.statistics(**DAYS)
    # Anna and Amina pay 4.60, Luca 3.10: twice 12.30, and 9.20 while he was absent.
    assert found.income_by_month == [(date(2026, 10, 1), Euro(2150)), (date(2026, 11, 1), Euro(1230))]
    meal, bus = found.coverage
    assert (meal.days, meal.income, meal.rate(Euro(740))) == (8, Euro(3380), 571)
    assert (bus.days, bus.income, bus.rate(Euro(740))) == (0, Euro(0), None)


@pytest.mark.parametrize(("cents", "told"), [(-5, "−0,7%"), (-740, "−100,0%"), (0, "0,0%"), (3, "0,4%")])
def test_what_was_given_back_covers_less_than_nothing(lived: Cast, cents: int, told: str) -> None:
    assert percent(Coverage(lived.services["mensa"], 1, Euro(cents)), Euro(740)) == told


def test_the_page_asks_six_queries_and_says_it_with_tables(lived: Cast, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(6):
        statistics.statistics(**DAYS)
    page = text_of(browser(lived.town, lived.staff["office"]).get(PAGE, {"costo-mensa": "7,40"}))
    assert "8 pasti dei bambini e 6 del personale" in page
    assert "copertura 57,1%" in page
    nothing = text_of(browser(lived.town, lived.staff["office"]).get(PAGE, {"dal": "2026-08-01", "al": "2026-08-02"}))
    assert "non c’è nessun appello confermato" in nothing


@pytest.mark.parametrize(
    ("what", "rows"),
    [
        (
            "presenze",
            [
                ["ottobre 2026", "Primaria Rodari", "Primaria", "Refezione", "1", "2", "5", "5", "4"],
                ["novembre 2026", "Primaria Rodari", "Primaria", "Refezione", "1", "1", "3", "3", "2"],
            ],
        ),
        ("personale", [["Primaria Rodari", "Primaria", "1", "3", "8", "6"]]),
        (
            "entrate",
            [["ottobre 2026", "Refezione", "5", "21,50"], ["novembre 2026", "Refezione", "3", "12,30"]],
        ),
    ],
)
def test_sheets_say_the_same(lived: Cast, what: str, rows: list[list[str]]) -> None:
    one = browser(lived.town, lived.staff["office"])
    text = one.get(f"{PAGE}{what}.csv").content.decode("utf-8-sig")
    assert list(csv.reader(StringIO(text), delimiter=";"))[1:] == rows
    assert one.get(f"{PAGE}{what}.xlsx").content.startswith(b"PK")
    assert one.get(f"{PAGE}altro.csv").status_code == 404
