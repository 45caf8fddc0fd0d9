"""From when an ISEE counts: the published rules of towns, and a slow reference for the rule by months."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campanella.domains.services.tariffs.dating import Deadline, counts_from, next_deadline
from campanella.domains.services.tariffs.shapes import IseeRule, Scheme

FIRST, LAST = date(2026, 9, 1), date(2027, 6, 30)
LISSONE = IseeRule("month", by_day=15, months={9: 30})
EMPOLI = IseeRule(
    "deadlines",
    deadlines=(
        (date(2026, 6, 30), FIRST),
        (date(2026, 9, 30), date(2026, 11, 1)),
        (date(2026, 12, 31), date(2027, 1, 1)),
    ),
)
BRUGHERIO = IseeRule("month", by_day=0, until=date(2027, 4, 30))
PESCIA = IseeRule("fixed", fixed_on=date(2026, 8, 31))


@pytest.mark.parametrize(
    ("rule", "presented", "begins"),
    [
        (LISSONE, date(2026, 10, 15), date(2026, 10, 1)),
        (LISSONE, date(2026, 10, 16), date(2026, 11, 1)),
        (LISSONE, date(2026, 9, 30), FIRST),
        (LISSONE, date(2026, 12, 16), date(2027, 1, 1)),
        (LISSONE, date(2027, 6, 16), None),
        (EMPOLI, date(2026, 6, 30), FIRST),
        (EMPOLI, date(2026, 9, 30), date(2026, 11, 1)),
        (EMPOLI, date(2026, 10, 1), date(2027, 1, 1)),
        (EMPOLI, date(2026, 12, 31), date(2027, 1, 1)),
        (EMPOLI, date(2027, 1, 1), None),
        (BRUGHERIO, date(2026, 10, 31), date(2026, 11, 1)),
        (BRUGHERIO, date(2026, 11, 1), date(2026, 12, 1)),
        (BRUGHERIO, date(2027, 5, 1), None),
        (PESCIA, date(2026, 8, 31), FIRST),
        (PESCIA, date(2026, 9, 1), None),
        (IseeRule(), date(2026, 11, 3), date(2026, 11, 3)),
        (IseeRule(), date(2026, 3, 1), FIRST),
    ],
)
def test_the_rules_of_towns(rule: IseeRule, presented: date, begins: date | None) -> None:
    assert counts_from(presented=presented, rule=rule, first=FIRST, last=LAST) == begins


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(0, 31))
def test_by_months_it_is_as_counted_day_by_day(presented: date, by_day: int) -> None:
    day = presented
    if day.day > by_day:
        while day.month == presented.month:
            day += timedelta(days=1)
    while day.day != 1:
        day -= timedelta(days=1)
    expected = max(day, FIRST)
    found = counts_from(presented=presented, rule=IseeRule("month", by_day=by_day), first=FIRST, last=LAST)
    assert found == (expected if day <= LAST else None)


def season(rule: IseeRule) -> Scheme:
    """Return a tariff of the season with this rule."""
    return Scheme("x", "X", "mensa", FIRST, LAST, "day", (), isee=rule)


@pytest.mark.parametrize(
    ("rule", "today", "found"),
    [
        (EMPOLI, date(2026, 6, 1), Deadline(date(2026, 6, 30), FIRST)),
        (EMPOLI, date(2026, 6, 30), Deadline(date(2026, 6, 30), FIRST)),
        (EMPOLI, date(2026, 7, 1), Deadline(date(2026, 9, 30), date(2026, 11, 1))),
        (EMPOLI, date(2027, 1, 1), None),
        (PESCIA, date(2026, 8, 31), Deadline(date(2026, 8, 31), FIRST)),
        (PESCIA, date(2026, 9, 1), None),
        (LISSONE, date(2026, 9, 16), Deadline(date(2026, 9, 30), FIRST, is_monthly=True)),
        (LISSONE, date(2026, 10, 15), Deadline(date(2026, 10, 15), date(2026, 10, 1), is_monthly=True)),
        (LISSONE, date(2026, 10, 16), Deadline(date(2026, 11, 15), date(2026, 11, 1), is_monthly=True)),
        (BRUGHERIO, date(2026, 10, 3), Deadline(date(2026, 10, 31), date(2026, 11, 1), is_monthly=True)),
        # The last day of all is no monthly one: who misses it waits for the next season.
        (BRUGHERIO, date(2027, 4, 20), Deadline(date(2027, 4, 30), date(2027, 5, 1))),
        (BRUGHERIO, date(2027, 5, 1), None),
        (IseeRule(), date(2026, 11, 3), None),
        (IseeRule(until=date(2027, 3, 31)), date(2026, 11, 3), Deadline(date(2027, 3, 31), date(2027, 3, 31))),
    ],
)
def test_by_when_one_is_to_be_presented(rule: IseeRule, today: date, found: Deadline | None) -> None:
    assert next_deadline(scheme=season(rule), today=today) == found


@given(st.sampled_from([LISSONE, EMPOLI, BRUGHERIO, PESCIA, IseeRule()]), st.dates(date(2026, 6, 1), date(2027, 6, 30)))
def test_who_keeps_to_it_is_counted_from_the_day_that_was_told(rule: IseeRule, today: date) -> None:
    told = next_deadline(scheme=season(rule), today=today)
    if told:
        assert told.by >= today
        assert counts_from(presented=told.by, rule=rule, first=FIRST, last=LAST) == told.begins
