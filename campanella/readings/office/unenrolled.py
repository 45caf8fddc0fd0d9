"""
Who uses a service to which only the enrolled are admitted, and has no accepted application.

A roll-call refuses nobody: who is there eats, and is charged. The office asks the family, or ends the subscription.
"""

from dataclasses import dataclass
from datetime import date

from campanella.domains.people import queries as people
from campanella.domains.schools import queries as schools
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id


@dataclass(frozen=True, slots=True)
class Unenrolled:
    """
    A child and a service.

    :ivar place: its class, empty where it has none
    :ivar since: the first day with the service
    :ivar days: on how many days of the year it was there
    :ivar waits: an application for it waits for the office
    """

    child_id: int
    name: str
    place: str
    service: str
    since: date
    days: int
    waits: bool


def count(*, day: date) -> int:
    """Count them: one query."""
    ((found,),) = sql.rows(_COUNT, {"town": active_town_id(), "day": day})
    return int(found)


def unenrolled(*, day: date, limit: int) -> list[Unenrolled]:
    """Return them, those that were there most often first: three queries."""
    rows = list(sql.rows(_ROWS, {"town": active_town_id(), "day": day, "limit": limit}))
    ids = [row[0] for row in rows]
    names, places = people.register_names(child_ids=ids), schools.places_of(child_ids=ids, day=day)
    return [
        Unenrolled(
            child_id, names[child_id], places[child_id].label if child_id in places else "", service, since, days, waits
        )
        for child_id, service, since, days, waits in rows
    ]


_FROM = """
  from applying_enrolmentcall c
  join schools_schoolyear y on y.municipality_id = %(town)s and y.id = c.year_id and y.days @> %(day)s::date
  join enrolment_subscription s on s.municipality_id = %(town)s and s.service_id = c.service_id and s.days @> %(day)s::date
 where c.municipality_id = %(town)s and c.admits_only_enrolled and c.begins_on <= %(day)s::date
   and not exists (select from applying_application a
                    where a.municipality_id = %(town)s and a.call_id = c.id and a.child_id = s.child_id
                      and (a.state = 'accepted'
                           or a.state in ('given_up', 'revoked')
                              and exists (select from applying_applicationstep t
                                           where t.municipality_id = %(town)s and t.application_id = a.id
                                             and t.last_on >= %(day)s::date)))
"""
_COUNT = f"select count(*) {_FROM}"  # both parts stand above
_ROWS = f"""
select s.child_id,
       (select v.name from services_service v where v.municipality_id = %(town)s and v.id = s.service_id),
       lower(s.days),
       (select count(*) from attendance_presence p
         where p.municipality_id = %(town)s and p.child_id = s.child_id and p.service_id = s.service_id
           and p.is_present and p.day between lower(y.days) and %(day)s::date) as days,
       exists (select from applying_application a
                where a.municipality_id = %(town)s and a.call_id = c.id and a.child_id = s.child_id
                  and a.state in ('sent', 'taken', 'asked'))
{_FROM}
 order by days desc, s.child_id, s.service_id
 limit %(limit)s
"""  # noqa: S608  # no part of it comes from outside
