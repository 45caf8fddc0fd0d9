"""Whom a closure concerns: the families of the children who would have used the service on one of its days."""

from campanella.domains.enrolment.statements import attends
from campanella.domains.people import queries as people
from campanella.domains.people.models import Guardian
from campanella.domains.schools.models import Closure
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id

_ATTENDS = attends(line="s", group="m.class_group_id", day="d.day::date")

# One adult for each child: who pays, or the next one with an address. A child is concerned that would have used the service
# on one of the days: in its class, enrolled, on a day of the week of its own, of its class and of the school.
_READERS = f"""
with child as (
  select distinct m.child_id
    from schools_membership m
    join schools_classgroup g on g.municipality_id = m.municipality_id and g.id = m.class_group_id
    join enrolment_subscription s on s.municipality_id = m.municipality_id and s.child_id = m.child_id
   where m.municipality_id = %(town)s and m.days && daterange(%(first)s, %(end)s) and s.days && daterange(%(first)s, %(end)s)
     and exists (
       select from generate_series(%(first)s::date, %(end)s::date - 1, interval '1 day') as d(day)
         join services_servicecalendar k on k.municipality_id = %(town)s and k.service_id = s.service_id
          and k.school_id = g.school_id and k.days @> d.day::date
          and (k.weekdays >> (extract(isodow from d.day)::int - 1)) & 1 = 1
        where m.days @> d.day::date and s.days @> d.day::date and {_ATTENDS})
     and (%(school)s::bigint is null or g.school_id = %(school)s)
     and (%(class)s::bigint is null or g.id = %(class)s)
     and (%(services)s::bigint[] is null or s.service_id = any(%(services)s::bigint[]))
), reader as (
  select distinct on (t.child_id) t.guardian_id
    from people_guardianship t
    join child c on c.child_id = t.child_id
    join people_guardian a on a.municipality_id = t.municipality_id and a.id = t.guardian_id and a.email <> ''
   where t.municipality_id = %(town)s
   order by t.child_id, t.is_payer desc, t.id
)
select distinct guardian_id from reader where guardian_id > %(after)s order by 1 limit %(limit)s
"""  # noqa: S608  # the fragment is enrolment's


def readers_of(*, closure: Closure, after: int, limit: int) -> list[Guardian]:
    """
    Return the adults to write to, one for each family however many its children, in order of id: two queries.

    :param after: the id of the last one of the piece before
    """
    values: sql.Values = {
        "town": active_town_id(),
        "first": closure.days.lower,
        "end": closure.days.upper,
        "school": closure.school_id,
        "class": closure.class_group_id,
        "services": closure.service_ids,
        "after": after,
        "limit": limit,
    }
    return people.guardians(guardian_ids=[row[0] for row in sql.rows(_READERS, values)])
