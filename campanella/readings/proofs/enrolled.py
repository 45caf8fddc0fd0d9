"""Who is not enrolled on a day though it was asked, for the auditor: out of calls, applications and their steps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id

Stays = dict[int, list[tuple[date, date]]]


@dataclass(frozen=True, slots=True)
class Enrolled:
    """
    The calls of a town by service, and of each the days of its children.

    :ivar calls: (call, first day, last day, the children it is for with the days of each, or None)
    :ivar days: by call and child, the first and the last day of each accepted application
    """

    calls: dict[int, list[tuple[int, date, date, Stays | None]]]
    days: dict[tuple[int, int], list[tuple[date, date]]]

    @classmethod
    def read(cls) -> "Enrolled":
        """Read them: three queries."""
        town = {"town": active_town_id()}
        pupils = sql.named_rows(_PUPILS, town)
        calls: dict[int, list[tuple[int, date, date, Stays | None]]] = {}
        for row in sql.named_rows(_CALLS, town):
            for_whom = _of_levels(pupils, row) if row["levels"] else None
            calls.setdefault(row["service_id"], []).append((row["id"], row["first"], row["last"], for_whom))
        days: dict[tuple[int, int], list[tuple[date, date]]] = {}
        for row in sql.named_rows(_DAYS, town):
            days.setdefault((row["call_id"], row["child_id"]), []).append((row["first"], row["last"]))
        return cls(calls, days)

    def is_enrolled(self, *, service_id: int, child_id: int, day: date) -> bool:
        """Tell whether a child has on a day whatever application is asked of it."""
        for call_id, first, last, for_whom in self.calls.get(service_id, ()):
            if day < first or day > last or (for_whom is not None and not _sits(for_whom, child_id, day)):
                continue
            if all(day < begun or day > ended for begun, ended in self.days.get((call_id, child_id), ())):
                return False
        return True


def _of_levels(pupils: Iterable[dict[str, Any]], call: dict[str, Any]) -> Stays:
    found: Stays = {}
    for row in pupils:
        if row["year_id"] == call["year_id"] and row["level"] in call["levels"]:
            found.setdefault(row["child_id"], []).append((row["first"], row["last"]))
    return found


def _sits(stays: Stays, child_id: int, day: date) -> bool:
    return any(first <= day <= last for first, last in stays.get(child_id, ()))


_CALLS = """
select c.id, c.service_id, c.year_id, c.levels, upper(y.days) - 1 as last,
       greatest(c.begins_on, lower(y.days), (c.opens_at at time zone 'Europe/Rome')::date) as first
  from applying_enrolmentcall c
  join schools_schoolyear y on y.municipality_id = %(town)s and y.id = c.year_id
 where c.municipality_id = %(town)s
"""

_PUPILS = """
select distinct y.id as year_id, m.child_id, s.level, lower(m.days) as first,
       coalesce(upper(m.days) - 1, '9999-12-31') as last from schools_membership m
  join schools_classgroup g on g.municipality_id = %(town)s and g.id = m.class_group_id
  join schools_school s on s.municipality_id = %(town)s and s.id = g.school_id
  join schools_schoolyear y on y.municipality_id = %(town)s and y.days && m.days
 where m.municipality_id = %(town)s
   and exists (select from applying_enrolmentcall c
                where c.municipality_id = %(town)s and c.year_id = y.id and c.levels <> '{}')
"""

_DAYS = """
select a.call_id, a.child_id, coalesce(max(t.first_on), '0001-01-01') as first,
       case when a.state = 'accepted' then '9999-12-31' else max(t.last_on) end as last
  from applying_application a
  left join applying_applicationstep t on t.municipality_id = %(town)s and t.application_id = a.id
 where a.municipality_id = %(town)s and a.child_id is not null and a.state in ('accepted', 'given_up', 'revoked')
 group by a.id, a.call_id, a.child_id, a.state having a.state = 'accepted' or max(t.last_on) is not null
"""
