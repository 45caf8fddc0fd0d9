"""How one day of a service goes in one school: its rule, and the latest instant its cut-off was moved to."""

PLACE = """
select k.mode, k.cut_off, k.cut_off_days_before, k.marks_until, k.horizon_days, k.opens_at,
       k.made_at,
       (select max(h.until) from attendance_cutoffshift h
         where h.municipality_id = %(town)s and h.day = %(day)s and h.action = ''
           and (h.service_id is null or h.service_id = %(service)s)
           and (h.school_id is null or h.school_id = %(school)s))
  from (select 1) as one
  left join attendance_dayrule k on k.municipality_id = %(town)s and k.service_id = %(service)s
   and k.school_id = %(school)s and k.days @> %(day)s::date
"""
