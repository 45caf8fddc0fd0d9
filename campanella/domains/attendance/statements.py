"""Statements written by hand: a class sheet, the kitchen's numbers, and the tap, which comes by the thousand."""

CALL_ID = """
select r.id
  from attendance_rollcall r
  join services_service s on s.municipality_id = r.municipality_id and s.id = r.service_id and s.code = %(service)s
  join schools_classgroup g on g.municipality_id = r.municipality_id and g.id = r.class_group_id
 where r.municipality_id = %(town)s and r.class_group_id = %(class)s and r.day = %(day)s
   and not exists (select from schools_closure x where x.municipality_id = r.municipality_id and x.days @> r.day
                      and (x.school_id is null or x.school_id = g.school_id)
                      and (x.class_group_id is null or x.class_group_id = g.id))
   and (exists (select from schools_workplace w where w.municipality_id = r.municipality_id and w.user_id = %(by)s
                   and w.school_id = g.school_id)
        or not exists (select from schools_workplace w where w.municipality_id = r.municipality_id and w.user_id = %(by)s))
"""

EXPECTED = """
select m.child_id, m.class_group_id, p.is_present
  from schools_membership m
  join enrolment_subscription s on s.municipality_id = m.municipality_id and s.child_id = m.child_id
   and s.service_id = %(service)s and s.days @> %(day)s::date
  left join attendance_presence p on p.municipality_id = m.municipality_id and p.child_id = m.child_id
   and p.service_id = s.service_id and p.day = %(day)s
 where m.municipality_id = %(town)s and m.class_group_id = any(%(classes)s) and m.days @> %(day)s::date
"""

SHEET = """
select c.id, c.given_name, c.family_name, p.is_present, coalesce(d.code, ''),
       coalesce(p.is_present and p.is_white, false), coalesce(p.is_present and p.is_late, false),
       c.birth_date
  from schools_membership m
  join enrolment_subscription s on s.municipality_id = m.municipality_id and s.child_id = m.child_id
   and s.service_id = %(service)s and s.days @> %(day)s::date
  join people_child c on c.municipality_id = m.municipality_id and c.id = m.child_id
  left join attendance_presence p on p.municipality_id = m.municipality_id and p.child_id = m.child_id
   and p.service_id = s.service_id and p.day = %(day)s
  left join enrolment_diet d on d.municipality_id = m.municipality_id and d.child_id = m.child_id and d.days @> %(day)s::date
 where m.municipality_id = %(town)s and m.class_group_id = any(%(classes)s) and m.days @> %(day)s::date
 order by c.name_key, c.id
"""

# Counted by class before anything is joined to it: a planner that knows nothing of a new town takes its thousands of
# children for one, and would look up class, school and diets for each of them.
BOARD = """
with line as (
  select m.class_group_id, s.service_id, d.code as diet, r.id as call, r.adults, r.confirmed_at,
         coalesce(p.is_present, r.confirmed_at is null) as eats,
         coalesce(p.is_present and p.is_white, false) as white
    from schools_membership m
    join enrolment_subscription s on s.municipality_id = m.municipality_id and s.child_id = m.child_id
     and s.service_id = any(%(services)s) and s.days @> %(day)s::date
    left join attendance_presence p on p.municipality_id = m.municipality_id and p.child_id = m.child_id
     and p.service_id = s.service_id and p.day = %(day)s
    left join enrolment_diet d on d.municipality_id = m.municipality_id and d.child_id = m.child_id
     and d.days @> %(day)s::date
    left join attendance_rollcall r on r.municipality_id = m.municipality_id and r.class_group_id = m.class_group_id
     and r.service_id = s.service_id and r.day = %(day)s
   where m.municipality_id = %(town)s and m.days @> %(day)s::date
     and (%(classes)s::bigint[] is null or m.class_group_id = any(%(classes)s::bigint[]))
), class as materialized (
  select class_group_id, service_id, count(*)::int as expected, (count(*) filter (where eats))::int as eating,
         coalesce(max(adults), 0)::int as adults, max(confirmed_at) as confirmed_at, count(call) > 0 as begun,
         (count(*) filter (where white and diet is null))::int as white
    from line group by class_group_id, service_id
), diet as materialized (
  select class_group_id, service_id, coalesce(jsonb_object_agg(diet, n) filter (where not white), '{}') as diets,
         coalesce(jsonb_object_agg(diet, n) filter (where white), '{}') as white_diets
    from (select class_group_id, service_id, diet, white, count(*) as n from line where eats and diet is not null
           group by class_group_id, service_id, diet, white) x group by class_group_id, service_id
)
select g.school_id, h.name, g.id, g.name, c.service_id, c.expected, c.eating, c.adults, coalesce(x.diets, '{}'::jsonb),
       c.confirmed_at, c.begun, c.white, coalesce(x.white_diets, '{}'::jsonb)
  from class c
  join schools_classgroup g on g.municipality_id = %(town)s and g.id = c.class_group_id
  join schools_school h on h.municipality_id = %(town)s and h.id = g.school_id
  left join diet x on x.class_group_id = c.class_group_id and x.service_id = c.service_id
 order by h.name, g.name, g.id, c.service_id
"""

BEGIN = """
insert into attendance_rollcall (municipality_id, class_group_id, service_id, day, adults, changes)
select %(town)s, g.id, s.id, %(day)s, 0, 0
  from schools_classgroup g
  join services_service s on s.municipality_id = g.municipality_id and s.code = %(service)s
  join services_servicecalendar c on c.municipality_id = g.municipality_id and c.service_id = s.id
   and c.school_id = g.school_id and c.days @> %(day)s::date
   and (c.weekdays >> (extract(isodow from %(day)s::date)::int - 1)) & 1 = 1
 where g.municipality_id = %(town)s and g.id = %(class)s
   and not exists (select from schools_closure x where x.municipality_id = g.municipality_id and x.days @> %(day)s::date
                      and (x.school_id is null or x.school_id = g.school_id)
                      and (x.class_group_id is null or x.class_group_id = g.id))
   and (exists (select from schools_workplace w where w.municipality_id = g.municipality_id and w.user_id = %(by)s
                   and w.school_id = g.school_id)
        or not exists (select from schools_workplace w where w.municipality_id = g.municipality_id and w.user_id = %(by)s))
on conflict (municipality_id, class_group_id, service_id, day) do update set day = excluded.day
returning id
"""

BEGIN_MANY = """
insert into attendance_rollcall (municipality_id, class_group_id, service_id, day, adults, changes)
select %(town)s, id, %(service)s, %(day)s, 0, 0 from unnest(%(classes)s::bigint[]) as c(id)
on conflict (municipality_id, class_group_id, service_id, day) do nothing
"""

BEGUN = """
select class_group_id, id from attendance_rollcall
 where municipality_id = %(town)s and class_group_id = any(%(classes)s) and service_id = %(service)s and day = %(day)s
"""

MARK = """
with call as (
  update attendance_rollcall set changes = changes + 1
   where municipality_id = %(town)s and id = %(call)s and confirmed_at is null
  returning id, class_group_id, service_id, day
), marked as (
  insert into attendance_presence
    (municipality_id, roll_call_id, child_id, service_id, day, is_present, is_white, is_late, marked_at, marked_by_id)
  select %(town)s, call.id, m.child_id, call.service_id, call.day, %(present)s, %(white)s, %(late)s, %(now)s, %(by)s
    from call
    join schools_membership m on m.municipality_id = %(town)s and m.class_group_id = call.class_group_id
     and m.child_id = %(child)s and m.days @> call.day
    join enrolment_subscription s on s.municipality_id = %(town)s and s.child_id = m.child_id
     and s.service_id = call.service_id and s.days @> call.day
  on conflict (municipality_id, child_id, service_id, day)
  do update set is_present = excluded.is_present, is_white = excluded.is_white, is_late = excluded.is_late,
                marked_at = excluded.marked_at, marked_by_id = excluded.marked_by_id
  returning id
)
select exists (select 1 from call), exists (select 1 from marked)
"""

MARK_MANY = """
insert into attendance_presence
    (municipality_id, roll_call_id, child_id, service_id, day, is_present, is_white, is_late, marked_at, marked_by_id)
select %(town)s, %(call)s, m.child, %(service)s, %(day)s, m.present, m.white, m.late, %(now)s, %(by)s
  from unnest(%(children)s::bigint[], %(present)s::bool[], %(white)s::bool[], %(late)s::bool[])
       as m(child, present, white, late)
on conflict (municipality_id, child_id, service_id, day)
do update set is_present = excluded.is_present, is_white = excluded.is_white, is_late = excluded.is_late,
              marked_at = excluded.marked_at, marked_by_id = excluded.marked_by_id
"""
