"""Who decides what is put right by hand: tables that an office can check."""

import pytest

from campanella.domains.adjusting import rules


@pytest.mark.parametrize(
    ("cents", "second_from", "hands"),
    [(19_999, 20_000, 1), (20_000, 20_000, 2), (-20_000, 20_000, 2), (-1, 0, 2), (1, 0, 2), (-19_999, 20_000, 1)],
)
def test_from_the_towns_amount_on_two_decide(cents: int, second_from: int, hands: int) -> None:
    assert rules.hands_for_adjustment(cents=cents, second_from=second_from) == hands


@pytest.mark.parametrize(
    ("cents", "spent", "yearly", "hands"), [(500, 4500, 5000, 1), (501, 4500, 5000, 2), (1, 0, 0, 2), (5000, 0, 5000, 1)]
)
def test_what_one_may_give_alone_in_a_year(cents: int, spent: int, yearly: int, hands: int) -> None:
    assert rules.hands_for_goodwill(cents=cents, spent=spent, yearly=yearly) == hands


@pytest.mark.parametrize(
    ("cents", "balance", "is_possible"),
    [(310, -310, True), (311, -310, False), (1200, -5000, True), (1201, -5000, False), (1, 0, False), (1, 500, False)],
)
def test_a_debt_is_written_off_as_far_as_it_is_owed_and_small(cents: int, balance: int, is_possible: bool) -> None:
    assert rules.may_write_off(cents=cents, balance=balance, most=1200) is is_possible
