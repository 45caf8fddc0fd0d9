"""What a day was: the table a school officer could check."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from campanella.domains.attendance.rules import Fact, Mark, day_state, newest_of_others

MORNING = datetime(2026, 10, 14, 7, tzinfo=UTC)
LEVELS = {"asked": 0, "corrected": 2}

PLAIN = {
    "is_enrolled": True, "runs": True, "is_closed": False, "is_present": None, "is_future": False, "is_today": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({"is_present": True}, "present"),
        ({"is_present": False}, "absent"),
        ({"is_present": True, "is_closed": True}, "present"),
        ({"is_present": True, "is_enrolled": False}, "present"),
        ({"is_closed": True}, "closed"),
        ({"is_closed": True, "is_enrolled": False}, "closed"),
        ({"is_enrolled": False}, "not_enrolled"),
        ({"is_enrolled": False, "runs": False}, "not_enrolled"),
        ({"runs": False}, "no_service"),
        ({"runs": False, "is_today": True}, "no_service"),
        ({"is_future": True}, "to_come"),
        ({"is_today": True}, "awaited"),
        ({}, "no_service"),
    ],
)
def test_what_a_day_was(changed: dict[str, bool], state: str) -> None:
    assert day_state(**{**PLAIN, **changed}) == state


@pytest.mark.parametrize(
    ("is_present", "is_white", "is_late", "mark"),
    [
        (True, False, False, Mark(is_present=True)),
        (True, True, False, Mark(is_present=True, is_white=True)),
        (True, False, True, Mark(is_present=True, is_late=True)),
        (True, True, True, Mark(is_present=True, is_white=True, is_late=True)),
        (False, True, True, Mark(is_present=False)),
    ],
)
def test_who_is_absent_has_neither_menu_nor_hour(is_present: bool, is_white: bool, is_late: bool, mark: Mark) -> None:
    assert Mark.of(is_present=is_present, is_white=is_white, is_late=is_late) == mark


@pytest.mark.parametrize(
    ("others", "newest"),
    [
        ([], None),
        ([("marked", 7, 1, True)], 1),  # another tablet, a minute later
        ([("marked", 5, 0, True)], 1),  # a page, before
        ([("marked", 5, 1, True), ("arrived", 6, 2, True)], 2),
        ([("marked", 6, 2, True), ("corrected", 5, 0, True)], 2),  # strength before the moment
        ([("marked", 7, 9, True)], None),  # its own
        ([("marked", 7, 1, False)], None),  # came too late to count
        ([("left", 7, 1, True), ("asked", 7, 0, True)], None),  # says nothing of who is there
    ],
)
def test_the_newest_mark_of_somebody_else(others: list[tuple[str, int, int, bool]], newest: int | None) -> None:
    facts = [
        Fact(kind, LEVELS.get(kind, 1), MORNING + timedelta(minutes=minute), UUID(int=n), True, counts, device)
        for n, (kind, minute, device, counts) in enumerate(others, start=1)
    ]
    assert newest_of_others(facts, device=9) == (facts[newest - 1] if newest else None)
