"""What families ask for their days: statements written by hand."""

from campanella.domains.enrolment.statements import attends
from campanella.domains.schools.statements import shuts

ATTENDS = attends(line="s", group="m.class_group_id", day="d.day")
SHUT = shuts(town="%(town)s", day="d.day", school="g.school_id", group="g.id", service="s.service_id")

# Every day of every line (a child and a service) on which the child is enrolled, and what is known of it.
DAYS = f"""
select m.child_id, s.service_id, d.day, m.class_group_id, g.school_id,
       coalesce((c.weekdays >> (extract(isodow from d.day)::int - 1)) & 1 = 1, false) and {ATTENDS},
       coalesce((select x.reason from schools_closure x where {SHUT} order by x.days, x.id limit 1), ''),
       coalesce(q.confirmed_at, r.confirmed_at),
       b.is_booked, coalesce(b.is_white, false), coalesce(b.is_packed, false), coalesce(k.mode, 'roll_call'),
       p.id is not null
  from unnest(%(children)s::bigint[], %(services)s::bigint[]) as a(child, service)
  cross join unnest(%(days)s::date[]) as d(day)
  join schools_membership m on m.municipality_id = %(town)s and m.child_id = a.child and m.days @> d.day
  join schools_classgroup g on g.municipality_id = %(town)s and g.id = m.class_group_id
  join enrolment_subscription s on s.municipality_id = %(town)s and s.child_id = a.child and s.service_id = a.service
   and s.days @> d.day
  left join services_servicecalendar c on c.municipality_id = %(town)s and c.service_id = a.service
   and c.school_id = g.school_id and c.days @> d.day
  left join attendance_dayrule k on k.municipality_id = %(town)s and k.service_id = a.service and k.school_id = g.school_id
   and k.days @> d.day
  left join attendance_presence p on p.municipality_id = %(town)s and p.child_id = a.child and p.service_id = a.service
   and p.day = d.day
  left join attendance_rollcall q on q.municipality_id = %(town)s and q.id = p.roll_call_id
  left join attendance_rollcall r on r.municipality_id = %(town)s and r.class_group_id = g.id
   and r.service_id = a.service and r.day = d.day
  left join attendance_booking b on b.municipality_id = %(town)s and b.child_id = a.child and b.service_id = a.service
   and b.day = d.day
 order by d.day, m.child_id, s.service_id
"""  # noqa: S608  # fragments written here, by enrolment and by the schools

# The roll-calls of these classes, begun where nobody has: they are what the kitchen's board looks at.
BEGIN_CLASSES = """
insert into attendance_rollcall (municipality_id, class_group_id, service_id, day, adults, changes)
select distinct %(town)s, c.group_id, c.service_id, c.day, 0, 0
  from unnest(%(classes)s::bigint[], %(services)s::bigint[], %(days)s::date[]) as c(group_id, service_id, day)
 order by 4, 2, 3
on conflict (municipality_id, class_group_id, service_id, day) do nothing
"""

# Held in the order in which a confirmation holds them.
CHANGE_CLASSES = """
with held as (
  select r.id from attendance_rollcall r
    join unnest(%(classes)s::bigint[], %(services)s::bigint[], %(days)s::date[]) as c(group_id, service_id, day)
      on r.class_group_id = c.group_id and r.service_id = c.service_id and r.day = c.day
   where r.municipality_id = %(town)s order by r.id for no key update of r
)
update attendance_rollcall r set changes = r.changes + 1 from (select distinct id from held) h
 where r.municipality_id = %(town)s and r.id = h.id
"""

NEXT_NUMBER = """
insert into attendance_requestcounter (municipality_id, month, last) values (%(town)s, %(month)s, 1)
on conflict (municipality_id, month) do update set last = attendance_requestcounter.last + 1
returning last
"""

BOOK = """
insert into attendance_booking (municipality_id, child_id, service_id, day, is_booked, is_white, is_packed, request_id)
select %(town)s, w.child, w.service, w.day, w.booked, w.white, w.packed, w.request
  from unnest(%(children)s::bigint[], %(services)s::bigint[], %(days)s::date[], %(booked)s::bool[], %(white)s::bool[],
              %(packed)s::bool[], %(requests)s::bigint[]) as w(child, service, day, booked, white, packed, request)
on conflict (municipality_id, child_id, service_id, day)
do update set is_booked = excluded.is_booked, is_white = excluded.is_white, is_packed = excluded.is_packed,
              request_id = excluded.request_id
"""

# A day of which everything that was asked has been taken back is again as if nobody had said anything.
UNBOOK = """
delete from attendance_booking b
 using unnest(%(children)s::bigint[], %(services)s::bigint[], %(days)s::date[]) as w(child, service, day)
 where b.municipality_id = %(town)s and b.child_id = w.child and b.service_id = w.service and b.day = w.day
"""
