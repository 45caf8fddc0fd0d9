"""What follows on a class from the events of a day that do not decide who is there: statements written by hand."""

from campanella.domains.attendance.statements.folding import FOLDED, SEEN
from campanella.domains.attendance.statements.order import LAST_FIRST

ADULTS = f"""
update attendance_rollcall r set adults = x.adults, changes = r.changes + 1
  from (select distinct on (e.class_group_id) e.class_group_id, e.adults
          from attendance_dayevent e
         where e.municipality_id = %(town)s and e.service_id = %(service)s and e.day = %(day)s and e.counts
           and e.class_group_id = any(%(classes)s) and e.adults is not null
         order by e.class_group_id, {LAST_FIRST}) x
 where r.municipality_id = %(town)s and r.class_group_id = x.class_group_id and r.service_id = %(service)s
   and r.day = %(day)s and r.adults <> x.adults
"""  # noqa: S608  # the order is a fragment of ours

# Who has come back after having left is there: an exit before the entry is none.
HOURS = f"""
update attendance_presence p set arrived = x.arrived, "left" = x.left_at
  from (select h.child_id, h.arrived, case when h.left_at < h.arrived then null else h.left_at end as left_at from (
        select c.child_id,
               (select e.clock from attendance_dayevent e
                 where e.municipality_id = %(town)s and e.child_id = c.child_id and e.service_id = %(service)s
                   and e.day = %(day)s and e.kind = 'arrived' and e.counts order by {LAST_FIRST} limit 1) as arrived,
               (select e.clock from attendance_dayevent e
                 where e.municipality_id = %(town)s and e.child_id = c.child_id and e.service_id = %(service)s
                   and e.day = %(day)s and e.kind = 'left' and e.counts order by {LAST_FIRST} limit 1) as left_at
          from (select distinct d.child_id from attendance_dayevent d
                 where d.municipality_id = %(town)s and d.service_id = %(service)s and d.day = %(day)s
                   and d.class_group_id = any(%(classes)s) and d.kind in ('arrived', 'left')) c) h) x
 where p.municipality_id = %(town)s and p.child_id = x.child_id and p.service_id = %(service)s and p.day = %(day)s
   and (p.arrived is distinct from x.arrived or p."left" is distinct from x.left_at)
"""  # noqa: S608  # the order is a fragment of ours

# A table of thirty columns is filled by one list for each of them: rows written one by one cost four times as much.
PUT = """
insert into attendance_dayevent
    (municipality_id, device_id, service_id, day, channel, level, received_at, event_id, seq, class_group_id, child_id, kind,
     by_id, made_at, counts, is_on, is_white, is_late, clock, adults, note, answer, sentence, digest, against)
select %(town)s, %(device)s, %(service)s, %(day)s, 'tablet', %(level)s, %(now)s, m.*
  from unnest(%(event_id)s::uuid[], %(seq)s::bigint[], %(class_group_id)s::bigint[], %(child_id)s::bigint[],
              %(kind)s::text[], %(by_id)s::bigint[], %(made_at)s::timestamptz[], %(counts)s::bool[], %(is_on)s::bool[],
              %(is_white)s::bool[], %(is_late)s::bool[], %(clock)s::time[], %(adults)s::int[], %(note)s::text[],
              %(answer)s::text[], %(sentence)s::text[], %(digest)s::uuid[], %(against)s::uuid[]) as m
"""

# Marks of one tablet go on record and the days of their children follow, all at once.
TAKEN = f"with told as ({PUT}), seen as ({SEEN}) {FOLDED}"

# What was told of these marks before; and of these counts of a tablet, when those were made that are on record, and the next
# ones on both sides.
GIVEN = """
select event_id, digest, answer, sentence, false, null::bigint, null::timestamptz from attendance_dayevent
 where municipality_id = %(town)s and event_id = any(%(events)s::uuid[])
union all
select event_id, digest, 'refused', sentence, is_reuse, null, null from attendance_refusedmark
 where municipality_id = %(town)s and event_id = any(%(events)s::uuid[])
union all
(select distinct null::uuid, null::uuid, '', '', false, n.seq, n.made_at
   from unnest(%(seqs)s::bigint[]) as s(seq) cross join lateral (
     (select e.seq, e.made_at from attendance_dayevent e
       where e.municipality_id = %(town)s and e.device_id = %(device)s and e.seq <= s.seq order by e.seq desc limit 2)
     union all
     (select e.seq, e.made_at from attendance_dayevent e
       where e.municipality_id = %(town)s and e.device_id = %(device)s and e.seq > s.seq order by e.seq limit 1)) n)
"""
