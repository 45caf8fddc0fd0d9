"""The audit trail by itself: known verbs, authors and objects that are there, and an act for whatever ended or confirmed."""

from campanella.domains.ledger.verify import Violation
from campanella.foundation.core import audit, sql
from campanella.foundation.core.scope import active_town_id


def violations() -> list[Violation]:
    """Return everything wrong with the active town's audit trail; an empty list is a whole one."""
    values = {"town": active_town_id(), "verbs": sorted(audit.SENTENCES)}
    with sql.reading_everything():
        return [
            Violation(promise, str(row), int(cents or 0))
            for promise, query in PROMISES.items()
            for row, cents in sql.rows(query, values)
        ]


PROMISES = {
    "an act is of a known verb": """
        select 'act ' || id || ' (' || action || ')', 0 from core_auditrow
         where municipality_id = %(town)s and action <> all(%(verbs)s)""",
    "an act has an author who is there": """
        select 'act ' || a.id || ' (' || a.action || ' by ' || coalesce('user ' || a.actor_id, 'nobody') || ')', 0
          from core_auditrow a
         where a.municipality_id = %(town)s and (a.actor_label = '' or a.actor_id is not null and not exists (
           select from accounts_user u where u.municipality_id = a.municipality_id and u.id = a.actor_id))""",
    "an act is about something that is there": """
        with named as (
          select a.id, a.action, subject, split_part(subject, ':', 1) as kind, split_part(subject, ':', 2) as number
            from core_auditrow a cross join lateral unnest(a.subjects) as subject where a.municipality_id = %(town)s
        ), there as (
          select 'child' as kind, id::text as number from people_child where municipality_id = %(town)s
          union all select 'guardian', id::text from people_guardian where municipality_id = %(town)s
          union all select 'position', id::text from payments_paymentrequest where municipality_id = %(town)s
          union all select 'receipt', id::text from payments_receipt where municipality_id = %(town)s
          union all select 'roll_call', id::text from attendance_rollcall where municipality_id = %(town)s
          union all select 'presence', id::text from attendance_presence where municipality_id = %(town)s
        )
        select 'act ' || n.id || ' (' || n.action || ' of ' || n.subject || ')', 0 from named n
          left join there t on t.kind = n.kind and t.number = n.number
         where n.kind in (select kind from there group by kind) and t.number is null""",
    "a confirmed roll-call has its act, of that instant and author": """
        select 'roll-call ' || r.id || ' (class ' || r.class_group_id || ', ' || r.day || ')', 0 from attendance_rollcall r
         where r.municipality_id = %(town)s and r.confirmed_at is not null and not exists (
           select from core_auditrow a where a.municipality_id = r.municipality_id and a.action = 'roll_call.confirmed'
              and a.at = r.confirmed_at and coalesce(a.actor_id, 0) = coalesce(r.confirmed_by_id, 0)
              and a.subjects && array['roll_call:' || r.id, 'day:' || r.day]::varchar[])""",
    "a deleted notice has its act": """
        select 'position ' || q.id || ' (child ' || q.child_id || ')', q.amount_cents from payments_paymentrequest q
         where q.municipality_id = %(town)s and q.state = 'cancelled' and not exists (
           select from core_auditrow a where a.municipality_id = q.municipality_id and a.action = 'position.cancelled'
              and a.at = q.settled_at and a.subjects && array['position:' || q.id]::varchar[])""",
    "a notice whose act says that it was deleted is deleted": """
        select 'act ' || a.id || ' (' || array_to_string(a.subjects, ', ') || ')', q.amount_cents
          from core_auditrow a cross join lateral unnest(a.subjects) as subject
          join payments_paymentrequest q on q.municipality_id = a.municipality_id and 'position:' || q.id = subject
         where a.municipality_id = %(town)s and a.action = 'position.cancelled' and q.state <> 'cancelled'""",
    "a receipt that was put aside or closed has its act": """
        select 'receipt ' || r.receipt_id || ' (' || r.outcome || ')', r.amount_cents from payments_receipt r
         where r.municipality_id = %(town)s and r.outcome in ('parked', 'closed') and not exists (
           select from core_auditrow a where a.municipality_id = r.municipality_id
              and a.action = case r.outcome when 'closed' then 'receipt.closed' else 'receipt.parked' end
              and (r.outcome = 'parked' or a.at = r.resolved_at) and a.subjects && array['receipt:' || r.id]::varchar[])""",
}
