"""
Marks of the tablets, and of the class register, that somebody must look at: those that did not change the day, and those
that contradict another's.

Both sides of a disagreement stand beside each other, whichever came first: the author of the mark, the author of the other
one, and the author of what is true now.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from campanella.domains.attendance.models import CHANNELS
from campanella.domains.people import queries as people
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id

# What is older was seen, or is of no use any more.
SINCE = timedelta(days=30)
MOST = 200
CHANNEL_NAMES = dict(CHANNELS)

# Asked of the index of what is to be looked at.
_WAITS = """
  from attendance_dayevent e
 where e.municipality_id = %(town)s and e.channel in ('tablet', 'register') and (e.answer = 'kept' or e.against is not null)
   and e.received_at > %(since)s
   and not exists (select from attendance_markseen x
                    where x.municipality_id = e.municipality_id and x.event_id = e.event_id and not x.is_reuse)
"""

_MARK = """{e}.made_at, {e}.received_at, {e}.kind, {e}.is_on, {e}.is_white, {e}.is_late,
       to_char({e}.clock, 'FMHH24:MI'), {e}.adults, coalesce({e}u.display_name, ''), coalesce({e}d.name, ''), {e}.channel"""

KEPT = f"""
with w as materialized (select e.* {_WAITS} order by e.received_at desc, e.id desc limit %(most)s)
select e.event_id, e.day, s.name, g.name, c.id, e.sentence, e.note, p.is_present, coalesce(w.display_name, ''), p.marked_at,
       {_MARK.format(e="e")}, {_MARK.format(e="o")}
  from w e
  join services_service s on s.municipality_id = e.municipality_id and s.id = e.service_id
  join schools_classgroup g on g.municipality_id = e.municipality_id and g.id = e.class_group_id
  left join people_child c on c.municipality_id = e.municipality_id and c.id = e.child_id
  left join accounts_device ed on ed.municipality_id = e.municipality_id and ed.id = e.device_id
  left join accounts_user eu on eu.municipality_id = e.municipality_id and eu.id = e.by_id
  left join attendance_dayevent o on o.municipality_id = e.municipality_id and o.event_id = e.against
  left join accounts_device od on od.municipality_id = o.municipality_id and od.id = o.device_id
  left join accounts_user ou on ou.municipality_id = o.municipality_id and ou.id = o.by_id
  left join attendance_presence p on p.municipality_id = e.municipality_id and p.child_id = e.child_id
   and p.service_id = e.service_id and p.day = e.day
  left join accounts_user w on w.municipality_id = p.municipality_id and w.id = p.marked_by_id
 order by e.received_at desc, e.id desc
"""  # noqa: S608  # fragments written here

COUNT = f"""
select (select count(*) {_WAITS}) + (
  select count(*) from attendance_refusedmark r
   where r.municipality_id = %(town)s and r.received_at > %(since)s
     and not exists (select from attendance_markseen x where x.municipality_id = r.municipality_id
                        and x.event_id = r.event_id and x.is_reuse = r.is_reuse))
"""  # noqa: S608  # the fragment above


class MarkMade(NamedTuple):
    """One mark, as it was made; columns as ``_MARK`` has them."""

    made_at: datetime
    received_at: datetime
    kind: str
    is_on: bool | None
    is_white: bool | None
    is_late: bool
    hour: str | None
    adults: int | None
    by: str
    device_name: str
    channel: str

    @property
    def said(self) -> str:
        """Say what it said: "assente", "entrata 8:05", "2 adulti"."""
        if self.kind == "adults":
            return f"{self.adults} {'adulto' if self.adults == 1 else 'adulti'}"
        if self.kind == "confirmed":
            return "conferma dell’appello"
        if self.kind in ("arrived", "left"):
            return f"{'entrata' if self.kind == 'arrived' else 'uscita'} {self.hour or 'tolta'}"
        if not self.is_on:
            return "assente"
        return "presente" + (", in bianco" if self.is_white else "") + (", arriva dopo" if self.is_late else "")

    @property
    def told_at(self) -> datetime:
        """When it was made; the register's words are told by when they came, for they say no hour."""
        return self.received_at if self.channel == "register" else self.made_at

    @property
    def place(self) -> str:
        """Say where it was made: the tablet's name, or by which way it came."""
        return self.device_name or CHANNEL_NAMES[self.channel]


@dataclass(frozen=True)
class MarkToLookAt:
    """
    One mark on record that changed nothing, or contradicts another.

    :ivar other: somebody else's that says otherwise, where neither could know of the other
    :ivar holds: what is true now, None while nobody has confirmed anything
    """

    event_id: UUID
    day: date
    service_name: str
    class_name: str
    child_id: int | None
    child_name: str | None
    sentence: str
    note: str
    holds: bool | None
    held_by: str
    held_at: datetime | None
    mark: MarkMade
    other: MarkMade | None

    @property
    def sides(self) -> list[MarkMade]:
        """Both marks, the older first."""
        return sorted([self.mark, *([self.other] if self.other else [])], key=lambda one: one.told_at)


def to_look_at(*, now: datetime) -> list[MarkToLookAt]:
    """Return the marks of the last month that nobody has looked at, newest first: two queries."""
    values = {"town": active_town_id(), "since": now - SINCE, "most": MOST}
    rows = list(sql.rows(KEPT, values))
    names = people.full_names(child_ids=[child for _, _, _, _, child, *_ in rows if child])
    width, found = len(MarkMade._fields), []
    for event_id, day, service, group, child, sentence, note, holds, held_by, held_at, *marks in rows:
        mark, other = marks[:width], marks[width:]
        found.append(
            MarkToLookAt(
                event_id,
                day,
                service,
                group,
                child,
                names.get(child) if child else None,
                sentence,
                note,
                holds,
                held_by,
                held_at,
                MarkMade(*mark),
                MarkMade(*other) if other[0] else None,
            )
        )
    return found


def count(*, now: datetime) -> int:
    """Count what waits to be looked at, refused marks too: one query."""
    found: int = sql.rows(COUNT, {"town": active_town_id(), "since": now - SINCE})[0][0]
    return found
