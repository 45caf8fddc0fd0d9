"""What a day costs, on which days a service runs, how long a credit lasts."""

from datetime import date, timedelta

import pytest

from campanella.domains.services import rules
from campanella.foundation.core.money import Euro

MONDAY = date(2026, 10, 12)


@pytest.mark.parametrize(("full", "percent", "price"), [(460, 0, 460), (460, 50, 230), (465, 50, 233), (460, 100, 0)])
def test_a_reduction_takes_its_share_of_the_price(full: int, percent: int, price: int) -> None:
    assert rules.price(full=Euro(full), reduction_percent=percent) == Euro(price)


@pytest.mark.parametrize(
    ("weekdays", "runs"),
    [(0b0011111, "MTWTF.."), (0b0000001, "M......"), (0b1000010, ".T....S"), (0, "......."), (127, "MTWTFSS")],
)
def test_the_days_of_a_week(weekdays: int, runs: str) -> None:
    week = [rules.runs_on(day=MONDAY + timedelta(days=n), weekdays=weekdays) for n in range(7)]
    assert week == [letter != "." for letter in runs]


@pytest.mark.parametrize(
    ("balance", "price", "days"),
    [
        (920, 460, 2),
        (919, 460, 1),
        (459, 460, 0),
        (1, 1, 1),
        (0, 460, 0),
        (-460, 460, 0),
        (920, 0, 0),
        (920, -1, 0),
        (2, 1, 2),
    ],
)
def test_how_many_days_a_credit_pays_for(balance: int, price: int, days: int) -> None:
    assert rules.units_left(balance=Euro(balance), unit_price=Euro(price)) == days


@pytest.mark.parametrize(
    ("weekdays", "before", "after"),
    [
        (0b11111, "2026-10-15", "2026-10-19"),
        (0b111111, "2026-10-15", "2026-10-17"),
        (0b1000001, "2026-10-12", "2026-10-18"),
        (0b0010000, "2026-10-09", "2026-10-23"),
        (0, "2026-10-15", "2026-10-17"),
    ],
)
def test_the_next_day_is_one_on_which_something_runs(weekdays: int, before: str, after: str) -> None:
    """From Friday 16 October: the working week, with Saturdays, Sundays and Mondays, Fridays alone, none at all."""
    friday = date(2026, 10, 16)
    found = [rules.next_running(day=friday, step=step, weekdays=weekdays) for step in (-1, 1)]
    assert [f"{day}" for day in found] == [before, after]
