"""
What changed last on a board, from the events of the day: by how many meals, with how many adults, at which moment.

Each event is told by what it changed: the day is folded before it and after it, so that the changes add up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from campanella.domains.attendance.fact_rules import Fact, fold
from campanella.domains.attendance.rules import Mode
from campanella.domains.attendance.statements.order import COUNT
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id

MOST_SHOWN = 6
# Confirmations that change nothing are events as well: so many are looked at, and the second number where they are many.
READ = (15, 60)
# Events are written nearly as they come: the last of a day are among the last by the key, unless they are few.
RECENT = 1000


@dataclass(frozen=True)
class Change:
    """What one moment changed in a class: meals more or less, meals that became white or packed, adults more or less."""

    at: datetime
    school_id: int
    school_name: str
    class_group_id: int
    class_name: str
    meals: int
    whites: int
    adults: int
    packed: int = 0

    @property
    def is_one(self) -> bool:
        """Tell whether it changed anything."""
        return bool(self.meals or self.whites or self.adults or self.packed)

    @property
    def words(self) -> str:
        """What it was: "un pasto in meno, 2 adulti in più"."""
        told = [
            _counted(self.meals, "un pasto", "pasti"),
            _counted(self.adults, "un adulto", "adulti"),
            "" if self.whites <= 0 else "un pasto in bianco" if self.whites == 1 else f"{self.whites} pasti in bianco",
            "" if self.packed <= 0 else "un pranzo al sacco" if self.packed == 1 else f"{self.packed} pranzi al sacco",
            "di nuovo il menù di tutti" if min(self.whites, self.packed) < 0 and not self.meals else "",
        ]
        return ", ".join(filter(None, told))

    @property
    def sign(self) -> str:
        """By how much the meals change, adults included: "+2", "−1"; empty where their number stays."""
        return _signed(self.meals + self.adults) if self.meals + self.adults else ""


class _Event(NamedTuple):
    id: int
    received_at: datetime
    school_id: int
    school_name: str
    class_group_id: int
    class_name: str
    child_id: int | None
    adults: int | None
    mode: Mode
    fact: Fact
    is_last: bool


def last_changes(*, day: date, service_id: int, school_ids: frozenset[int] | None, limit: int = MOST_SHOWN) -> list[Change]:
    """
    Return what changed last, newest first: one query, more on days with few events or with many that change nothing.

    :param school_ids: of these schools, None of all
    """
    values: dict[str, Any] = {
        "town": active_town_id(),
        "day": day,
        "service": service_id,
        "recent": RECENT,
        "schools": None if school_ids is None else list(school_ids),
    }
    found: list[Change] = []
    for most in READ:
        events = _read({**values, "most": most})
        last = [event for event in reversed(events) if event.is_last]
        found = _changes(last, events)
        if len(found) >= limit or len(last) < most:
            break
    return found[:limit]


def _read(values: dict[str, Any]) -> list[_Event]:
    """
    Return the last events of a day, as many as are asked for if there are, with what came before them to the same children.

    They are sought among the town's last ones first, then in the whole day.
    """
    events = [_event(row) for row in sql.rows(_RECENT, values)]
    is_enough = sum(event.is_last for event in events) == values["most"]
    return events if is_enough else [_event(row) for row in sql.rows(_WHOLE_DAY, values)]


def _changes(last: Sequence[_Event], events: Sequence[_Event]) -> list[Change]:
    """Return what the last of these events changed, those of one moment and class together."""
    history: dict[tuple[str, int], list[_Event]] = {}
    for event in events:
        history.setdefault(_whose(event), []).append(event)
    together: dict[tuple[datetime, int], Change] = {}
    for event in last:
        change = _changed(event, history[_whose(event)])
        if change.is_one:
            key = (event.received_at, event.class_group_id)
            together[key] = _summed(together[key], change) if key in together else change
    return [one for one in together.values() if one.is_one]


def _changed(event: _Event, history: Sequence[_Event]) -> Change:
    earlier = [one for one in history if (one.received_at, one.id) < (event.received_at, event.id)]
    meals = whites = adults = packed = 0
    if event.child_id is None:
        counted = [one for one in earlier if one.adults is not None]
        adults = _last([*counted, event]) - _last(counted)
    else:
        facts = [one.fact for one in earlier]
        before, after = fold(facts, mode=event.mode), fold([*facts, event.fact], mode=event.mode)
        meals = after.is_present - (before.is_present and not _is_newcomer(event, facts))
        whites = (after.is_present and after.is_white) - (before.is_present and before.is_white)
        packed = after.is_packed - before.is_packed
    return Change(
        event.received_at,
        event.school_id,
        event.school_name,
        event.class_group_id,
        event.class_name,
        meals,
        whites,
        adults,
        packed,
    )


def _last(counted: Sequence[_Event]) -> int:
    """Return how many adults the last of these counts says, by the order in which events decide."""
    return max(counted, key=lambda one: one.fact.rank).adults or 0 if counted else 0


def _is_newcomer(event: _Event, facts: Sequence[Fact]) -> bool:
    """Tell whether a correction counts a child whom its class had confirmed without: only what changes is corrected."""
    return event.fact.kind == "corrected" and bool(event.fact.is_on) and not facts and not event.fact.is_white


def _summed(one: Change, other: Change) -> Change:
    return Change(
        one.at,
        one.school_id,
        one.school_name,
        one.class_group_id,
        one.class_name,
        one.meals + other.meals,
        one.whites + other.whites,
        one.adults + other.adults,
        one.packed + other.packed,
    )


def _whose(event: _Event) -> tuple[str, int]:
    return ("child", event.child_id) if event.child_id else ("class", event.class_group_id)


def _event(row: Sequence[Any]) -> _Event:
    pk, at, school, school_name, group, group_name, child, adults, mode = row[:9]
    kind, level, made_at, event_id, is_on, device, seq, request, white, packed, late, is_last = row[9:]
    fact = Fact(
        kind=kind,
        level=level,
        made_at=made_at,
        event_id=event_id,
        is_on=is_on,
        device=device or 0,
        seq=seq or 0,
        request=request or 0,
        is_white=white,
        is_packed=packed,
        is_late=late,
    )
    return _Event(pk, at, school, school_name, group, group_name, child, adults, mode, fact, is_last)


def _counted(number: int, one: str, many: str) -> str:
    if not number:
        return ""
    return f"{one if abs(number) == 1 else f'{abs(number)} {many}'} {'in più' if number > 0 else 'in meno'}"


def _signed(number: int) -> str:
    return f"+{number}" if number > 0 else f"−{-number}"


# What a family asks goes with the child, wherever it sits.
_PLACE = """coalesce(e.class_group_id, (select m.class_group_id from schools_membership m
     where m.municipality_id = e.municipality_id and m.child_id = e.child_id and m.days @> e.day))"""
_OF_DAY = "e.municipality_id = %(town)s and e.day = %(day)s and e.service_id = %(service)s and e.counts"

# Few events are picked first and named afterwards: a planner that takes a new day for an empty one would look up class,
# school and rule of each of thousands.
_PICKED = f"""
  select e.id, e.child_id, e.class_group_id from events e
   where {_OF_DAY} and (e.child_id is not null or e.adults > 0 or e.kind = 'adults')
     and (%(schools)s::bigint[] is null or {_PLACE} in (
           select c.id from schools_classgroup c
            where c.municipality_id = %(town)s and c.school_id = any(%(schools)s::bigint[])))
   order by e.received_at desc, e.id desc limit %(most)s
"""  # noqa: S608  # fragments written here

_STORY = f"""
story as materialized (
  select e.*, {_PLACE} as place from attendance_dayevent e
   where {_OF_DAY} and e.child_id in (select p.child_id from picked p)
  union all
  select e.*, e.class_group_id from attendance_dayevent e
   where {_OF_DAY} and e.child_id is null
     and e.class_group_id in (select p.class_group_id from picked p where p.child_id is null)
)
select e.id, e.received_at, g.school_id, h.name, g.id, g.name, e.child_id, e.adults,
       coalesce(k.mode, 'roll_call'),
       e.kind, e.level, e.made_at, e.event_id, e.is_on, e.device_id, {COUNT} as seq, e.request_id, e.is_white,
       e.is_packed, e.is_late, e.id in (select p.id from picked p)
  from story e
  join schools_classgroup g on g.municipality_id = e.municipality_id and g.id = e.place
  join schools_school h on h.municipality_id = e.municipality_id and h.id = g.school_id
  left join attendance_dayrule k on k.municipality_id = e.municipality_id and k.service_id = e.service_id
   and k.school_id = g.school_id and k.days @> e.day
 order by e.received_at, e.id
"""  # noqa: S608  # the count is attendance's

_RECENT = f"""
with events as materialized (
  select * from attendance_dayevent
   where municipality_id = %(town)s
     and id > (select max(l.id) - %(recent)s from attendance_dayevent l where l.municipality_id = %(town)s)
), picked as materialized ({_PICKED}), {_STORY}
"""  # noqa: S608  # as above

_WHOLE_DAY = f"""
with picked as materialized ({_PICKED.replace("from events e", "from attendance_dayevent e")}), {_STORY}
"""  # as above
