"""Where family and school do not say the same of a day, as SQL: the one answer for the school's page and for the office."""

from campanella.domains.attendance.statements.order import LAST_FIRST

# Of a presence ``p`` and what its family has asked, ``b``: a correction of the office ends it, and so does a closure that
# gave the day back, as long as it holds. What nobody disagrees on is asked no further.
AT_ODDS = f"""case when b.is_booked <> p.is_present then not exists (
       select from attendance_dayevent e where e.municipality_id = p.municipality_id and e.child_id = p.child_id
          and e.service_id = p.service_id and e.day = p.day and e.kind = 'corrected' and e.level = 2)
     and coalesce((
       select e.kind from attendance_dayevent e where e.municipality_id = p.municipality_id and e.child_id = p.child_id
          and e.service_id = p.service_id and e.day = p.day and e.kind in ('closed', 'opened')
        order by {LAST_FIRST} limit 1), 'opened') = 'opened' else false end"""  # noqa: S608  # the fragment is the order's
