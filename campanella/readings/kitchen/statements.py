"""What a kitchen is ordered, and what has changed since: statements written by hand."""

from campanella.domains.attendance.statements.order import LAST_FIRST
from campanella.domains.attendance.statements.sheets import ATTENDS, BY_DEFAULT
from campanella.domains.schools.statements import shuts

# Closures that came after the numbers of a line ``l``.
CLOSES = shuts(town="%(town)s", day="%(day)s::date", school="l.school_id", group="l.class_group_id", service="%(service)s")

# Marks and requests by the order that decides (``attendance.fact_rules.Fact.rank``), as far as they had come by the cut-off.
AS_OF = f"""
with due as (
  select d.school_id, d.cut_off from unnest(%(schools)s::bigint[], %(cut_offs)s::timestamptz[]) as d(school_id, cut_off)
), child as (
  select g.school_id, h.name as school_name, m.class_group_id, g.name as class_name, m.child_id, d.cut_off,
         {ATTENDS} as attends, {BY_DEFAULT} as by_default,
         r.confirmed_at <= d.cut_off and p.id is null as came_later
    from due d
    join schools_school h on h.municipality_id = %(town)s and h.id = d.school_id
    join schools_classgroup g on g.municipality_id = %(town)s and g.school_id = d.school_id
    join schools_membership m on m.municipality_id = %(town)s and m.class_group_id = g.id and m.days @> %(day)s::date
    join enrolment_subscription s on s.municipality_id = %(town)s and s.child_id = m.child_id
     and s.service_id = %(service)s and s.days @> %(day)s::date
    left join attendance_rollcall r on r.municipality_id = %(town)s and r.class_group_id = m.class_group_id
     and r.service_id = %(service)s and r.day = %(day)s
    left join attendance_presence p on p.municipality_id = %(town)s and p.child_id = m.child_id
     and p.service_id = %(service)s and p.day = %(day)s
), come as (
  select c.child_id, e.kind, e.is_on, e.is_white, e.is_packed, e.level, e.made_at, e.device_id, e.seq, e.id, e.event_id,
         e.request_id
    from attendance_dayevent e
    join child c on c.child_id = e.child_id
   where e.municipality_id = %(town)s and e.day = %(day)s and e.service_id = %(service)s and e.counts
     and e.received_at <= c.cut_off
), said as (
  select distinct on (e.child_id) e.child_id, e.is_on, e.is_white, e.level, e.made_at from come e
   where e.kind in ('marked', 'arrived', 'corrected')
   order by e.child_id, {LAST_FIRST}
), asked as (
  select distinct on (e.child_id) e.child_id, e.is_on, e.is_white, e.is_on and e.is_packed as is_packed, e.made_at
    from come e
   where e.kind = 'asked' and not exists (select from come u where u.kind = 'undone' and u.child_id = e.child_id
                                             and u.request_id = e.request_id)
   order by e.child_id, {LAST_FIRST}
)
select c.school_id, c.school_name, c.class_group_id, c.class_name, c.child_id,
       coalesce(said.is_on, asked.is_on, c.by_default) and not coalesce(c.came_later, false), coalesce(d.code, ''),
       coalesce(d.menu, ''), coalesce(said.is_white, false)
         or (coalesce(asked.is_white, false)
             and (said.child_id is null or said.is_white is null or (said.level < 2 and asked.made_at > said.made_at))),
       coalesce(asked.is_packed, false)
  from child c
  left join said on said.child_id = c.child_id
  left join asked on asked.child_id = c.child_id
  left join enrolment_diet d on d.municipality_id = %(town)s and d.child_id = c.child_id and d.days @> %(day)s::date
 where c.attends or said.is_on
 order by c.school_name, c.school_id, c.class_name, c.class_group_id, c.child_id
"""  # noqa: S608  # fragments written by attendance and enrolment

ADULTS = f"""
select distinct on (e.class_group_id) e.class_group_id, e.adults
  from attendance_dayevent e
  join schools_classgroup g on g.municipality_id = %(town)s and g.id = e.class_group_id
  join unnest(%(schools)s::bigint[], %(cut_offs)s::timestamptz[]) as d(school_id, cut_off) on d.school_id = g.school_id
 where e.municipality_id = %(town)s and e.day = %(day)s and e.service_id = %(service)s and e.kind in ('adults', 'confirmed')
   and e.adults is not null and e.counts and e.received_at <= d.cut_off
 order by e.class_group_id, {LAST_FIRST}
"""  # noqa: S608  # the order is attendance's

# The sheets are of one service and day. Families' words are read from what they asked and took back: what is booked may be
# gone. What was received in time and written a moment later than the freeze is a meal less as well: the sheet could not see
# it. Of a class that was closed since, nothing is brought, whatever else was said of it.
ADDITIONS = f"""
with line as materialized (
  select l.sheet_id, s.as_of, l.school_id, l.school_name, l.class_group_id, l.class_name, l.cut_off, l.adults, l.child_ids,
         l.special
    from unnest(%(sheets)s::bigint[], %(as_ofs)s::timestamptz[]) as s(id, as_of)
    join cooking_sheetline l on l.municipality_id = %(town)s and l.sheet_id = s.id
), closed as materialized (
  select distinct on (l.class_group_id) l.class_group_id, x.reason, x.since
    from line l join schools_closure x on {CLOSES} and x.since < %(end)s
   order by l.class_group_id, x.since, x.id
), served as materialized (
  select * from line l where l.class_group_id not in (select class_group_id from closed)
), place as materialized (
  select distinct sheet_id, as_of, school_id from line
), ordered as (
  select l.sheet_id, l.as_of, l.school_id, l.school_name, l.class_group_id, l.class_name, l.cut_off, x.child_id,
         coalesce(l.special -> x.child_id::text ->> 0, '') as code,
         coalesce(l.special -> x.child_id::text ->> 1, '') as menu,
         coalesce((l.special -> x.child_id::text ->> 2)::bool, false) as white,
         coalesce((l.special -> x.child_id::text ->> 3)::bool, false) as packed
    from served l cross join lateral unnest(l.child_ids) as x(child_id)
), said as (
  select distinct on (e.child_id) e.child_id, e.is_on, e.is_white, e.received_at
    from attendance_dayevent e
    join attendance_presence p on p.municipality_id = %(town)s and p.child_id = e.child_id
     and p.service_id = %(service)s and p.day = %(day)s and p.marked_at >= %(end)s
   where e.municipality_id = %(town)s and e.day = %(day)s and e.service_id = %(service)s and e.counts
     and e.kind in ('marked', 'arrived', 'corrected') and e.received_at < %(end)s
   order by e.child_id, {LAST_FIRST}
), present as (
  select p.child_id, coalesce(e.is_on, p.is_present) as is_present,
         case when e.child_id is null then p.is_white else e.is_white end as is_white,
         coalesce(e.received_at, p.marked_at) as marked_at, c.sheet_id, g.school_id, h.name as school_name,
         g.id as class_group_id, g.name as class_name
    from attendance_rollcall r
    join attendance_presence p on p.municipality_id = %(town)s and p.roll_call_id = r.id
    left join said e on e.child_id = p.child_id
    join schools_classgroup g on g.municipality_id = %(town)s and g.id = r.class_group_id
    join schools_school h on h.municipality_id = %(town)s and h.id = g.school_id
    join place c on c.school_id = g.school_id
   where r.municipality_id = %(town)s and r.day = %(day)s and r.service_id = %(service)s
     and (p.marked_at < %(end)s or e.child_id is not null) and g.id not in (select class_group_id from closed)
), word as materialized (
  select e.* from attendance_dayevent e
   where e.municipality_id = %(town)s and e.day = %(day)s and e.service_id = %(service)s and e.counts
     and e.kind in ('asked', 'undone') and e.received_at < %(end)s
), last as (
  select distinct on (e.child_id) e.child_id, e.is_on, e.is_white, e.is_packed from word e
   where e.kind = 'asked' and not exists (select from word u where u.kind = 'undone' and u.child_id = e.child_id
                                             and u.request_id = e.request_id)
   order by e.child_id, {LAST_FIRST}
), apart as (
  select g.id from attendance_dayrule k
    join schools_classgroup g on g.municipality_id = k.municipality_id and g.school_id = k.school_id
   where k.municipality_id = %(town)s and k.service_id = %(service)s and k.days @> %(day)s::date and k.mode = 'opt_in'
), wish as (
  select w.child_id, l.is_on, coalesce(l.is_on and l.is_white, false) as is_white,
         coalesce(l.is_on and l.is_packed, false) as is_packed, w.received_at
    from (select child_id, max(received_at) as received_at from word group by child_id) w
    left join last l on l.child_id = w.child_id
), family as (
  select o.sheet_id, o.child_id, coalesce(w.is_on, o.class_group_id not in (select id from apart)) as is_booked, w.is_white,
         w.is_packed, w.received_at
    from ordered o join wish w on w.child_id = o.child_id
), diet as (
  select d.child_id, d.code, d.menu from enrolment_diet d where d.municipality_id = %(town)s and d.days @> %(day)s::date
), adults as (
  select distinct on (e.class_group_id) e.class_group_id, e.adults, e.received_at
    from attendance_dayevent e
   where e.municipality_id = %(town)s and e.day = %(day)s and e.service_id = %(service)s
     and e.kind in ('adults', 'confirmed') and e.adults is not null and e.counts and e.received_at < %(end)s
     and e.class_group_id in (select class_group_id from served)
   order by e.class_group_id, {LAST_FIRST}
)
select p.sheet_id, 'more' as kind, p.marked_at as at, p.school_id, p.school_name, p.class_group_id, p.class_name, p.child_id,
       1, '', coalesce(d.code, ''), coalesce(d.menu, ''), coalesce(p.is_white, w.is_white, false),
       coalesce(w.is_packed, false)
  from present p
  left join wish w on w.child_id = p.child_id
  left join diet d on d.child_id = p.child_id
 where p.is_present
   and not exists (select from ordered o where o.child_id = p.child_id and o.sheet_id = p.sheet_id)
union all
select o.sheet_id, 'less', coalesce(w.received_at, p.marked_at), o.school_id, o.school_name, o.class_group_id, o.class_name,
       o.child_id, 1, '', '', '', false, false
  from ordered o
  left join family w on w.child_id = o.child_id and w.sheet_id = o.sheet_id and not w.is_booked
  left join present p on p.child_id = o.child_id and p.sheet_id = o.sheet_id
 where not coalesce(p.is_present, false)
   and (w.received_at > o.as_of or p.marked_at <= o.cut_off or (w.child_id is not null and not exists (
          select from attendance_dayevent e where e.municipality_id = %(town)s and e.child_id = o.child_id
             and e.day = %(day)s and e.service_id = %(service)s and e.kind = 'marked' and e.is_on
             and e.received_at <= o.as_of)))
union all
select o.sheet_id, 'menu',
       case when (o.code, o.menu) = (coalesce(d.code, ''), coalesce(d.menu, '')) then greatest(p.marked_at, w.received_at)
            else (select max(x.decided_at) from enrolment_dietproposal x
                   where x.municipality_id = %(town)s and x.child_id = o.child_id and x.is_confirmed
                     and x.decided_at < %(end)s) end,
       o.school_id, o.school_name, o.class_group_id, o.class_name, o.child_id, 1, '',
       coalesce(d.code, ''), coalesce(d.menu, ''), coalesce(p.is_white, w.is_white, false), coalesce(w.is_packed, false)
  from ordered o
  left join present p on p.child_id = o.child_id and p.sheet_id = o.sheet_id
  left join family w on w.child_id = o.child_id and w.sheet_id = o.sheet_id
  left join diet d on d.child_id = o.child_id
 where coalesce(p.is_present, w.is_booked, true)
   and (o.code, o.menu, o.white, o.packed) is distinct from
       (coalesce(d.code, ''), coalesce(d.menu, ''), coalesce(p.is_white, w.is_white, false), coalesce(w.is_packed, false))
union all
select l.sheet_id, 'adults', r.received_at, l.school_id, l.school_name, l.class_group_id, l.class_name, 0,
       r.adults - l.adults, '', '', '', false, false
  from served l
  join adults r on r.class_group_id = l.class_group_id and r.adults > l.adults
union all
select l.sheet_id, 'closed', x.since, l.school_id, l.school_name, l.class_group_id, l.class_name, 0,
       cardinality(l.child_ids) + l.adults, x.reason, '', '', false, false
  from line l
  join closed x on x.class_group_id = l.class_group_id
 where cardinality(l.child_ids) + l.adults > 0
 order by at nulls last, school_name, class_name, child_id
"""  # noqa: S608  # the order is attendance's, closures are the schools'
