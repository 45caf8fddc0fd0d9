"""How many places are free, who is next, what a place may become: tables that an office could check."""

from datetime import UTC, datetime, timedelta

import pytest

from campanella.domains.places import rules
from campanella.domains.places.rules import Asking

EIGHT = datetime(2026, 9, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("capacity", "reserved", "taken", "taken_reserved", "is_reserved", "left"),
    [
        (10, 0, 0, 0, False, 10),
        (10, 0, 10, 0, False, 0),
        (10, 0, 12, 0, False, 0),  # the office has taken places away: nobody loses his, nobody else gets one
        (10, 3, 0, 0, False, 7),
        (10, 3, 0, 0, True, 10),
        (10, 3, 7, 0, False, 0),
        (10, 3, 7, 0, True, 3),
        (10, 3, 7, 2, False, 2),  # one reserved place is still kept
        (10, 3, 9, 5, False, 1),  # who has a right takes of everybody's once its own are taken
        (10, 3, 10, 3, True, 0),
        (0, 0, 0, 0, False, 0),
        (None, 0, 500, 0, False, None),
    ],
)
def test_places_that_are_left(
    capacity: int | None, reserved: int, taken: int, taken_reserved: int, is_reserved: bool, left: int | None
) -> None:
    found = rules.free(
        capacity=capacity, reserved=reserved, taken=taken, taken_reserved=taken_reserved, is_reserved=is_reserved
    )
    assert found == left


def line(*reserved: bool) -> list[Asking]:
    return [Asking(number, EIGHT + timedelta(minutes=number), one) for number, one in enumerate(reserved, start=1)]


@pytest.mark.parametrize(
    ("asking", "capacity", "reserved", "taken", "chosen"),
    [
        (line(False, False, False), 5, 0, 3, [1, 2]),
        (line(False, False, False), 5, 0, 5, []),
        (line(False, False), None, 0, 100, [1, 2]),
        # Only a reserved place is left: who has no right to it is passed over.
        (line(False, True, True), 5, 1, 4, [2]),
        (line(False, True, False), 5, 1, 3, [1, 2]),
        ([], 5, 0, 0, []),
    ],
)
def test_who_is_next(asking: list[Asking], capacity: int | None, reserved: int, taken: int, chosen: list[int]) -> None:
    found = rules.next_ones(asking=asking, capacity=capacity, reserved=reserved, taken=taken, taken_reserved=0)
    assert list(found) == chosen


def test_the_line_goes_by_the_moment_of_receipt_then_by_the_number() -> None:
    asking = [Asking(3, EIGHT), Asking(1, EIGHT + timedelta(seconds=1)), Asking(2, EIGHT)]
    assert [one.id for one in rules.in_order(asking)] == [2, 3, 1]


@pytest.mark.parametrize(
    ("state", "to"),
    [
        ("waiting", "offered"),
        ("waiting", "held"),
        ("offered", "held"),
        ("offered", "refused"),
        ("offered", "lapsed"),
        ("waiting", "withdrawn"),
        ("held", "given_back"),
    ],
)
def test_steps(state: str, to: str) -> None:
    assert rules.leads(state=state, to=to)


@pytest.mark.parametrize(
    ("state", "to"),
    [
        ("waiting", "lapsed"),
        ("held", "offered"),
        ("lapsed", "held"),
        ("refused", "held"),
        ("given_back", "held"),
        ("held", "x"),
    ],
)
def test_what_is_no_step(state: str, to: str) -> None:
    assert not rules.leads(state=state, to=to)
