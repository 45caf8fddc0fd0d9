"""The lines of a family's first page, one statement whatever the number of its children."""

from datetime import datetime
from typing import Any

from campanella.domains.accounts.models import User
from campanella.domains.billing.statements import pays_after
from campanella.domains.enrolment.statements import attends
from campanella.domains.people.queries import SEEN
from campanella.domains.places.statements import may_answer
from campanella.domains.schools.statements import shuts
from campanella.foundation.core import clock, sql
from campanella.foundation.tenants.queries import Town
from campanella.readings.family.applied import APPLIED_LATELY, LATELY


def rows(*, user: User, town: Town, now: datetime) -> list[dict[str, Any]]:
    """Return a line for each child and service (or wallet); a child with neither has one of its own: one query."""
    today = clock.day_of(now)
    values = {"town": town.id, "user": user.pk, "day": today, "weekday": today.weekday()}
    return sql.named_rows(_HOME, {**values, "now": now, "lately": now - LATELY})


_SHUT = shuts(town="%(town)s", day="%(day)s::date", school="c.school_id", group="c.class_group_id", service="l.service_id")

_AFTER = pays_after(child="c.id", service="l.service_id", day="%(day)s::date")

_ATTENDS = attends(line="s", group="c.class_group_id", day="%(day)s::date")

# Marks count once the roll-call is confirmed.
_HOME = f"""
with child as (
  select c.id, c.given_name, c.family_name, c.birth_date, c.code, g.id as class_group_id, g.name as class_name,
         g.school_id, h.name as school_name,
         h.level, d.code as diet_code
    from people_child c
    left join enrolment_diet d on d.municipality_id = %(town)s and d.child_id = c.id and d.days @> %(day)s::date
    left join schools_membership m on m.municipality_id = %(town)s and m.child_id = c.id and m.days @> %(day)s::date
    left join schools_classgroup g on g.municipality_id = %(town)s and g.id = m.class_group_id
    left join schools_school h on h.municipality_id = %(town)s and h.id = g.school_id
   where c.municipality_id = %(town)s and c.id = any({SEEN})
), used as (
  select s.child_id, s.service_id, b.cents, s.reduction_percent, {_ATTENDS} as attends, f.scheme <> '' as is_reckoned
    from child c
    join enrolment_subscription s on s.municipality_id = %(town)s and s.child_id = c.id and s.days @> %(day)s::date
    join services_bracket b on b.municipality_id = %(town)s and b.id = s.bracket_id
    join services_tariff f on f.municipality_id = %(town)s and f.id = b.tariff_id
), purse as (
  select w.child_id, w.service_id, w.id, w.balance_cents,
         w.balance_cents = 0 and not exists (
           select 1 from ledger_transfer t
            where t.municipality_id = %(town)s and (t.credit_id = w.account_id or t.debit_id = w.account_id)
         ) as is_untouched
    from child c join ledger_wallet w on w.municipality_id = %(town)s and w.child_id = c.id
), line as (
  select coalesce(u.child_id, p.child_id) as child_id, coalesce(u.service_id, p.service_id) as service_id, u.attends,
         u.cents as bracket_cents, u.reduction_percent, u.is_reckoned, p.id as wallet_id, p.balance_cents, p.is_untouched
    from used u full join purse p on p.child_id = u.child_id and p.service_id = u.service_id
)
select c.id as child_id, c.given_name, c.family_name, c.birth_date, c.code as child_code, c.class_group_id,
       c.class_name, c.school_id, c.school_name, c.level, c.diet_code,
       l.service_id, s.name as service_name, s.kind, s.unit, s.units, l.bracket_cents, l.reduction_percent,
       {_AFTER} as is_after, l.is_reckoned, l.wallet_id, l.balance_cents, l.is_untouched,
       (k.weekdays >> %(weekday)s) & 1 = 1 and l.attends as runs, p.is_present,
       p.is_due, y.mode, y.cut_off, y.cut_off_days_before, y.horizon_days, y.opens_at,
       y.book_cut_off, y.book_cut_off_days_before, b.is_booked,
       b.is_booked and b.is_white as is_white,
       z.moved_to, z.book_moved_to,
       r.confirmed_at, o.roles[1] as confirmed_by,
       (select x.reason from schools_closure x where {_SHUT} order by x.days, x.id limit 1) as closed_because,
       exists (select from billing_share f
                 join billing_issue v on v.municipality_id = f.municipality_id and v.invoice_id = f.invoice_id
                where f.municipality_id = %(town)s and f.child_id = c.id) as is_billed,
       exists (select from places_place o where o.municipality_id = %(town)s and o.child_id = c.id
                  and {may_answer(is_open="o.state = 'offered'", until="o.offer_ends_at")}) as is_offered,
       (select a.given_name from people_guardian a
         where a.municipality_id = %(town)s and a.user_id = %(user)s) as adult, {APPLIED_LATELY}
  from child c
  left join line l on l.child_id = c.id
  left join services_service s on s.municipality_id = %(town)s and s.id = l.service_id
  left join services_servicecalendar k on k.municipality_id = %(town)s and k.service_id = l.service_id
   and k.school_id = c.school_id and k.days @> %(day)s::date
  left join attendance_dayrule y on y.municipality_id = %(town)s and y.service_id = l.service_id
   and y.school_id = c.school_id and y.days @> %(day)s::date
  left join lateral (
    select max(h.until) filter (where h.action = '') as moved_to,
           max(h.until) filter (where h.action = 'book') as book_moved_to
      from attendance_cutoffshift h
     where h.municipality_id = %(town)s and h.day = %(day)s and (h.service_id is null or h.service_id = l.service_id)
       and (h.school_id is null or h.school_id = c.school_id)
  ) z on true
  left join attendance_booking b on b.municipality_id = %(town)s and b.child_id = c.id
   and b.service_id = l.service_id and b.day = %(day)s
  left join attendance_presence q on q.municipality_id = %(town)s and q.child_id = c.id
   and q.service_id = l.service_id and q.day = %(day)s
  left join attendance_rollcall r on r.municipality_id = %(town)s and r.id = q.roll_call_id and r.confirmed_at is not null
  left join lateral (select q.is_present, q.is_due where r.id is not null) p on true
  left join accounts_user o on o.municipality_id = %(town)s and o.id = r.confirmed_by_id
 order by c.given_name, c.id, s.position nulls first, l.service_id
"""  # noqa: S608  # SEEN is ours, and takes its values as this statement does
