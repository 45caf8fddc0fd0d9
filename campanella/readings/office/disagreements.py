"""Where family and school do not say the same of a day: both are shown, and the office hears of it."""

from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.attendance.statements.odds import AT_ODDS
from campanella.domains.people import queries as people
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id

_OF_DAY = f"""
  from attendance_presence p
  join attendance_booking b on b.municipality_id = p.municipality_id and b.child_id = p.child_id
   and b.service_id = p.service_id and b.day = p.day
  join attendance_familyrequest q on q.municipality_id = p.municipality_id and q.id = b.request_id
  join attendance_rollcall r on r.municipality_id = p.municipality_id and r.id = p.roll_call_id
  join schools_classgroup g on g.municipality_id = p.municipality_id and g.id = r.class_group_id
  join schools_school h on h.municipality_id = p.municipality_id and h.id = g.school_id
  join services_service s on s.municipality_id = p.municipality_id and s.id = p.service_id
  join people_child c on c.municipality_id = p.municipality_id and c.id = p.child_id
  left join accounts_user u on u.municipality_id = p.municipality_id and u.id = p.marked_by_id
 where p.municipality_id = %(town)s and p.day = %(day)s and r.day = %(day)s
   and (%(class)s::bigint is null or g.id = %(class)s)
   and {AT_ODDS}
"""  # the fragment is attendance's

_DISAGREE = f"""
select p.child_id, g.id, g.name, h.name, s.code, s.name, p.is_present, b.is_booked, p.marked_at,
       q.received_at, coalesce(u.display_name, ''), p.is_due
{_OF_DAY} order by h.name, g.name, c.name_key, p.child_id, s.position limit %(limit)s
"""

_COUNT = f"select count(*){_OF_DAY}"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """
    A child of which the family has said one thing and the school another; who corrects it ends it.

    :ivar is_present: what the school says
    :ivar is_booked: what the family has asked
    :ivar is_due: whether the day is charged as it stands
    """

    child_id: int
    child_name: str
    class_group_id: int
    class_name: str
    school_name: str
    service_code: str
    service_name: str
    is_present: bool
    is_booked: bool
    marked_at: datetime
    asked_at: datetime
    marked_by: str
    is_due: bool


def disagreements(*, day: date, class_group_id: int | None = None, limit: int = 100) -> list[Disagreement]:
    """
    Return the children marked present that were cancelled, and those booked that were marked absent: two queries.

    :param class_group_id: of this class, None for the town
    """
    values: sql.Values = {"town": active_town_id(), "day": day, "class": class_group_id, "limit": limit}
    rows = list(sql.rows(_DISAGREE, values))
    names = people.full_names(child_ids=[child_id for child_id, *_ in rows])
    return [Disagreement(child_id, names[child_id], *row) for child_id, *row in rows]


def count(*, day: date) -> int:
    """Count those of the whole town: one query."""
    found: int = sql.rows(_COUNT, {"town": active_town_id(), "day": day, "class": None})[0][0]
    return found
