"""What a day was for a child, and what a teacher marks."""

from dataclasses import dataclass
from typing import Literal

DayState = Literal["present", "absent", "closed", "not_enrolled", "no_service", "awaited", "to_come"]


@dataclass(frozen=True, slots=True)
class Mark:
    """
    One child on the sheet, as a teacher marks it.

    :param is_white: asks for the white meal, which any family may ask for in words; it is no diet and says no reason
    :param is_late: is not there yet, but comes in time to eat
    """

    is_present: bool
    is_white: bool = False
    is_late: bool = False

    @classmethod
    def of(cls, *, is_present: bool, is_white: bool, is_late: bool) -> "Mark":
        """Return the mark; who is absent has neither menu nor hour."""
        return cls(is_present, is_present and is_white, is_present and is_late)


def day_state(
    *,
    is_enrolled: bool,
    runs: bool,
    is_closed: bool,
    is_present: bool | None,
    is_future: bool,
    is_today: bool,
) -> DayState:
    """
    Tell what one day was, in order of strength: what was marked, then closures, enrolment, the service's weekdays.

    :param is_present: what the roll-call says, None when there was none
    :param is_today: today without a confirmed roll-call is awaited, a past day without one has no service
    """
    if is_present is not None:
        return "present" if is_present else "absent"
    if is_closed:
        return "closed"
    if not is_enrolled:
        return "not_enrolled"
    if not runs:
        return "no_service"
    if is_future:
        return "to_come"
    return "awaited" if is_today else "no_service"
