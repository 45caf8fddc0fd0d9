"""The days beside one: the nearest before and after it on which something runs for a child."""

from collections.abc import Sequence
from datetime import date, timedelta

from campanella.domains.attendance import asked
from campanella.domains.attendance.asked import DayAsked
from campanella.domains.enrolment import queries as enrolment

# Near at first; further only where nothing is found: over the summer, or after the last service has ended.
NEAR, FAR = 14, 130


def days_beside(*, child_id: int, day: date) -> tuple[date | None, date | None]:
    """
    Return the nearest days before and after one on which a service of the child runs, or ran and was closed later.

    Two queries, one more for each side on which nothing is near; None where there is no such day within four months.
    """
    used = {line.service_id for line in enrolment.subscriptions_of(child_id=child_id)}
    lines = [(child_id, service_id) for service_id in sorted(used)]
    near = _running(lines, [day + timedelta(days=number) for number in range(-NEAR, NEAR + 1)])
    before = [one for one in near if one < day] or _running(lines, _far(day, -1))
    after = [one for one in near if one > day] or _running(lines, _far(day, 1))
    return max(before, default=None), min(after, default=None)


def _far(day: date, step: int) -> list[date]:
    return [day + timedelta(days=step * number) for number in range(NEAR + 1, FAR + 1)]


def _running(lines: Sequence[tuple[int, int]], days: Sequence[date]) -> list[date]:
    return [one.day for one in asked.days_of(lines=lines, days=days) if _is_there(one)]


def _is_there(one: DayAsked) -> bool:
    """Tell whether there is something to see: it runs and is not closed, or somebody has called it before."""
    return one.confirmed_at is not None or (one.is_served and not one.closed_because)
