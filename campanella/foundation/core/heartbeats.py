"""
The platform's own witness: while a process of the pages lives and reaches the database, it says so every few seconds.

A hole between two beats is time in which nobody could reach the pages; what a town makes of it is told in
``attendance.rules``. The beats belong to the installation, not to a town.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from campanella.foundation.core import sql

EVERY = timedelta(seconds=15)
# How long the beats are kept: longer than anybody asks for them, who was there and for how long.
KEPT = timedelta(days=30)

_BEAT = """
insert into core_heartbeat (at)
select %(at)s where not exists (select from core_heartbeat where at > %(last)s and at <= %(at)s)
on conflict do nothing
"""


_BETWEEN = """
select at from core_heartbeat
 where at <= %(last)s
   and at >= coalesce((select max(at) from core_heartbeat where at < %(first)s), %(first)s)
"""

_SILENT = f"""
select coalesce(bool_or(silence > %(longest)s), false)
  from (select lead(at, 1, %(last)s::timestamptz) over (order by at) - at as silence from ({_BETWEEN}) x) y
"""  # noqa: S608  # the question above


def beat(*, at: datetime) -> None:
    """Say that the pages can be reached; one of many processes is enough."""
    sql.run(_BEAT, {"at": at, "last": at - EVERY * 0.6})


def beats(*, first: datetime, last: datetime) -> list[datetime]:
    """Return the beats between two instants, and the last one before them, whatever its age: one query."""
    values = {"first": first, "last": last}
    return [at for (at,) in sql.rows(f"{_BETWEEN} order by at", values)]


def were_silent(*, first: datetime, last: datetime, longer_than: timedelta) -> bool:
    """
    Tell whether the beats between two instants leave a hole longer than this: one query.

    A hole may have begun before the first, days ago too, and may go on at the last; where nothing has ever beaten is none.
    """
    values = {"first": first, "last": last, "longest": longer_than}
    return bool((sql.row(_SILENT, values) or (False,))[0])


def forget(*, now: datetime) -> None:
    """Forget beats that nobody asks for any more."""
    sql.run("delete from core_heartbeat where at < %s", [now - KEPT])


def go_on(*, now: Callable[[], datetime], wait: Callable[[float], bool], after: Callable[[], None]) -> None:
    """
    Beat until told to stop; what fails is tried again at the next beat: the hole it leaves is what happened.

    :param wait: waits so many seconds, and tells whether to stop
    :param after: gives the connection back
    """
    while True:
        try:
            beat(at=now())
        except Exception:  # noqa: S110  # whatever it is, the missing beat tells it
            pass
        finally:
            after()
        if wait(EVERY.total_seconds()):
            return
