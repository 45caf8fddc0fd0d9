"""
Marks of the tablets that did not change the day, for the office: what was said, by whom, and what holds instead.

Both sides of a disagreement stand beside each other: the author of the mark, and the author of what is true now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from campanella.domains.attendance.models import RefusedMark
from campanella.domains.people import queries as people
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id

# What is older was seen, or is of no use any more.
SINCE = timedelta(days=30)
MOST = 200

KEPT = """
select e.made_at, e.received_at, e.day, d.id, d.name, s.name, g.name, c.id, e.kind,
       e.is_on, e.is_white, e.is_late, to_char(e.clock, 'FMHH24:MI'), e.adults, e.sentence, e.note,
       coalesce(u.display_name, ''), p.is_present, coalesce(w.display_name, ''), p.marked_at
  from attendance_dayevent e
  join accounts_device d on d.municipality_id = e.municipality_id and d.id = e.device_id
  join services_service s on s.municipality_id = e.municipality_id and s.id = e.service_id
  join schools_classgroup g on g.municipality_id = e.municipality_id and g.id = e.class_group_id
  left join people_child c on c.municipality_id = e.municipality_id and c.id = e.child_id
  left join accounts_user u on u.municipality_id = e.municipality_id and u.id = e.by_id
  left join attendance_presence p on p.municipality_id = e.municipality_id and p.child_id = e.child_id
   and p.service_id = e.service_id and p.day = e.day
  left join accounts_user w on w.municipality_id = p.municipality_id and w.id = p.marked_by_id
 where e.municipality_id = %(town)s and e.channel = 'tablet' and e.answer = 'kept' and e.received_at > %(since)s
   and (%(device)s::bigint is null or e.device_id = %(device)s::bigint)
 order by e.received_at desc, e.id desc limit %(most)s
"""


# Where the child stands among the columns.
_CHILD = 7


@dataclass(frozen=True)
class KeptMark:
    """One mark on record that changed nothing; ``holds`` is what is true now, None while nobody has confirmed anything."""

    made_at: datetime
    received_at: datetime
    day: date
    device_id: int
    device_name: str
    service_name: str
    class_name: str
    child_id: int | None
    child_name: str | None
    kind: str
    is_on: bool | None
    is_white: bool
    is_late: bool
    hour: str | None
    adults: int | None
    sentence: str
    note: str
    by: str
    holds: bool | None
    held_by: str
    held_at: datetime | None

    @property
    def said(self) -> str:
        """Say what the mark said: "assente", "entrata 8:05", "2 adulti"."""
        if self.kind == "adults":
            return f"{self.adults} {'adulto' if self.adults == 1 else 'adulti'}"
        if self.kind == "confirmed":
            return "conferma dell’appello"
        if self.kind in ("arrived", "left"):
            return f"{'entrata' if self.kind == 'arrived' else 'uscita'} {self.hour or 'tolta'}"
        if not self.is_on:
            return "assente"
        return "presente" + (", in bianco" if self.is_white else "") + (", arriva dopo" if self.is_late else "")


@dataclass(frozen=True)
class Unfit:
    """A mark that could not be taken, as it came."""

    received_at: datetime
    device_id: int
    sentence: str
    content: Any


def kept(*, device_id: int | None, now: datetime) -> list[KeptMark]:
    """
    Return the marks of the last month that changed nothing, newest first: two queries.

    :param device_id: of this tablet, None for all
    """
    values = {"town": active_town_id(), "since": now - SINCE, "device": device_id, "most": MOST}
    rows = list(sql.rows(KEPT, values))
    names = people.full_names(child_ids=[row[_CHILD] for row in rows if row[_CHILD]])
    whole = ((*row[: _CHILD + 1], names.get(row[_CHILD]), *row[_CHILD + 1 :]) for row in rows)
    return [KeptMark(*row) for row in whole]


def refused(*, device_id: int | None, now: datetime) -> Sequence[Unfit]:
    """
    Return the marks of the last month that could not be taken, newest first: one query.

    :param device_id: of this tablet, None for all
    """
    rows = RefusedMark.objects.filter(received_at__gt=now - SINCE).order_by("-received_at", "-id")
    if device_id:
        rows = rows.filter(device_id=device_id)
    return [Unfit(row.received_at, row.device_id, row.sentence, row.content) for row in rows[:MOST]]


def count(*, now: datetime) -> int:
    """Count what waits to be looked at: three queries."""
    return len(kept(device_id=None, now=now)) + len(refused(device_id=None, now=now))
