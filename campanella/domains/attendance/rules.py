"""What a day was for a child."""

from typing import Literal

DayState = Literal["present", "absent", "closed", "not_enrolled", "no_service", "awaited", "to_come"]


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
