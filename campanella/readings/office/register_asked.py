"""What families answered when the class register called their children absent."""

from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.attendance import terms
from campanella.domains.people import queries as people
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id

# The first absence of each child's day, and the first request of its family since.
_ASKED = """
select e.child_id, g.name, h.id, h.name, s.id, s.name, e.received_at,
       coalesce(q.action, ''), coalesce(q.number, ''), q.received_at, coalesce(q.counts, false)
  from (select child_id, service_id, min(received_at) as received_at, min(class_group_id) as class_group_id
          from attendance_dayevent
         where municipality_id = %(town)s and day = %(day)s and channel = 'register' and not is_on
         group by child_id, service_id) e
  join people_child c on c.municipality_id = %(town)s and c.id = e.child_id
  join schools_classgroup g on g.municipality_id = %(town)s and g.id = e.class_group_id
  join schools_school h on h.municipality_id = %(town)s and h.id = g.school_id
  join services_service s on s.municipality_id = %(town)s and s.id = e.service_id
  left join lateral (
    select r.action, r.number, a.received_at, a.counts
      from attendance_dayevent a
      join attendance_familyrequest r on r.municipality_id = %(town)s and r.id = a.request_id
     where a.municipality_id = %(town)s and a.child_id = e.child_id and a.service_id = e.service_id and a.day = %(day)s
       and a.kind = 'asked' and a.received_at >= e.received_at
     order by a.received_at, a.id limit 1) q on true
 order by h.name, g.name, c.name_key, c.id, s.position limit %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """
    A child whom the register called absent before the cut-off, and what its family said.

    :ivar action: of its first request since: ``cancel``, ``keep`` or another; empty while it has not been heard
    :ivar counts: it came in time
    """

    child_id: int
    child: str
    class_name: str
    school_name: str
    service_name: str
    said_at: datetime
    cut_off: datetime
    action: str
    number: str
    answered_at: datetime | None
    counts: bool


def asked(*, day: date, limit: int = 300) -> list[Asked]:
    """Return who was asked about a day, by school and class: four queries; none where no register decides."""
    of_day = terms.on(day=day)
    found = []
    rows = list(sql.rows(_ASKED, {"town": active_town_id(), "day": day, "limit": limit}))
    names = people.register_names(child_ids=[child_id for child_id, *_ in rows])
    for child_id, class_name, school_id, school, service_id, service, said_at, *answer in rows:
        of = of_day.of(service_id=service_id, school_id=school_id)
        if of.mode == "register" and said_at <= of.cut_off:
            place = (class_name, school, service)
            found.append(Asked(child_id, names[child_id], *place, said_at, of.cut_off, *answer))
    return found
