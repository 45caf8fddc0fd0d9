"""
The demo's clock: the real one moved by `CAMPANELLA_CLOCK_OFFSET` seconds.

What is told (receipt dates, arrival of mail) follows this clock; waiting (retries, delays) follows the real
one, so that a demo restarted on another day does not send a week of receipts at once.
"""

import os
import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ROME = ZoneInfo("Europe/Rome")


def offset() -> timedelta:
    """How far the demo's clock is from the real one; zero when the variable is absent or not a number."""
    try:
        return timedelta(seconds=float(os.environ.get("CAMPANELLA_CLOCK_OFFSET", "0")))
    except (ValueError, OverflowError):
        return timedelta()


def now() -> datetime:
    """The demo's instant, in Italian time."""
    return (datetime.now(UTC) + offset()).astimezone(ROME)


def today() -> date:
    """The demo's day in Italy."""
    return now().date()


def waiting_time() -> float:
    """Seconds of the real clock, for delays and retries that outlive the process."""
    return time.time()
