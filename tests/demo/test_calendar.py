"""The demo's school year against the calendars hung up in schools."""

from datetime import date, datetime

import pytest

from campanella.demo.calendar import SchoolYear, demo_moment, year_of
from campanella.foundation.core.clock import ROME

PATRONS = [(9, 24)]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ROME)


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 12, 7), "the Monday before the Immacolata, a Tuesday in 2026"),
        (date(2026, 12, 8), "Immacolata"),
        (date(2026, 12, 25), "Christmas"),
        (date(2027, 1, 6), "Epiphany"),
        (date(2027, 3, 25), "the Thursday before Easter, 28 March 2027"),
        (date(2027, 3, 29), "Easter Monday"),
        (date(2027, 4, 25), "a Sunday"),
        (date(2027, 6, 2), "Republic"),
        (date(2026, 9, 24), "patron saint"),
        (date(2026, 11, 21), "a Saturday"),
        (date(2026, 8, 31), "summer"),
    ],
)
def test_no_lessons_on(day: date, reason: str) -> None:
    assert day not in year_of(day).lesson_days((9, 24)), reason


@pytest.mark.parametrize(
    "day", [date(2026, 9, 14), date(2026, 11, 20), date(2026, 12, 9), date(2027, 1, 7), date(2027, 6, 4)]
)
def test_lessons_on(day: date) -> None:
    assert day in year_of(day).lesson_days((9, 24))


def test_a_year_has_as_many_lunches_as_real_ones() -> None:
    # Real full-time primary schools serve lunch on 160 to 175 days a year.
    assert all(160 <= len(SchoolYear(autumn).lesson_days((9, 24))) <= 180 for autumn in range(2020, 2035))


@pytest.mark.parametrize(
    ("now", "moment"),
    [
        ("2026-11-20T10:15", "2026-11-20T10:15"),
        ("2026-11-20T14:00", "2026-11-20T08:40"),
        ("2026-11-20T06:00", "2026-11-19T08:40"),
        ("2026-11-21T10:00", "2026-11-20T08:40"),
        ("2026-08-15T10:00", "2026-06-05T08:40"),
        ("2026-09-24T10:00", "2026-09-23T08:40"),
        ("2027-01-02T10:00", "2026-12-22T08:40"),
    ],
)
def test_the_demo_plays_on_a_school_morning(now: str, moment: str) -> None:
    assert demo_moment(now=at(now), patrons=PATRONS) == at(moment)
