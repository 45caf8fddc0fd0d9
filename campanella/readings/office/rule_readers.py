"""Whom a change of how a service's days go concerns: the families whose children use it in that school from a day on."""

from dataclasses import dataclass
from datetime import date

from campanella.domains.people import queries as people
from campanella.domains.people.models import Guardian
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id

# One adult for each child, as for a closure: who pays, or the next one with an address.
_WHOM = """
with child as (
  select distinct m.child_id
    from schools_membership m
    join schools_classgroup g on g.municipality_id = m.municipality_id and g.id = m.class_group_id
    join enrolment_subscription s on s.municipality_id = m.municipality_id and s.child_id = m.child_id
   where m.municipality_id = %(town)s and g.school_id = %(school)s and s.service_id = %(service)s
     and (%(class)s::bigint is null or g.id = %(class)s)
     and m.days && daterange(%(first)s, null) and s.days && daterange(%(first)s, null)
     and not isempty(m.days * s.days * daterange(%(first)s, null))
), reader as (
  select distinct on (t.child_id) t.child_id, t.guardian_id
    from people_guardianship t
    join child c on c.child_id = t.child_id
    join people_guardian a on a.municipality_id = t.municipality_id and a.id = t.guardian_id and a.email <> ''
   where t.municipality_id = %(town)s
   order by t.child_id, t.is_payer desc, t.id
)
"""
_READERS = f"""{_WHOM}
select distinct guardian_id from reader where guardian_id > %(after)s order by 1 limit %(limit)s
"""  # noqa: S608  # written above
_COUNT = f"""{_WHOM}
select (select count(*) from child), (select count(distinct guardian_id) from reader),
       (select count(*) from child c where not exists (select 1 from reader r where r.child_id = c.child_id))
"""  # noqa: S608  # written above


@dataclass(frozen=True, slots=True)
class Concerned:
    """
    How many are concerned.

    :ivar families: those who are written to, one letter each
    :ivar unreached: children of whom no adult has an address
    """

    children: int
    families: int
    unreached: int


def concerned(*, service_id: int, school_id: int, first: date, class_group_id: int | None = None) -> Concerned:
    """
    Count whom a change from a day on concerns: one query.

    :param class_group_id: of this class, None for the whole school
    """
    values: sql.Values = {
        "town": active_town_id(),
        "service": service_id,
        "school": school_id,
        "class": class_group_id,
        "first": first,
    }
    return Concerned(*(sql.row(_COUNT, values) or (0, 0, 0)))


def readers_of(
    *, service_id: int, school_id: int, first: date, after: int, limit: int, class_group_id: int | None = None
) -> list[Guardian]:
    """
    Return the adults to write to, one for each family however many its children, in order of id: two queries.

    :param after: the id of the last one of the piece before
    :param class_group_id: of this class, None for the whole school
    """
    values: sql.Values = {
        "town": active_town_id(),
        "service": service_id,
        "school": school_id,
        "class": class_group_id,
        "first": first,
        "after": after,
        "limit": limit,
    }
    return people.guardians(guardian_ids=[row[0] for row in sql.rows(_READERS, values)])
