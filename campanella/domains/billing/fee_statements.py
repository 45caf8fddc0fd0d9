"""Who uses a service when, at which price and in which school; and what they owe of its fees: set-based."""

# A child's days with a service, both included, oldest first, with their price.
USES = """
select s.child_id, lower(s.days), coalesce(upper(s.days) - 1, %(last)s::date), s.bracket_id, s.reduction_percent
  from enrolment_subscription s
 where s.municipality_id = %(town)s and s.service_id = %(service)s
   and s.days && daterange(%(first)s::date, %(last)s::date, '[]')
   and (%(children)s::bigint[] is null or s.child_id = any(%(children)s::bigint[]))
 order by s.child_id, s.days
"""

PLACES = """
select m.child_id, lower(m.days), coalesce(upper(m.days) - 1, %(last)s::date), s.level
  from schools_membership m
  join schools_classgroup c on c.municipality_id = m.municipality_id and c.id = m.class_group_id
  join schools_school s on s.municipality_id = c.municipality_id and s.id = c.school_id
 where m.municipality_id = %(town)s and m.days && daterange(%(first)s::date, %(last)s::date, '[]')
   and (%(children)s::bigint[] is null or m.child_id = any(%(children)s::bigint[]))
"""

WRITE_DUES = """
insert into billing_feedue (municipality_id, child_id, service_id, every, fee_id, number, days, cents)
select %(town)s, child_id, %(service)s, every, fee_id, number, daterange(first, last, '[]'), cents
  from unnest(%(children)s::bigint[], %(fees)s::bigint[], %(everys)s::text[], %(numbers)s::bigint[], %(firsts)s::date[],
              %(lasts)s::date[], %(cents)s::bigint[]) as d(child_id, fee_id, every, number, first, last, cents)
on conflict (municipality_id, child_id, fee_id, number) do update set cents = excluded.cents
returning child_id, fee_id, number, id
"""
