"""What days came to, folded from what happened to them: statements written by hand."""

from campanella.domains.attendance.statements.order import COUNT

# Roll-calls under lock, by id, as whoever confirms them holds them: first of all, before any of their presences.
HELD = """select id from attendance_rollcall where municipality_id = %(town)s and id = any(%(calls)s::bigint[])
    order by id for no key update"""

# What a board asks by: its roll-calls have changed.
SEEN = f"""update attendance_rollcall set changes = changes + 1
 where municipality_id = %(town)s and id in ({HELD}) returning id"""  # noqa: S608  # the question above

# What days came to, folded from their events; a day that nobody has marked yet is written down here. Its roll-calls are
# held before: what nothing refers to would run last.
FOLDED = """
insert into attendance_presence
    (municipality_id, roll_call_id, child_id, service_id, day, is_present, is_due, is_white, is_late, marked_at,
     marked_by_id)
select %(town)s, m.call, m.child, %(service)s, %(day)s, m.present, m.due, m.white, m.late, %(now)s, m.by
  from unnest(%(calls)s::bigint[], %(children)s::bigint[], %(present)s::bool[], %(due)s::bool[], %(white)s::bool[],
              %(late)s::bool[], %(authors)s::bigint[]) as m(call, child, present, due, white, late, by)
 where (select count(*) from seen) >= 0
on conflict (municipality_id, child_id, service_id, day)
do update set is_present = excluded.is_present, is_due = excluded.is_due, is_white = excluded.is_white,
              is_late = excluded.is_late, marked_at = excluded.marked_at,
              marked_by_id = case when attendance_presence.is_present = excluded.is_present
                                  then attendance_presence.marked_by_id else excluded.marked_by_id end
returning id, child_id, is_present, is_due
"""
FOLD = f"with seen as ({SEEN}) {FOLDED}"

# Where each of these children is on a day: its roll-call, the class's mode, what was written so far; and what happened to
# it, a row for each event. A presence stays with its roll-call; a child without one is of the class it is in. Each table is
# asked by itself, once: a planner that takes a town for forty rows would join all of its children with all of its marks.
DAYS = f"""
with p as materialized (
  select child_id, roll_call_id, is_present, is_due, is_white, is_late from attendance_presence
   where municipality_id = %(town)s and child_id = any(%(children)s::bigint[]) and service_id = %(service)s
     and day = %(day)s
), m as materialized (
  select child_id, class_group_id from schools_membership
   where municipality_id = %(town)s and child_id = any(%(children)s::bigint[]) and days @> %(day)s::date
), q as materialized (
  select id, class_group_id, confirmed_at from attendance_rollcall
   where municipality_id = %(town)s and id = any(array(select distinct roll_call_id from p))
), r as materialized (
  select id, class_group_id, confirmed_at from attendance_rollcall
   where municipality_id = %(town)s and class_group_id = any(array(select distinct class_group_id from m))
     and service_id = %(service)s and day = %(day)s
), k as materialized (
  select g.id, x.mode from schools_classgroup g
    join attendance_dayrule x on x.municipality_id = g.municipality_id and x.service_id = %(service)s
     and x.school_id = g.school_id and x.days @> %(day)s::date
   where g.municipality_id = %(town)s
     and g.id = any(array(select class_group_id from q union select class_group_id from m))
), e as materialized (
  select * from attendance_dayevent
   where municipality_id = %(town)s and child_id = any(%(children)s::bigint[]) and service_id = %(service)s
     and day = %(day)s
)
select c.child, coalesce(p.roll_call_id, r.id), coalesce(q.confirmed_at, r.confirmed_at) is not null,
       coalesce(k.mode, 'roll_call'), m.class_group_id, p.is_present, p.is_due, p.is_white, p.is_late,
       e.kind, e.level, e.made_at, e.event_id, e.is_on, e.counts, coalesce(e.device_id, 0), {COUNT},
       coalesce(e.request_id, 0), e.is_white, e.is_packed, e.is_late
  from unnest(%(children)s::bigint[]) as c(child)
  left join p on p.child_id = c.child
  left join q on q.id = p.roll_call_id
  left join m on m.child_id = c.child
  left join r on r.class_group_id = m.class_group_id
  left join k on k.id = coalesce(q.class_group_id, m.class_group_id)
  left join e on e.child_id = c.child
"""  # noqa: S608  # the fragment is the order's
