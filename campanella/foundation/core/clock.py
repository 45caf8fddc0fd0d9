"""
The one clock: instants are UTC, days are Rome's.

Only edges call it (pages, jobs, commands); everything below takes ``now`` or ``today`` as an argument. The demo moves the
clock by a number of seconds that every process reads from its environment.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ROME = ZoneInfo("Europe/Rome")
ZERO = timedelta()


def _offset(text: str) -> timedelta:
    try:
        return timedelta(seconds=float(text or 0))
    except (ValueError, OverflowError):
        sys.exit(f"CAMPANELLA_CLOCK_OFFSET is “{text}”; it must be a number of seconds.")


OFFSET = _offset(os.environ.get("CAMPANELLA_CLOCK_OFFSET", ""))
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)

_fixed: ContextVar[datetime | None] = ContextVar("fixed_instant", default=None)


def now() -> datetime:
    """Return the present instant, in UTC."""
    return _fixed.get() or datetime.now(UTC) + OFFSET


def today() -> date:
    """Return the present day in Italy."""
    return day_of(now())


def day_of(instant: datetime) -> date:
    """Return the Italian day an instant falls on."""
    return instant.astimezone(ROME).date()


def read_day(text: str) -> date | None:
    """Read a day written 2026-10-14; None when it is none, or of another century: no page can count days from there."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def rome(day: date, at: time) -> datetime:
    """Return the instant of an Italian wall-clock time; of an hour that comes twice, its last one."""
    moment = datetime.combine(day, at, tzinfo=ROME)
    again = moment.replace(fold=1)
    is_twice = (again.utcoffset() or ZERO) < (moment.utcoffset() or ZERO)
    return again if is_twice else moment


@contextmanager
def standing_at(instant: datetime) -> Iterator[None]:
    """Hold the clock at one instant, for tests and for the making of a demo's past."""
    token = _fixed.set(instant)
    try:
        yield
    finally:
        _fixed.reset(token)
