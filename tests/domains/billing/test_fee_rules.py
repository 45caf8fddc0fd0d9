"""What a fee asks of who is there for all of an instalment, or for a part of it."""

from datetime import date

import pytest

from campanella.domains.billing import fee_rules
from campanella.domains.billing.fee_rules import Edges, Part
from campanella.foundation.core.money import Euro

JUNE = Part(1, date(2027, 6, 1), date(2027, 6, 30), date(2027, 6, 1))
FEBRUARY = Part(1, date(2027, 2, 1), date(2027, 2, 28), date(2027, 2, 1))
MAY = Part(1, date(2027, 5, 1), date(2027, 5, 31), date(2027, 5, 1))


def of_month(part: Part, edges: Edges, *spans: tuple[date, date], cents: int = 18_345) -> int:
    return fee_rules.amount(price=Euro(cents), part=part, parts=10, every="month", edges=edges, spans=spans).cents


@pytest.mark.parametrize(
    ("part", "first", "last", "whole", "half", "days"),
    [
        (JUNE, date(2026, 9, 1), date(2027, 8, 31), 18_345, 18_345, 18_345),  # all of it
        (JUNE, date(2027, 6, 15), date(2027, 8, 31), 18_345, 18_345, 9_784),  # comes on the 15th: 16 days of 30
        (JUNE, date(2027, 6, 16), date(2027, 8, 31), 18_345, 9_173, 9_173),  # on the 16th: half a cent is rounded up
        (JUNE, date(2026, 9, 1), date(2027, 6, 15), 18_345, 9_173, 9_173),  # leaves with the 15th
        (JUNE, date(2026, 9, 1), date(2027, 6, 16), 18_345, 18_345, 9_784),
        (MAY, date(2027, 5, 16), date(2027, 8, 31), 18_345, 9_173, 9_468),  # 16 days of 31 are the second half all the same
        (FEBRUARY, date(2027, 2, 16), date(2027, 8, 31), 18_345, 9_173, 8_517),
        (JUNE, date(2027, 7, 1), date(2027, 8, 31), 0, 0, 0),  # not there
        (JUNE, date(2027, 6, 10), date(2027, 6, 20), 18_345, 18_345, 6_727),  # across the middle
    ],
)
def test_who_comes_or_leaves_within_a_month(part: Part, first: date, last: date, whole: int, half: int, days: int) -> None:
    assert [of_month(part, edges, (first, last)) for edges in fee_rules.EDGES] == [whole, half, days]


def test_a_break_within_the_month_counts_its_days_out() -> None:
    spans = (date(2027, 5, 1), date(2027, 6, 5)), (date(2027, 6, 26), date(2027, 7, 31))
    assert of_month(JUNE, "days", *spans, cents=30_000) == 10_000
    assert of_month(JUNE, "half", *spans, cents=30_000) == 30_000


def test_the_instalments_of_a_year_make_its_price_to_the_cent() -> None:
    charged = [date(2026, 10, 15), date(2027, 1, 15), date(2027, 4, 15)]
    parts = fee_rules.yearly(first=date(2026, 9, 1), last=date(2027, 6, 30), charged=charged)
    assert [(part.first, part.last) for part in parts] == [
        (date(2026, 9, 1), date(2027, 1, 14)),
        (date(2027, 1, 15), date(2027, 4, 14)),
        (date(2027, 4, 15), date(2027, 6, 30)),
    ]
    asked = [
        fee_rules.amount(
            price=Euro(10_001), part=part, parts=3, every="year", edges="whole", spans=[(part.first, part.last)]
        )
        for part in parts
    ]
    assert [one.cents for one in asked] == [3_334, 3_334, 3_333]


def test_months_are_charged_in_their_own_the_one_before_or_the_one_after() -> None:
    found = {
        shift: fee_rules.monthly(first=date(2026, 12, 10), last=date(2027, 1, 20), day=5, shift=shift)
        for shift in (-1, 0, 1)
    }
    assert [[part.charged_on.isoformat() for part in parts] for parts in found.values()] == [
        ["2026-11-05", "2026-12-05"],
        ["2026-12-05", "2027-01-05"],
        ["2027-01-05", "2027-02-05"],
    ]
    assert [(part.first, part.last) for part in found[0]] == [
        (date(2026, 12, 1), date(2026, 12, 31)),
        (date(2027, 1, 1), date(2027, 1, 31)),
    ]
