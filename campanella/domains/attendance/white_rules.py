"""How many white meals a family may ask for without a certificate (R3)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Literal

# Which limit one more of them would break, empty for none.
WhiteLimit = Literal["", "row", "month"]


@dataclass(frozen=True, slots=True)
class WhiteLimits:
    """
    How many white meals a family may ask for without a certificate (R3); 0 sets no limit.

    :ivar in_a_row: consecutive days of the service: closed days and weekends neither count nor break the run
    :ivar in_a_month: days of a calendar month
    """

    in_a_row: int
    in_a_month: int


def white_refused(*, day: date, white: Collection[date], service_days: Collection[date], limits: WhiteLimits) -> WhiteLimit:
    """
    Tell which limit one more white meal would break, empty for none (R3).

    :param white: the days of the service with a white meal that was asked for and not taken back
    :param service_days: the days on which the child's class is served, around the one asked for
    """
    this_month = [other for other in white if (other.year, other.month) == (day.year, day.month) and other != day]
    if limits.in_a_month and len(this_month) >= limits.in_a_month:
        return "month"
    days = sorted({*service_days, day})
    at = days.index(day)
    before, after = reversed(days[:at]), days[at + 1 :]
    run = 1 + sum(1 for side in (before, after) for _ in takewhile(lambda other: other in white, side))
    return "row" if limits.in_a_row and run > limits.in_a_row else ""
