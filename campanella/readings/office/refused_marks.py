"""
Marks of the tablets that could not be taken, in words: which child, class, service and day, what was tapped, when, by whom.

They are kept as they came, and what came may be anything: whatever is no name of this town stays a number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from campanella.domains.attendance.models import MarkSeen, RefusedMark
from campanella.domains.people import queries as people
from campanella.foundation.core import clock, sql
from campanella.foundation.core.italian import counted, day_short, moment
from campanella.foundation.core.scope import active_town_id
from campanella.readings.office.tablet_marks import MOST, SINCE

KINDS = {
    "present": "presente",
    "absent": "assente",
    "white": "in bianco",
    "late": "arriva dopo",
    "arrived": "entrata",
    "left": "uscita",
    "adults": "adulti",
    "confirmed": "conferma dell’appello",
}
BIGGEST = (1 << 63) - 1

# What the marks name, all kinds at once.
_NAMES = """
select 'class', id::text, name from schools_classgroup where municipality_id = %(town)s and id = any(%(classes)s::bigint[])
union all
select 'service', code, name from services_service where municipality_id = %(town)s and code = any(%(services)s::text[])
union all
select 'user', id::text, display_name from accounts_user where municipality_id = %(town)s and id = any(%(users)s::bigint[])
union all
select 'device', id::text, name from accounts_device where municipality_id = %(town)s and id = any(%(devices)s::bigint[])
"""
# Tablets that have sent as many on a day as are kept: there may have been more.
_FULL = """
select d.name, (r.received_at at time zone 'Europe/Rome')::date as day
  from attendance_refusedmark r
  join accounts_device d on d.municipality_id = r.municipality_id and d.id = r.device_id
 where r.municipality_id = %(town)s and r.received_at > %(since)s
 group by d.id, d.name, day having count(*) >= %(most)s order by day desc, d.name
"""


@dataclass(frozen=True)
class RefusedLine:
    """One refused mark in words; what it does not say, or what is no name here, is told so."""

    event_id: UUID
    is_reuse: bool
    sentence: str
    received_at: datetime
    device_name: str
    child_id: int | None
    child: str
    what: str
    where: str
    made: str
    by: str


@dataclass(frozen=True)
class FullDay:
    """A tablet of which no more was kept on a day."""

    device_name: str
    day: date


def refused(*, now: datetime) -> list[RefusedLine]:
    """Return the refused marks of the last month that nobody has looked at, newest first: three queries."""
    seen = MarkSeen.objects.filter(event_id=OuterRef("event_id"), is_reuse=OuterRef("is_reuse"))
    waiting = RefusedMark.objects.filter(~Exists(seen), received_at__gt=now - SINCE)
    rows = list(waiting.order_by("-received_at", "-id")[:MOST])
    said = [row.content if isinstance(row.content, dict) else {} for row in rows]
    children = people.full_names(child_ids=sorted(set(_ids(said, "child_id"))))
    names = _names(said, [row.device_id for row in rows]) if rows else {}
    return [_line(row, content, children, names) for row, content in zip(rows, said, strict=True)]


def full_days(*, now: datetime) -> list[FullDay]:
    """Return the tablets of the last month of which no more was kept on a day: one query."""
    values = {"town": active_town_id(), "since": now - SINCE, "most": RefusedMark.MOST_A_DAY}
    return [FullDay(*row) for row in sql.rows(_FULL, values)]


def _ids(said: Sequence[Mapping[str, Any]], field: str) -> list[int]:
    found = (one.get(field) for one in said)
    return [value for value in found if type(value) is int and 0 < value <= BIGGEST]


def _names(said: Sequence[Mapping[str, Any]], device_ids: Sequence[int]) -> dict[tuple[str, str], str]:
    services = {one.get("service") for one in said}
    values = {
        "town": active_town_id(),
        "classes": _ids(said, "class_id"),
        "services": [code for code in services if isinstance(code, str)],
        "users": _ids(said, "operator_id"),
        "devices": list(device_ids),
    }
    return {(kind, key): name for kind, key, name in sql.rows(_NAMES, values)}


def _line(
    row: RefusedMark, said: Mapping[str, Any], children: Mapping[int, str], names: Mapping[tuple[str, str], str]
) -> RefusedLine:
    child = said.get("child_id")
    known = child if type(child) is int and child in children else None
    group, service = names.get(("class", str(said.get("class_id")))), names.get(("service", str(said.get("service"))))
    where = [f"classe {group}" if group else "classe non di questo Comune", service or "servizio sconosciuto", _day(said)]
    return RefusedLine(
        event_id=row.event_id,
        is_reuse=row.is_reuse,
        sentence=row.sentence,
        received_at=row.received_at,
        device_name=names.get(("device", str(row.device_id)), ""),
        child_id=known,
        child=children[known] if known else "Tutta la classe" if child is None else "Bambino non del Comune",
        what=_what(said),
        where=", ".join(part for part in where if part),
        made=_made(said),
        by=names.get(("user", str(said.get("operator_id"))), ""),
    )


def _what(said: Mapping[str, Any]) -> str:
    kind, value = said.get("kind"), said.get("value")
    word = KINDS.get(kind, "") if isinstance(kind, str) else ""
    if kind == "adults" and type(value) is int:
        return counted(value, "adulto", "adulti")
    if kind in ("arrived", "left") and isinstance(value, str):
        return f"{word} {value[:5]}"
    return word or "segno illeggibile"


def _day(said: Mapping[str, Any]) -> str:
    day = said.get("day")
    found = clock.read_day(day) if isinstance(day, str) else None
    return day_short(found) if found else ""


def _made(said: Mapping[str, Any]) -> str:
    """Say when it was made by the tablet's own clock, empty where it says no moment."""
    made = said.get("made_at")
    try:
        found = datetime.fromisoformat(made) if isinstance(made, str) else None
        return moment(found) if found and found.tzinfo else ""
    except (ValueError, OverflowError):
        return ""
