"""Interest by the day, at the legal rate of each year: tables that an officer can check."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campanella.domains.arrears.rules.interest import LEGAL_RATES, interest, rate_of, told


@pytest.mark.parametrize(
    ("principal", "first", "until", "points", "cents"),
    [
        # A year at 1.60 %, and at two points and a half more.
        (100_000, date(2026, 1, 1), date(2026, 12, 31), 0, 1600),
        (100_000, date(2026, 1, 1), date(2026, 12, 31), 250, 4100),
        # 2024 has 366 days: interest is over 365 of them.
        (100_000, date(2024, 1, 1), date(2024, 12, 31), 0, 2507),
        # 0.30 % in 2018 and 0.80 % in 2019, by the decrees that stand beside them.
        (100_000, date(2018, 1, 1), date(2018, 12, 31), 0, 300),
        (100_000, date(2019, 1, 1), date(2019, 12, 31), 0, 800),
        (100_000, date(2018, 1, 1), date(2019, 12, 31), 0, 1100),
        # 31 days at 2.00 % and 31 at 1.60 %.
        (100_000, date(2025, 12, 1), date(2026, 1, 31), 0, 306),
        (4620, date(2026, 12, 6), date(2026, 12, 6), 0, 0),
        (4620, date(2026, 12, 6), date(2027, 3, 5), 0, 18),
        # 365 × 0.5 cents: the half goes up.
        (3125, date(2026, 1, 1), date(2026, 1, 365 - 334), 0, 4),
        (100_000, date(2026, 2, 1), date(2026, 1, 31), 0, 0),
    ],
)
def test_what_days_cost(principal: int, first: date, until: date, points: int, cents: int) -> None:
    assert interest(principal=principal, first=first, until=until, points=points) == cents


@given(
    st.integers(1, 10_000_000),
    st.dates(date(2015, 1, 1), date(2030, 12, 31)),
    st.integers(1, 1500),
    st.integers(0, 500),
)
def test_it_is_the_sum_of_its_days(principal: int, first: date, days: int, points: int) -> None:
    rates = [rate_of((first + timedelta(days=n)).year).points + points for n in range(days)]
    whole = sum((Decimal(principal) * rate / 10_000 / 365 for rate in rates), Decimal(0))
    until = first + timedelta(days=days - 1)
    cents = interest(principal=principal, first=first, until=until, points=points)
    # Decimal's own division is cut off after 28 digits: a half may be a hair below itself.
    halves = (whole, whole + Decimal("1e-9"))
    assert cents in {int(one.quantize(Decimal(1), ROUND_HALF_UP)) for one in halves}


def test_a_year_without_a_decree_keeps_the_rate_before_and_every_rate_names_its_own() -> None:
    last = max(LEGAL_RATES)
    assert rate_of(last + 3) == LEGAL_RATES[last]
    assert sorted(LEGAL_RATES) == list(range(2015, last + 1))
    assert all(one.source.startswith("DM ") for one in LEGAL_RATES.values())


def test_how_it_is_told() -> None:
    assert told(0) == "gli interessi legali"
    assert told(50) == "gli interessi legali più 0,50 punti"
