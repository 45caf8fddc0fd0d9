"""How many meals were eaten on the last days: the office's chart, kept in the process as ``readings/counted.py`` does."""

from collections import OrderedDict
from datetime import date, timedelta
from threading import Lock

from campanella.domains.attendance import queries as attendance
from campanella.domains.attendance.models import RollCall
from campanella.foundation.core import changes
from campanella.foundation.core.changes import Look
from campanella.foundation.core.scope import active_town_id
from campanella.readings.counted import CountedDay

DAYS_SHOWN = 10
WEEKS = 3
MOST_TOWNS = 64


def meals_by_day(*, today: CountedDay) -> list[tuple[date, int]]:
    """
    Return how many children ate on the last ten days with a meal, by confirmed roll-calls, today included.

    One query; two where roll-calls of a day behind have changed since this process was last asked.
    """
    until = today.day
    meals = [pk for pk, service in today.services.items() if service.kind == "meal"]
    eaten = sum(line.eating for line in today.lines if line.is_confirmed and line.service_id in meals)
    return sorted({**_behind(meals, until), **({until: eaten} if eaten else {})}.items())[-DAYS_SHOWN:]


def forget() -> None:
    """Forget everything, as a process that begins."""
    _kept.clear()


def _behind(service_ids: list[int], until: date) -> dict[date, int]:
    """Count the days before a day, those that have changed again."""
    first, last = until - timedelta(weeks=WEEKS), until - timedelta(days=1)
    key = active_town_id(), until, tuple(service_ids)
    with _turn:
        since, known = _kept.get(key, (None, {}))
        seen = changes.look(since=since, first=first, last=last)
        stale = {one.first for one in seen.told if one.source == RollCall._meta.db_table and one.first}
        if seen.is_first or stale:
            first, last = (first, last) if seen.is_first else (min(stale), max(stale))
            fresh = attendance.present_by_day(service_ids=service_ids, first=first, last=last)
            known = {day: eaten for day, eaten in known.items() if not first <= day <= last} | fresh
        if not seen.is_own:
            _kept[key] = seen, known
            _kept.move_to_end(key)
            while len(_kept) > MOST_TOWNS:
                _kept.popitem(last=False)
        return known


_kept: OrderedDict[tuple[int, date, tuple[int, ...]], tuple[Look, dict[date, int]]] = OrderedDict()
_turn = Lock()
