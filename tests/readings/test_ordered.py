"""The lines of frozen sheets are kept for a while: what is used stays, and who asks meanwhile gets what it asked for."""

from collections.abc import Iterator

import pytest

from campanella.domains.cooking.rules import ClassOrder
from campanella.readings.kitchen import ordered
from tests.towns import Cast


@pytest.fixture
def read(valle: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Two sheets have room; which were read from the database is told."""
    asked: list[int] = []

    def orders(*, sheet_ids: list[int]) -> dict[int, list[ClassOrder]]:
        asked.extend(sheet_ids)
        if 9 in sheet_ids:  # what another thread reads meanwhile takes the room of all that is kept
            ordered._sheets.clear()
        return {one: [] for one in sheet_ids}

    monkeypatch.setattr(ordered, "MOST_SHEETS", 2)
    monkeypatch.setattr("campanella.readings.kitchen.ordered.cooking.orders", orders)
    ordered.forget()
    yield asked
    ordered.forget()


def test_the_sheet_that_is_looked_at_stays(read: list[int]) -> None:
    for sheets in ([1], [2], [1], [3], [1]):
        assert set(ordered.orders_of(sheet_ids=sheets)) == set(sheets)
    assert read == [1, 2, 3], "the first one was looked at again before the third came"


def test_a_sheet_that_makes_room_in_the_same_moment_is_given_all_the_same(read: list[int]) -> None:
    ordered.orders_of(sheet_ids=[1])
    assert set(ordered.orders_of(sheet_ids=[1, 9])) == {1, 9}
