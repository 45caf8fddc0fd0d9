"""
When a debt is prescribed: what is due by the year or in shorter terms, after five years (art. 2948 of the civil code, R9).

A formal reminder that has reached the debtor begins them anew (art. 2943), and so does whoever acknowledges the debt, as a
plan by instalments does (art. 2944).
"""

from collections.abc import Iterable
from datetime import date, timedelta

YEARS = 5


def prescribes_on(*, due_on: date, interrupted_on: Iterable[date]) -> date:
    """Return the day from which a debt can no longer be claimed."""
    last = max([due_on, *(day for day in interrupted_on if day >= due_on)])
    try:
        return last.replace(year=last.year + YEARS)
    except ValueError:
        return last.replace(year=last.year + YEARS, month=3, day=1)


def is_near(*, prescribes: date, today: date, warn_days: int) -> bool:
    """Tell whether it is time to act."""
    return prescribes <= today + timedelta(days=warn_days)
