"""
What a confirmed day came to, folded again from its events with SQL of its own, in the order in which events decide: who is
there, what is due, the menu, the hours, the adults, and what the family has booked.
"""

from campanella.domains.attendance.statements.order import LAST_FIRST

# The last word of the school, of the office or of a closure on each child's day, and the last one of its family that counts.
_WORDS = f"""
with of_closures as (
  select distinct on (e.child_id, e.service_id, e.day) e.child_id, e.service_id, e.day, e.kind
    from attendance_dayevent e
   where e.municipality_id = %(town)s and e.kind in ('closed', 'opened')
   order by e.child_id, e.service_id, e.day, {LAST_FIRST}
), said as (
  select distinct on (e.child_id, e.service_id, e.day) e.child_id, e.service_id, e.day, e.is_on, e.level, e.is_white,
         e.is_late, e.made_at
    from attendance_dayevent e
   where e.municipality_id = %(town)s and e.counts
     and (e.kind in ('marked', 'arrived', 'corrected') or (e.kind = 'closed' and
         (e.child_id, e.service_id, e.day) in (select o.child_id, o.service_id, o.day from of_closures o
                                                where o.kind = 'closed')))
   order by e.child_id, e.service_id, e.day, {LAST_FIRST}
), asked as (
  select distinct on (e.child_id, e.service_id, e.day) e.child_id, e.service_id, e.day, e.is_on, e.is_white, e.is_packed,
         e.made_at
    from attendance_dayevent e
   where e.municipality_id = %(town)s and e.kind = 'asked' and e.counts
     and not exists (select from attendance_dayevent u where u.municipality_id = e.municipality_id and u.kind = 'undone'
                        and u.counts and u.child_id = e.child_id and u.service_id = e.service_id and u.day = e.day
                        and u.request_id = e.request_id)
   order by e.child_id, e.service_id, e.day, {LAST_FIRST}
), folded as (
  select p.id, p.child_id, p.day, p.is_present, p.is_due, p.is_white, p.is_late, coalesce(k.mode, 'roll_call') as mode,
         said.level, coalesce(asked.is_on, k.mode is distinct from 'opt_in') as booked,
         coalesce(said.is_on, asked.is_on, k.mode is distinct from 'opt_in') as there, coalesce(said.is_late, false) as late,
         coalesce(said.is_white, false) or (coalesce(asked.is_white, false)
           and (said.child_id is null or said.is_white is null
                or (said.level < 2 and asked.made_at > said.made_at))) as white
    from attendance_presence p
    join attendance_rollcall r on r.municipality_id = p.municipality_id and r.id = p.roll_call_id
     and r.confirmed_at is not null
    join schools_classgroup g on g.municipality_id = p.municipality_id and g.id = r.class_group_id
    left join attendance_dayrule k on k.municipality_id = p.municipality_id and k.service_id = p.service_id
     and k.school_id = g.school_id and k.days @> p.day
    left join said on said.child_id = p.child_id and said.service_id = p.service_id and said.day = p.day
    left join asked on asked.child_id = p.child_id and asked.service_id = p.service_id and asked.day = p.day
   where p.municipality_id = %(town)s
)
"""  # noqa: S608  # the order is attendance's

_COUNTED = f"""
with counted as (
  select distinct on (e.class_group_id, e.service_id, e.day) e.class_group_id, e.service_id, e.day, e.adults
    from attendance_dayevent e
   where e.municipality_id = %(town)s and e.counts and e.adults is not null
   order by e.class_group_id, e.service_id, e.day, {LAST_FIRST}
)
"""  # noqa: S608  # the order is attendance's

# Who has come back after having left is there.
_HOURS = f"""
with hour as (
  select distinct on (e.child_id, e.service_id, e.day, e.kind) e.child_id, e.service_id, e.day, e.kind, e.clock
    from attendance_dayevent e
   where e.municipality_id = %(town)s and e.counts and e.kind in ('arrived', 'left')
   order by e.child_id, e.service_id, e.day, e.kind, {LAST_FIRST}
)
"""  # noqa: S608  # the order is attendance's

PROMISES: dict[str, tuple[str, str]] = {
    "a confirmed day is what its events say": (
        _WORDS,
        """
        select 'presence ' || f.id || ' (child ' || f.child_id || ', ' || f.day || ')', 0 from folded f
         where f.is_present <> f.there
            or f.is_due <> (f.there or (f.mode in ('opt_out', 'opt_in') and f.booked and f.level is distinct from 2))
            or (f.there and (f.is_white, f.is_late) <> (f.white, f.late))""",
    ),
    "what is booked is what the family's requests say": (
        _WORDS,
        """
        select 'day of child ' || coalesce(b.child_id, a.child_id) || ', ' || coalesce(b.day, a.day), 0
          from (select * from attendance_booking where municipality_id = %(town)s) b
          full join asked a on a.child_id = b.child_id and a.service_id = b.service_id and a.day = b.day
         where (b.is_booked, b.is_white, b.is_packed) is distinct from (a.is_on, a.is_white, a.is_packed)""",
    ),
    "a confirmed class has the adults that were counted": (
        _COUNTED,
        """
        select 'roll-call ' || r.id || ' (' || r.day || ')', 0
          from attendance_rollcall r
          join counted c on c.class_group_id = r.class_group_id and c.service_id = r.service_id and c.day = r.day
         where r.municipality_id = %(town)s and r.confirmed_at is not null and r.adults <> c.adults""",
    ),
    "the hours of a day are those of its marks": (
        _HOURS,
        """
        select 'presence ' || p.id || ' (child ' || p.child_id || ', ' || p.day || ')', 0
          from attendance_presence p
          left join hour a on a.child_id = p.child_id and a.service_id = p.service_id and a.day = p.day
           and a.kind = 'arrived'
          left join hour l on l.child_id = p.child_id and l.service_id = p.service_id and l.day = p.day and l.kind = 'left'
         where p.municipality_id = %(town)s and (p.arrived is not null or p."left" is not null or a.day is not null
            or l.day is not null)
           and (p.arrived, p."left") is distinct from
               (a.clock, case when l.clock < a.clock then null else l.clock end)""",
    ),
}
