"""What a confirmed day came to, folded again from its events with SQL of its own, in the order in which events decide."""

from campanella.domains.attendance.statements.order import LAST_FIRST

# The last word of the school, of the office or of a closure on each child's day, and the last one of its family that counts.
_WORDS = f"""
with of_closures as (
  select distinct on (e.child_id, e.service_id, e.day) e.child_id, e.service_id, e.day, e.kind
    from attendance_dayevent e
   where e.municipality_id = %(town)s and e.kind in ('closed', 'opened')
   order by e.child_id, e.service_id, e.day, {LAST_FIRST}
), said as (
  select distinct on (e.child_id, e.service_id, e.day) e.child_id, e.service_id, e.day, e.is_on, e.level
    from attendance_dayevent e
   where e.municipality_id = %(town)s and e.counts
     and (e.kind in ('marked', 'arrived', 'corrected') or (e.kind = 'closed' and
         (e.child_id, e.service_id, e.day) in (select o.child_id, o.service_id, o.day from of_closures o
                                                where o.kind = 'closed')))
   order by e.child_id, e.service_id, e.day, {LAST_FIRST}
), asked as (
  select distinct on (e.child_id, e.service_id, e.day) e.child_id, e.service_id, e.day, e.is_on
    from attendance_dayevent e
   where e.municipality_id = %(town)s and e.kind = 'asked' and e.counts
     and not exists (select from attendance_dayevent u where u.municipality_id = e.municipality_id and u.kind = 'undone'
                        and u.counts and u.child_id = e.child_id and u.service_id = e.service_id and u.day = e.day
                        and u.request_id = e.request_id)
   order by e.child_id, e.service_id, e.day, {LAST_FIRST}
), folded as (
  select p.id, p.child_id, p.day, p.is_present, p.is_due, coalesce(k.mode, 'roll_call') as mode, said.level,
         coalesce(asked.is_on, k.mode is distinct from 'opt_in') as booked,
         coalesce(said.is_on, asked.is_on, k.mode is distinct from 'opt_in') as there
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

PROMISES: dict[str, tuple[str, str]] = {
    "a confirmed day is what its events say": (
        _WORDS,
        """
        select 'presence ' || f.id || ' (child ' || f.child_id || ', ' || f.day || ')', 0 from folded f
         where f.is_present <> f.there
            or f.is_due <> (f.there or (f.mode in ('opt_out', 'opt_in') and f.booked and f.level is distinct from 2))""",
    ),
}
