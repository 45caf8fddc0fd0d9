"""The code that is dictated at a counter: what its check digit finds, and how it is read and written."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campanella.domains.cash import rules

BODIES = st.integers(rules.FIRST_BODY, rules.LAST_BODY)
AT = datetime(2026, 10, 14, 8, 47, tzinfo=UTC)


@given(BODIES)
def test_a_code_is_one_and_none_of_its_single_wrong_digits_is(body: int) -> None:
    code = rules.code_of(body)
    wrong = [
        code[:place] + digit + code[place + 1 :]
        for place in range(len(code))
        for digit in "0123456789"
        if digit != code[place]
    ]
    assert rules.is_code(code)
    assert not [one for one in wrong if rules.is_code(one)]


@given(BODIES)
def test_no_swap_of_two_neighbours_is_a_code(body: int) -> None:
    code = rules.code_of(body)
    swapped = [
        code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        for place in range(len(code) - 1)
        if code[place] != code[place + 1]
    ]
    assert not [one for one in swapped if rules.is_code(one)]


@pytest.mark.parametrize("typed", ["4417 2093 53", "4417-2093-53", " 4417209353 ", "4417\u00a02093\u00a053", "4417.2093.53"])
def test_a_code_is_read_however_it_is_spaced(typed: str) -> None:
    assert rules.read_code(typed) == "4417209353"
    assert rules.is_code(rules.read_code(typed))


@pytest.mark.parametrize("typed", ["", "441720935", "44172093530", "441720935a", "４４１７２０９３５３", "4417209358"])
def test_what_is_no_code(typed: str) -> None:
    assert not rules.is_code(typed)


def test_a_code_and_a_receipt_are_written_for_people() -> None:
    assert rules.in_groups("4417209353") == "4417 2093 53"
    assert rules.receipt_number(point=3, number=1284) == "CP-03-001284"
    assert rules.receipt_number(point=123, number=1_234_567) == "CP-123-1234567"


@pytest.mark.parametrize(
    ("after", "minutes", "is_closed", "may"),
    [
        (timedelta(minutes=10), 10, False, True),
        (timedelta(minutes=10, seconds=1), 10, False, False),
        (timedelta(0), 0, False, True),
        (timedelta(seconds=1), 0, False, False),
        (timedelta(minutes=1), 10, True, False),
    ],
)
def test_until_when_a_top_up_is_undone(after: timedelta, minutes: int, is_closed: bool, may: bool) -> None:
    assert rules.may_void(taken_at=AT, now=AT + after, minutes=minutes, is_closed=is_closed) is may


def test_a_till_takes_money_on_its_own_day() -> None:
    assert rules.may_take(opened_on=date(2026, 10, 14), today=date(2026, 10, 14))
    assert not rules.may_take(opened_on=date(2026, 10, 13), today=date(2026, 10, 14))
