"""What a day was: the table a school officer could check."""

import pytest

from campanella.domains.attendance.rules import day_state

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
