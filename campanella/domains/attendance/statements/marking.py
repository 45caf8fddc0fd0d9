"""Marking, confirming, correcting: statements written by hand. Whatever changes a day leaves its event behind."""

from campanella.domains.attendance.statements.order import LAST_FIRST
from campanella.domains.schools.statements import shuts

# A closure that keeps a class from the service on the day of its roll-call, and one on the day that is asked for.
OF_ITS_CALL = shuts(town="r.municipality_id", day="r.day", school="g.school_id", group="g.id", service="r.service_id")
OF_THE_CLASS = shuts(
    town="g.municipality_id", day="%(day)s::date", school="g.school_id", group="g.id", service="%(service)s"
)
OF_THE_DAY = shuts(town="g.municipality_id", day="%(day)s::date", school="g.school_id", group="g.id", service="s.id")


def wants_white(child: str, service: str, day: str) -> str:
    """Return whether the family wants the white meal for a day, as SQL."""
    return f"""coalesce((select b.is_booked and b.is_white from attendance_booking b where b.municipality_id = %(town)s
           and b.child_id = {child} and b.service_id = {service} and b.day = {day}), false)"""  # noqa: S608  # columns


CALL_ID = f"""
select r.id
  from attendance_rollcall r
  join services_service s on s.municipality_id = r.municipality_id and s.id = r.service_id and s.code = %(service)s
  join schools_classgroup g on g.municipality_id = r.municipality_id and g.id = r.class_group_id
 where r.municipality_id = %(town)s and r.class_group_id = %(class)s and r.day = %(day)s
   and not exists (select from schools_closure x where {OF_ITS_CALL})
   and (exists (select from schools_workplace w where w.municipality_id = r.municipality_id and w.user_id = %(by)s
                   and w.school_id = g.school_id)
        or not exists (select from schools_workplace w where w.municipality_id = r.municipality_id and w.user_id = %(by)s))
"""  # noqa: S608  # the fragment is the schools', and takes its values as this statement does

BEGIN = f"""
insert into attendance_rollcall (municipality_id, class_group_id, service_id, day, adults, changes)
select %(town)s, g.id, s.id, %(day)s, 0, 0
  from schools_classgroup g
  join services_service s on s.municipality_id = g.municipality_id and s.code = %(service)s
  join services_servicecalendar c on c.municipality_id = g.municipality_id and c.service_id = s.id
   and c.school_id = g.school_id and c.days @> %(day)s::date
   and (c.weekdays >> (extract(isodow from %(day)s::date)::int - 1)) & 1 = 1
 where g.municipality_id = %(town)s and g.id = %(class)s
   and not exists (select from services_classcalendar k where k.municipality_id = g.municipality_id
                      and k.class_group_id = g.id and k.service_id = s.id and k.days @> %(day)s::date
                      and (k.weekdays >> (extract(isodow from %(day)s::date)::int - 1)) & 1 = 0)
   and not exists (select from schools_closure x where {OF_THE_DAY})
   and (exists (select from schools_workplace w where w.municipality_id = g.municipality_id and w.user_id = %(by)s
                   and w.school_id = g.school_id)
        or not exists (select from schools_workplace w where w.municipality_id = g.municipality_id and w.user_id = %(by)s))
on conflict (municipality_id, class_group_id, service_id, day) do update set day = excluded.day
returning id
"""  # noqa: S608  # the fragment is the schools', and takes its values as this statement does

BEGIN_MANY = """
insert into attendance_rollcall (municipality_id, class_group_id, service_id, day, adults, changes)
select %(town)s, id, %(service)s, %(day)s, 0, 0 from unnest(%(classes)s::bigint[]) as c(id)
on conflict (municipality_id, class_group_id, service_id, day) do nothing
"""

BEGUN = """
select class_group_id, id from attendance_rollcall
 where municipality_id = %(town)s and class_group_id = any(%(classes)s) and service_id = %(service)s and day = %(day)s
"""

# Rooms and roll-calls apart: joined, the planner reads a town's classes again for each of them.
HOLD = f"""
with room as materialized (
  select g.id, coalesce(k.mode, 'roll_call') as mode,
         (select x.reason from schools_closure x where {OF_THE_CLASS} order by x.id limit 1) as closed_because
    from schools_classgroup g
    left join attendance_dayrule k on k.municipality_id = g.municipality_id and k.service_id = %(service)s
     and k.school_id = g.school_id and k.days @> %(day)s::date
   where g.municipality_id = %(town)s and g.id = any(%(classes)s::bigint[])
), held as materialized (
  select id, class_group_id, confirmed_at from attendance_rollcall
   where municipality_id = %(town)s and class_group_id = any(%(classes)s::bigint[]) and service_id = %(service)s
     and day = %(day)s
   order by id for no key update
)
select h.class_group_id, h.id, h.confirmed_at, r.closed_because, r.mode
  from held h join room r on r.id = h.class_group_id order by h.id
"""  # noqa: S608  # the fragment is the schools', and takes its values as this statement does

# A presence of a confirmed roll-call changes by a correction only, whatever sheet the tap comes from. The subscription is
# held as well: who ends it waits for the tap and sees it, or the tap waits and finds it ended.
#
# What the family wants of the menu stands where the mark says nothing of it. A tap that waited for the class read it before
# it waited: the class tells by its changes that it had to, and ``WHITE_AGAIN`` reads it again.
MARK = f"""
with call as (
  update attendance_rollcall r set changes = r.changes + 1
    from attendance_rollcall o
   where r.municipality_id = %(town)s and r.id = %(call)s and r.confirmed_at is null
     and o.municipality_id = r.municipality_id and o.id = r.id
  returning r.id, r.class_group_id, r.service_id, r.day, r.changes - 1 <> o.changes as has_waited
), marked as (
  insert into attendance_presence
    (municipality_id, roll_call_id, child_id, service_id, day, is_present, is_due, is_white, is_late, marked_at,
     marked_by_id)
  select %(town)s, call.id, m.child_id, call.service_id, call.day, %(present)s, %(present)s,
         %(present)s and coalesce(%(white)s::bool, {wants_white("m.child_id", "call.service_id", "call.day")}),
         %(late)s, %(now)s, %(by)s
    from call
    join schools_membership m on m.municipality_id = %(town)s and m.class_group_id = call.class_group_id
     and m.child_id = %(child)s and m.days @> call.day
    join enrolment_subscription s on s.municipality_id = %(town)s and s.child_id = m.child_id
     and s.service_id = call.service_id and s.days @> call.day
     for share of s
  on conflict (municipality_id, child_id, service_id, day)
  do update set roll_call_id = excluded.roll_call_id, is_present = excluded.is_present, is_due = excluded.is_due,
                is_white = excluded.is_white, is_late = excluded.is_late, marked_at = excluded.marked_at,
                marked_by_id = excluded.marked_by_id
         where not exists (select from attendance_rollcall q where q.municipality_id = %(town)s
                              and q.id = attendance_presence.roll_call_id and q.confirmed_at is not null)
  returning id
), told as (
  insert into attendance_dayevent
    (municipality_id, service_id, day, class_group_id, child_id, kind, channel, level, by_id, received_at, made_at,
     is_on, is_white, is_late)
  select %(town)s, call.service_id, call.day, call.class_group_id, %(child)s, 'marked', 'page', 1, %(by)s, %(now)s, %(now)s,
         %(present)s, %(white)s, %(late)s
    from call, marked
)
select exists (select 1 from call), exists (select 1 from marked),
       (select id from call where has_waited and %(present)s and %(white)s::bool is null)
"""  # noqa: S608  # the fragment above

WHITE_AGAIN = f"""
update attendance_presence p set is_white = {wants_white("p.child_id", "p.service_id", "p.day")}
 where p.municipality_id = %(town)s and p.roll_call_id = %(call)s and p.child_id = %(child)s and p.is_present
"""  # noqa: S608  # the fragment above

# One tap in one statement: the roll-call is found and marked at once. ``CALL_ID`` says who may mark which class.
TAP = MARK.replace("r.id = %(call)s", f"r.id = ({CALL_ID})")

MARK_MANY = f"""
with mark as (
  select m.* from unnest(%(children)s::bigint[], %(present)s::bool[], %(white)s::bool[], %(late)s::bool[])
       as m(child, present, white, late)
), marked as (
insert into attendance_presence
    (municipality_id, roll_call_id, child_id, service_id, day, is_present, is_due, is_white, is_late, marked_at,
     marked_by_id)
select %(town)s, %(call)s, m.child, %(service)s, %(day)s, m.present, m.present,
       m.present and coalesce(m.white, {wants_white("m.child", "%(service)s", "%(day)s")}), m.late, %(now)s, %(by)s
  from mark m
  join enrolment_subscription s on s.municipality_id = %(town)s and s.child_id = m.child
   and s.service_id = %(service)s and s.days @> %(day)s::date
   for share of s
on conflict (municipality_id, child_id, service_id, day)
do update set roll_call_id = excluded.roll_call_id, is_present = excluded.is_present, is_due = excluded.is_due,
              is_white = excluded.is_white, is_late = excluded.is_late, marked_at = excluded.marked_at,
              marked_by_id = excluded.marked_by_id
       where not exists (select from attendance_rollcall q where q.municipality_id = %(town)s
                            and q.id = attendance_presence.roll_call_id and q.confirmed_at is not null)
returning child_id
), told as (
insert into attendance_dayevent
    (municipality_id, service_id, day, class_group_id, child_id, kind, channel, level, by_id, received_at, made_at,
     is_on, is_white, is_late)
select %(town)s, %(service)s, %(day)s, %(class)s, m.child, 'marked', %(channel)s, 1, %(by)s, %(now)s, %(now)s,
       m.present, m.white, m.late
  from marked join mark m on m.child = marked.child_id
)
select child_id from marked
"""  # noqa: S608  # the fragment above

# Adults are on record where somebody has said them: a count of a tablet that comes in later is not overruled by silence.
CONFIRM = """
with confirmed as (
  update attendance_rollcall
     set confirmed_at = %(now)s, confirmed_by_id = %(by)s, changes = changes + 1, adults = coalesce(%(adults)s, adults)
   where municipality_id = %(town)s and id = any(%(calls)s) and confirmed_at is null
  returning class_group_id, service_id, day
)
insert into attendance_dayevent
    (municipality_id, event_id, device_id, seq, service_id, day, class_group_id, kind, channel, level, by_id, received_at,
     made_at, adults, digest)
select %(town)s, coalesce(%(event)s::uuid, gen_random_uuid()), %(device)s, %(seq)s, service_id, day, class_group_id,
       'confirmed', %(channel)s, 1, %(by)s, %(now)s, coalesce(%(made_at)s::timestamptz, %(now)s),
       %(adults)s, %(digest)s::uuid
  from confirmed
"""

# Marks that a confirmation does not count: of children who have left the class, or the service, since they were marked.
LEFT_OVER = """
select p.id, p.child_id, m.class_group_id
  from attendance_presence p
  left join schools_membership m on m.municipality_id = p.municipality_id and m.child_id = p.child_id and m.days @> p.day
   and exists (select from enrolment_subscription s where s.municipality_id = p.municipality_id and s.child_id = p.child_id
                  and s.service_id = p.service_id and s.days @> p.day)
 where p.municipality_id = %(town)s and p.roll_call_id = any(%(calls)s) and p.child_id <> all(%(children)s)
"""

# They go along to the roll-calls of the classes where their children are now, those that are not confirmed: whoever confirms
# one of these is waited for. A mark that another confirmation has taken meanwhile stays with it.
MOVE_ALONG = """
with open as materialized (
  select id, class_group_id from attendance_rollcall
   where municipality_id = %(town)s and id = any(%(into)s::bigint[]) and confirmed_at is null order by id for share
)
update attendance_presence p set roll_call_id = o.id
  from unnest(%(presences)s::bigint[], %(groups)s::bigint[]) as w(presence, class_group)
  join open o on o.class_group_id = w.class_group
 where p.municipality_id = %(town)s and p.id = w.presence and p.roll_call_id = any(%(calls)s)
returning p.id
"""

ADULTS = """
with counted as (
  update attendance_rollcall set adults = %(adults)s, changes = changes + 1
   where municipality_id = %(town)s and id = %(call)s and (confirmed_at is not null) = %(confirmed)s
  returning class_group_id, service_id, day
)
insert into attendance_dayevent
    (municipality_id, service_id, day, class_group_id, kind, channel, level, by_id, received_at, made_at, adults, note)
select %(town)s, service_id, day, class_group_id, 'adults', 'page', 1 + %(confirmed)s::int, %(by)s, %(now)s, %(now)s,
       %(adults)s, %(note)s
  from counted
"""

# What a closure does to many presences, each on record: it gives their days back, or is withdrawn.
CLOSED = """
insert into attendance_dayevent
    (municipality_id, service_id, day, class_group_id, child_id, kind, channel, level, by_id, received_at, made_at,
     is_on, note)
select p.municipality_id, p.service_id, p.day, r.class_group_id, p.child_id, %(kind)s::text, 'office', 2, %(by)s, %(now)s,
       %(now)s, case when %(kind)s::text = 'closed' then false end, %(note)s
  from attendance_presence p
  join attendance_rollcall r on r.municipality_id = p.municipality_id and r.id = p.roll_call_id
 where p.municipality_id = %(town)s and p.id = any(%(presences)s)
"""

# What a confirmation says of single children.
SAY = """
with call as materialized (
  select id, class_group_id, service_id, day from attendance_rollcall
   where municipality_id = %(town)s and id = any(%(calls)s::bigint[])
)
insert into attendance_dayevent
    (municipality_id, service_id, day, class_group_id, child_id, kind, channel, level, by_id, received_at, made_at, is_on,
     is_white, against)
select %(town)s, r.service_id, r.day, r.class_group_id, m.child, 'marked', %(channel)s, 1, %(by)s, %(now)s, %(now)s,
       m.present, null, m.against
  from unnest(%(calls)s::bigint[], %(children)s::bigint[], %(present)s::bool[], %(against)s::uuid[])
       as m(call, child, present, against)
  join call r on r.id = m.call
"""

# "xmax = 0": the presence was not there before, so that nothing was ever charged for it.
WRITE = """
insert into attendance_presence
    (municipality_id, roll_call_id, child_id, service_id, day, is_present, is_due, is_white, marked_at, marked_by_id)
select %(town)s, m.call, m.child, %(service)s, %(day)s, m.present, m.due, m.white, %(now)s, %(by)s
  from unnest(%(calls)s::bigint[], %(children)s::bigint[], %(present)s::bool[], %(due)s::bool[], %(white)s::bool[])
       as m(call, child, present, due, white)
on conflict (municipality_id, child_id, service_id, day)
do update set is_present = excluded.is_present, is_due = excluded.is_due, roll_call_id = excluded.roll_call_id,
              is_white = case when attendance_presence.is_present = excluded.is_present
                              then attendance_presence.is_white else excluded.is_white end,
              marked_at = case when attendance_presence.is_present = excluded.is_present
                               then attendance_presence.marked_at else excluded.marked_at end,
              marked_by_id = case when attendance_presence.is_present = excluded.is_present
                                  then attendance_presence.marked_by_id else excluded.marked_by_id end
returning id, child_id, is_present, is_due, xmax = 0
"""

# Days given back by a closure between two days, of a place, that no closure shuts any more: the last of what closures have
# done to each was to give it back, as ``rules.is_given_back``.
GIVEN_BACK = f"""
select id, child_id, service_id, day from (
  select distinct on (p.id) p.id, p.child_id, p.service_id, p.day, e.kind
    from attendance_presence p
    join attendance_rollcall r on r.municipality_id = p.municipality_id and r.id = p.roll_call_id
    join schools_classgroup g on g.municipality_id = p.municipality_id and g.id = r.class_group_id
    join attendance_dayevent e on e.municipality_id = p.municipality_id and e.child_id = p.child_id
     and e.service_id = p.service_id and e.day = p.day and e.kind in ('closed', 'opened')
   where p.municipality_id = %(town)s and p.day between %(first)s and %(last)s and r.day between %(first)s and %(last)s
     and (%(school)s::bigint is null or g.school_id = %(school)s) and (%(class)s::bigint is null or g.id = %(class)s)
     and (%(services)s::bigint[] is null or p.service_id = any(%(services)s::bigint[]))
     and not exists (select from schools_closure x where {OF_ITS_CALL})
   order by p.id, {LAST_FIRST}
) of_closures
 where kind = 'closed' order by day, service_id, child_id
"""  # noqa: S608  # the fragments are the schools' and the order's, and take their values as this statement does

# Corrections of many presences, each on record.
CORRECT_MANY = """
with become as (
  select * from unnest(%(presences)s::bigint[], %(present)s::bool[], %(white)s::bool[]) as b(presence, present, white)
), changed as (
  update attendance_presence p
     set is_present = b.present, is_due = b.present, is_white = b.white, is_late = false,
         marked_at = %(now)s, marked_by_id = %(by)s
    from become b where p.municipality_id = %(town)s and p.id = b.presence
  returning p.id, p.roll_call_id, p.service_id, p.day, p.child_id, p.is_present, p.is_white
)
insert into attendance_dayevent
    (municipality_id, service_id, day, class_group_id, child_id, kind, channel, level, by_id, received_at, made_at,
     is_on, is_white, note)
select %(town)s, c.service_id, c.day, r.class_group_id, c.child_id, 'corrected', %(channel)s, 2, %(by)s, %(now)s, %(now)s,
       c.is_present, c.is_white, %(note)s
  from changed c join attendance_rollcall r on r.municipality_id = %(town)s and r.id = c.roll_call_id
"""
