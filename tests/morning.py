"""
The morning of the tests: Wednesday 14 October 2026, 08:47 in Italy.

In the test's own process the clock stands there, until the cast moves it; in the processes it starts it begins there and
runs on. Nothing that a test sees depends on the day and the hour at which the tests are run: only this file asks for them.
"""

import os
from datetime import UTC, datetime

MORNING = datetime(2026, 10, 14, 6, 47, tzinfo=UTC)
VARIABLE = "CAMPANELLA_CLOCK_OFFSET"


def offset() -> str:
    """Return what a process is told that begins its morning now; those that belong together are told the same."""
    return f"{(MORNING - datetime.now(UTC)).total_seconds():.3f}"


def begin() -> None:
    """Let whatever is started from here, and told nothing else, begin its morning now."""
    os.environ[VARIABLE] = offset()
