"""Whole cents: adding, sharing, rounding, and how a bill writes them."""

import pytest

from campanella.foundation.core.money import Euro, half_up


def test_amounts_add_up() -> None:
    assert Euro(460) + Euro(310) == Euro(770)
    assert Euro(460) - Euro(770) == Euro(-310)
    assert -Euro(460) == Euro(-460)
    assert Euro(460) * 3 == Euro(1380)


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [
        (0, 100, 0),
        (49, 100, 0),
        (50, 100, 1),
        (149, 100, 1),
        (150, 100, 2),
        (-49, 100, 0),
        (-50, 100, -1),
        (-150, 100, -2),
        (50, -100, -1),
        (-50, -100, 1),
        (0, -100, 0),
        (1, 3, 0),
        (2, 3, 1),
    ],
)
def test_half_goes_away_from_zero(numerator: int, denominator: int, rounded: int) -> None:
    assert half_up(numerator, denominator) == rounded


@pytest.mark.parametrize(
    ("cents", "percent", "left"),
    [(460, 0, 460), (460, 100, 0), (465, 50, 233), (310, 30, 217), (1, 50, 1), (333, 10, 300), (200, 1, 198)],
)
def test_a_reduction_is_rounded_half_up(cents: int, percent: int, left: int) -> None:
    assert Euro(cents).less_percent(percent) == Euro(left)


@pytest.mark.parametrize(
    ("cents", "parts", "shares"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (101, [1, 1, 1], [34, 34, 33]),
        (100, [1, 2], [33, 67]),
        (101, [2, 1], [67, 34]),
        (7, [5, 3, 2], [4, 2, 1]),
        (10, [3, 3, 4, 0], [3, 3, 4, 0]),
        (-100, [1, 1, 1], [-33, -33, -34]),
        (0, [1, 1], [0, 0]),
        (5, [7], [5]),
    ],
)
def test_shares_make_the_whole_the_largest_remainder_first(cents: int, parts: list[int], shares: list[int]) -> None:
    assert Euro(cents).shared(parts) == [Euro(share) for share in shares]


@pytest.mark.parametrize(
    ("cents", "written", "signed"),
    [
        (0, "0,00\xa0€", "0,00\xa0€"),
        (1, "0,01\xa0€", "+0,01\xa0€"),
        (-1, "−0,01\xa0€", "−0,01\xa0€"),
        (460, "4,60\xa0€", "+4,60\xa0€"),
        (-3680, "−36,80\xa0€", "−36,80\xa0€"),
        (123_450, "1.234,50\xa0€", "+1.234,50\xa0€"),
        (123_456_789_05, "123.456.789,05\xa0€", "+123.456.789,05\xa0€"),
    ],
)
def test_as_a_bill_writes_it(cents: int, written: str, signed: str) -> None:
    assert (Euro(cents).italian(), str(Euro(cents)), Euro(cents).italian(signed=True)) == (written, written, signed)
