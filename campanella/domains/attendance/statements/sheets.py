"""Who is expected, who eats, and in what numbers: statements written by hand."""

from campanella.domains.attendance.statements.odds import AT_ODDS
from campanella.domains.attendance.statements.order import LAST_FIRST
from campanella.domains.enrolment.statements import attends

ATTENDS = attends(line="s", group="m.class_group_id", day="%(day)s::date")

# What the family wants for the day of the subscription at hand.
BOOKING = """left join attendance_booking b on b.municipality_id = m.municipality_id and b.child_id = m.child_id
   and b.service_id = s.service_id and b.day = %(day)s"""

# Whether a child eats of whom nobody has said anything: everywhere but where the family books day by day.
BY_DEFAULT = """(m.class_group_id, s.service_id) not in (
     select g.id, x.service_id from attendance_dayrule x
       join schools_classgroup g on g.municipality_id = x.municipality_id and g.school_id = x.school_id
      where x.municipality_id = %(town)s and x.days @> %(day)s::date and x.mode = 'opt_in')"""

# The one word on who eats: the school's mark, else what is booked until the class is confirmed.
EATS = f"coalesce(p.is_present, r.confirmed_at is null and coalesce(b.is_booked, {BY_DEFAULT}))"

# A packed lunch is asked for by the family; no mark speaks of it.
PACKED = "coalesce(b.is_booked and b.is_packed, false)"

# When a child went home: who was there until then, and who is absent since. It came back where it is there again.
LEFT = f"""case when p.is_present then p."left" when p.is_present is false then (
       select e.clock from attendance_dayevent e where e.municipality_id = p.municipality_id and e.child_id = p.child_id
          and e.service_id = p.service_id and e.day = p.day and e.kind in ('marked', 'arrived', 'corrected') and e.counts
        order by {LAST_FIRST} limit 1) end"""  # noqa: S608  # the fragment is the order's

# Who is already in a confirmed roll-call of the day, the one of a class it has left, is settled there.
EXPECTED = f"""
select m.child_id, m.class_group_id, p.is_present, coalesce(r.confirmed_at is not null, false), b.is_booked,
       coalesce(b.is_booked and b.is_white, false)
  from schools_membership m
  join enrolment_subscription s on s.municipality_id = m.municipality_id and s.child_id = m.child_id
   and s.service_id = %(service)s and s.days @> %(day)s::date
  left join attendance_presence p on p.municipality_id = m.municipality_id and p.child_id = m.child_id
   and p.service_id = s.service_id and p.day = %(day)s
  left join attendance_rollcall r on r.municipality_id = p.municipality_id and r.id = p.roll_call_id
  {BOOKING}
 where m.municipality_id = %(town)s and m.class_group_id = any(%(classes)s) and m.days @> %(day)s::date
   and ({ATTENDS} or p.is_present)
"""  # noqa: S608  # fragments written here and by enrolment

# The same for the classes of a town: its marks of the day are found by the roll-calls, not one by one for each child, and
# everything is joined by hash (``sql.reading_everything``).
EXPECTED_IN_TOWN = f"""
with call as materialized (
  select id, confirmed_at from attendance_rollcall
   where municipality_id = %(town)s and day = %(day)s and service_id = %(service)s
), marked as materialized (
  select p.child_id, p.is_present, r.confirmed_at
    from attendance_presence p join call r on r.id = p.roll_call_id
   where p.municipality_id = %(town)s and p.roll_call_id = any(array(select id from call))
)
select m.child_id, m.class_group_id, p.is_present, coalesce(p.confirmed_at is not null, false), b.is_booked,
       coalesce(b.is_booked and b.is_white, false)
  from schools_membership m
  join enrolment_subscription s on s.municipality_id = m.municipality_id and s.child_id = m.child_id
   and s.service_id = %(service)s and s.days @> %(day)s::date
  left join marked p on p.child_id = m.child_id
  {BOOKING}
 where m.municipality_id = %(town)s and m.class_group_id = any(%(classes)s) and m.days @> %(day)s::date
   and ({ATTENDS} or p.is_present)
"""  # noqa: S608  # fragments written here and by enrolment

ON_SHEETS = """
select m.child_id from schools_membership m
 where m.municipality_id = %(town)s and m.class_group_id = any(%(classes)s) and m.days @> %(day)s::date
"""

SHEET = f"""
select c.id, c.given_name, c.family_name, p.is_present, coalesce(d.code, ''),
       coalesce(p.is_present and p.is_white, b.is_booked and b.is_white, false),
       coalesce(p.is_present and p.is_late, false), c.birth_date,
       coalesce(b.is_booked, {BY_DEFAULT}), b.is_booked is not null, {PACKED},
       (select q.received_at from attendance_familyrequest q
         where q.municipality_id = b.municipality_id and q.id = b.request_id and not b.is_booked),
       {AT_ODDS},
       {LEFT},
       case when p.is_present then p.arrived end
  from schools_membership m
  join enrolment_subscription s on s.municipality_id = m.municipality_id and s.child_id = m.child_id
   and s.service_id = %(service)s and s.days @> %(day)s::date
  join people_child c on c.municipality_id = m.municipality_id and c.id = m.child_id
  left join attendance_presence p on p.municipality_id = m.municipality_id and p.child_id = m.child_id
   and p.service_id = s.service_id and p.day = %(day)s
  left join enrolment_diet d on d.municipality_id = m.municipality_id and d.child_id = m.child_id and d.days @> %(day)s::date
  {BOOKING}
 where m.municipality_id = %(town)s and m.class_group_id = any(%(classes)s) and m.days @> %(day)s::date
   and ({ATTENDS} or p.is_present)
 order by c.name_key, c.id
"""  # noqa: S608  # fragments written here and by enrolment

# Counted by class before anything is joined to it: a planner that knows nothing of a new town takes its thousands of
# children for one, and would look up class, school and diets for each of them.
BOARD = f"""
with line as (
  select m.class_group_id, s.service_id, d.code as diet, p.is_present as mark, r.adults, r.confirmed_at,
         {EATS} as eats, coalesce(p.is_present and p.is_white, b.is_booked and b.is_white, false) as white,
         {PACKED} as packed
    from schools_membership m
    join enrolment_subscription s on s.municipality_id = m.municipality_id and s.child_id = m.child_id
     and s.service_id = any(%(services)s) and s.days @> %(day)s::date
    left join attendance_presence p on p.municipality_id = m.municipality_id and p.child_id = m.child_id
     and p.service_id = s.service_id and p.day = %(day)s
    left join enrolment_diet d on d.municipality_id = m.municipality_id and d.child_id = m.child_id
     and d.days @> %(day)s::date
    left join attendance_rollcall r on r.municipality_id = m.municipality_id and r.class_group_id = m.class_group_id
     and r.service_id = s.service_id and r.day = %(day)s
    {BOOKING}
   where m.municipality_id = %(town)s and m.days @> %(day)s::date
     and (%(classes)s::bigint[] is null or m.class_group_id = any(%(classes)s::bigint[]))
     and ({ATTENDS} or p.is_present)
), class as materialized (
  select class_group_id, service_id, count(*)::int as expected, (count(*) filter (where eats))::int as eating,
         coalesce(max(adults), 0)::int as adults, max(confirmed_at) as confirmed_at,
         count(mark) > 0 or coalesce(max(adults), 0) > 0 as begun
    from line group by class_group_id, service_id
), menu as materialized (
  select class_group_id, service_id, jsonb_agg(jsonb_build_array(coalesce(diet, ''), white, packed, n)) as menus
    from (select class_group_id, service_id, diet, white, packed, count(*) as n from line
           where eats and (diet is not null or white or packed)
           group by class_group_id, service_id, diet, white, packed) x group by class_group_id, service_id
)
select g.school_id, h.name, g.id, g.name, c.service_id, c.expected, c.eating, c.adults, c.confirmed_at, c.begun,
       coalesce(x.menus, '[]'::jsonb)
  from class c
  join schools_classgroup g on g.municipality_id = %(town)s and g.id = c.class_group_id
  join schools_school h on h.municipality_id = %(town)s and h.id = g.school_id
  left join menu x on x.class_group_id = c.class_group_id and x.service_id = c.service_id
 order by h.name, g.name, g.id, c.service_id
"""  # noqa: S608  # fragments written here and by enrolment

# The board without its menus: what the office and the lists of classes count. Joined by hash (``sql.reading_everything``).
TALLY = f"""
with class as (
  select m.class_group_id, s.service_id, count(*)::int as expected,
         (count(*) filter (where {EATS}))::int as eating,
         coalesce(max(r.adults), 0)::int as adults, max(r.confirmed_at) as confirmed_at,
         count(p.is_present) > 0 or coalesce(max(r.adults), 0) > 0 as begun
    from schools_membership m
    join enrolment_subscription s on s.municipality_id = m.municipality_id and s.child_id = m.child_id
     and s.service_id = any(%(services)s) and s.days @> %(day)s::date
    left join attendance_presence p on p.municipality_id = m.municipality_id and p.child_id = m.child_id
     and p.service_id = s.service_id and p.day = %(day)s
    left join attendance_rollcall r on r.municipality_id = m.municipality_id and r.class_group_id = m.class_group_id
     and r.service_id = s.service_id and r.day = %(day)s
    {BOOKING}
   where m.municipality_id = %(town)s and m.days @> %(day)s::date
     and (%(classes)s::bigint[] is null or m.class_group_id = any(%(classes)s::bigint[]))
     and ({ATTENDS} or p.is_present)
   group by m.class_group_id, s.service_id
)
select g.school_id, h.name, g.id, g.name, c.service_id, c.expected, c.eating, c.adults, c.confirmed_at, c.begun
  from class c
  join schools_classgroup g on g.municipality_id = %(town)s and g.id = c.class_group_id
  join schools_school h on h.municipality_id = %(town)s and h.id = g.school_id
 order by h.name, g.name, g.id, c.service_id
"""  # noqa: S608  # fragments written here and by enrolment
