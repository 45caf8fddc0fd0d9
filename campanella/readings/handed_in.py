"""What must be known to judge the marks that a tablet hands in: all at once, whatever their number."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from campanella.domains.accounts.queries import Operator
from campanella.domains.accounts.roles import Role, label
from campanella.domains.attendance import terms
from campanella.domains.attendance.rules import DayTerms
from campanella.domains.enrolment.statements import attends
from campanella.domains.schools.statements import shuts
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id

SHUT = shuts(town="%(town)s", day="a.day", school="g.school_id", group="g.id", service="s.id")

# The classes of the tablet's schools, and how the day of a service goes there: it runs, it is closed, its rule, its shifts.
ROOMS = f"""
select a.class_group, a.service, a.day, g.school_id, s.id,
       coalesce((c.weekdays >> (extract(isodow from a.day)::int - 1)) & 1 = 1, false)
         and not exists (select from services_classcalendar o where o.municipality_id = %(town)s and o.class_group_id = g.id
                            and o.service_id = s.id and o.days @> a.day
                            and (o.weekdays >> (extract(isodow from a.day)::int - 1)) & 1 = 0),
       coalesce((select x.reason from schools_closure x where {SHUT} order by x.days, x.id limit 1), ''),
       coalesce(s.kind, ''), coalesce(k.mode, 'roll_call'), k.cut_off, coalesce(k.cut_off_days_before, 0), k.marks_until,
       (select max(h.until) from attendance_cutoffshift h
         where h.municipality_id = %(town)s and h.day = a.day and h.action = ''
           and (h.service_id is null or h.service_id = s.id)
           and (h.school_id is null or h.school_id = g.school_id))
  from unnest(%(classes)s::bigint[], %(services)s::text[], %(days)s::date[]) as a(class_group, service, day)
  join schools_classgroup g on g.municipality_id = %(town)s and g.id = a.class_group
  join schools_deviceschool d on d.municipality_id = %(town)s and d.device_id = %(device)s and d.school_id = g.school_id
  left join services_service s on s.municipality_id = %(town)s and s.code = a.service
  left join services_servicecalendar c on c.municipality_id = %(town)s and c.service_id = s.id and c.school_id = g.school_id
   and c.days @> a.day
  left join attendance_dayrule k on k.municipality_id = %(town)s and k.service_id = s.id and k.school_id = g.school_id
   and k.days @> a.day
"""  # noqa: S608  # the fragment is the schools'

# Each table is asked by itself, once: a planner that takes a town for forty rows would join all of its children.
PLACES = f"""
with c as materialized (
  select id from people_child where municipality_id = %(town)s and id = any(%(children)s::bigint[])
), m as materialized (
  select child_id, class_group_id, days from schools_membership
   where municipality_id = %(town)s and child_id = any(%(children)s::bigint[])
), g as materialized (
  select id, school_id from schools_classgroup
   where municipality_id = %(town)s and id = any(array(select distinct class_group_id from m))
), s as materialized (
  select child_id, service_id, weekdays, days from enrolment_subscription
   where municipality_id = %(town)s and child_id = any(%(children)s::bigint[])
), v as materialized (select id, code from services_service where municipality_id = %(town)s)
select a.child, a.service, a.day, m.class_group_id, g.school_id,
       exists (select from s join v on v.id = s.service_id and v.code = a.service
                where s.child_id = a.child and s.days @> a.day
                  and {attends(line="s", group="m.class_group_id", day="a.day")})
  from unnest(%(children)s::bigint[], %(services)s::text[], %(days)s::date[]) as a(child, service, day)
  join c on c.id = a.child
  left join m on m.child_id = a.child and m.days @> a.day
  left join g on g.id = m.class_group_id
"""  # noqa: S608  # the fragment is enrolment's


# Who may take the tablet by a PIN of its schools, closed since or not: nobody else marks by it, whatever it says.
OPERATORS = """
select u.id, u.display_name, u.roles from accounts_user u
 where u.municipality_id = %(town)s and u.id = any(%(users)s::bigint[]) and u.roles && %(roles)s::varchar[]
   and (not exists (select from schools_workplace w where w.municipality_id = %(town)s and w.user_id = u.id)
        or exists (select from schools_workplace w
                     join schools_deviceschool d on d.municipality_id = %(town)s and d.device_id = %(device)s
                      and d.school_id = w.school_id
                    where w.municipality_id = %(town)s and w.user_id = u.id))
"""


class Asked(NamedTuple):
    """A child, a service (by its code) and a day that a mark speaks of."""

    child_id: int
    service: str
    day: date


class Spot(NamedTuple):
    """A class, a service (by its code) and a day that a mark speaks of."""

    class_group_id: int
    service: str
    day: date


@dataclass(frozen=True)
class Room:
    """
    A class of the tablet's schools, and how the day of a service goes there.

    :ivar service_id: None where the town has no such service
    :ivar is_served: the class uses the service on that day, as ``serving.uses`` says: closures apart
    :ivar kind: of the service
    :ivar closed_because: empty where it is not closed
    """

    class_group_id: int
    school_id: int
    service_id: int | None
    is_served: bool
    kind: str
    closed_because: str
    terms: DayTerms


class Stands(NamedTuple):
    """Where a child is on a day; None where it has no class."""

    class_group_id: int | None
    school_id: int | None
    is_enrolled: bool


@dataclass(frozen=True)
class Known:
    """The town as these marks meet it; a class of another school is no room."""

    rooms: Mapping[Spot, Room]
    operators: Mapping[int, Operator]
    stands: Mapping[Asked, Stands]


def known(*, device_id: int, operator_ids: Iterable[int], asked: Iterable[Asked], spots: Iterable[Spot]) -> Known:
    """
    Return what these marks speak of: three queries.

    :returns: only classes of the tablet's schools, only people who work in one of its schools, only children of the town
    """
    return Known(
        rooms=_rooms(device_id, sorted(set(spots))),
        operators=_operators(device_id, sorted(set(operator_ids))),
        stands=_stands(sorted(set(asked))),
    )


def _operators(device_id: int, user_ids: Sequence[int]) -> dict[int, Operator]:
    values = {"town": active_town_id(), "device": device_id, "users": list(user_ids), "roles": [str(Role.SCHOOL)]}
    return {pk: Operator(pk, label(display_name=name, roles=of)) for pk, name, of in sql.rows(OPERATORS, values)}


def _rooms(device_id: int, spots: Sequence[Spot]) -> dict[Spot, Room]:
    usual = terms.usual_hours()
    values = {
        "town": active_town_id(),
        "device": device_id,
        "classes": [spot.class_group_id for spot in spots],
        "services": [spot.service for spot in spots],
        "days": [str(spot.day) for spot in spots],
    }
    rooms: dict[Spot, Room] = {}
    for group, code, day, school, service, runs, reason, kind, mode, cut_off, before, until, moved in sql.rows(
        ROOMS, values
    ):
        hour = cut_off or usual.on(day - timedelta(days=before))
        of_day = terms.made(day=day, mode=mode, cut_off=hour, days_before=before, moved_to=moved, marks_until=until)
        rooms[Spot(group, code, day)] = Room(group, school, service, runs, kind, reason, of_day)
    return rooms


def _stands(asked: Sequence[Asked]) -> dict[Asked, Stands]:
    if not asked:
        return {}
    values = {
        "town": active_town_id(),
        "children": [one.child_id for one in asked],
        "services": [one.service for one in asked],
        "days": [str(one.day) for one in asked],
    }
    return {Asked(child, service, day): Stands(*rest) for child, service, day, *rest in sql.rows(PLACES, values)}
