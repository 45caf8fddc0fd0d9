"""
Whose a position at pagoPA is: a top-up's its child's; that of an invoice, a reminder or an instalment is asked of a payer.

Such a position stands in the wallet of the first of several children: who sees that child alone sees nothing of it. Of an
invoice it is seen by who sees the invoice, of a reminder, an instalment or a joint notice by its payer.
"""

from collections.abc import Collection

from campanella.domains.accounts.models import User
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id


def seen(*, user: User, child_ids: Collection[int], request_ids: Collection[int]) -> set[int]:
    """
    Return which of these positions somebody may see and pay: one query, none for none.

    :param child_ids: the children whom this user sees
    """
    if not request_ids:
        return set()
    return {pk for pk, is_seen in _told(user, child_ids, list(request_ids), []) if is_seen}


def of_others(*, user: User, child_ids: Collection[int]) -> set[int]:
    """Return the positions in wallets of these children that are asked of somebody else: one query."""
    return {pk for pk, is_seen in _told(user, child_ids, [], list(child_ids)) if not is_seen}


def _told(user: User, child_ids: Collection[int], request_ids: list[int], of: list[int]) -> list[tuple[int, bool]]:
    values: dict[str, object] = {
        "town": active_town_id(),
        "user": user.pk,
        "children": list(child_ids),
        "requests": request_ids,
        "of": of,
    }
    return [(pk, is_seen) for pk, is_seen in sql.rows(_SEEN, values)]


# Who holds an access: as ``people.queries.holder_of``.
_SEEN = """
with holder as materialized (
  select coalesce(
    (select id from people_guardian where municipality_id = %(town)s and user_id = %(user)s order by id limit 1),
    (select holder_id from people_childaccount where municipality_id = %(town)s and user_id = %(user)s order by id limit 1)
  ) as id
), asked as materialized (
  select id, child_id from payments_paymentrequest
   where municipality_id = %(town)s and (id = any(%(requests)s::bigint[]) or child_id = any(%(of)s::bigint[]))
)
select q.id, coalesce(case
         when r.id is not null then r.payer_id = h.id
         when l.id is not null then l.payer_id = h.id
         when j.payer_id is not null then j.payer_id = h.id
         when v.id is not null then
           not exists (select from billing_share s where s.municipality_id = %(town)s and s.invoice_id = v.id
                          and s.child_id <> all(%(children)s::bigint[]))
           or v.payer_id = h.id and exists (
             select from billing_share s where s.municipality_id = %(town)s and s.invoice_id = v.id
                and s.child_id = any(%(children)s::bigint[]))
         else q.child_id = any(%(children)s::bigint[])
       end, false)
  from asked q
 cross join holder h
  left join arrears_reminderposition rp on rp.municipality_id = %(town)s and rp.request_id = q.id
  left join arrears_reminder r on r.municipality_id = %(town)s and r.id = rp.reminder_id
  left join arrears_planposition lp on lp.municipality_id = %(town)s and lp.request_id = q.id
  left join arrears_plandue d on d.municipality_id = %(town)s and d.id = lp.due_id
  left join arrears_plan l on l.municipality_id = %(town)s and l.id = d.plan_id
  left join billing_invoiceposition vp on vp.municipality_id = %(town)s and vp.request_id = q.id
  left join billing_invoice v on v.municipality_id = %(town)s and v.id = vp.invoice_id
  left join lateral (
    select i.payer_id from billing_jointpart jp
      join billing_invoice i on i.municipality_id = %(town)s and i.id = jp.invoice_id
     where jp.municipality_id = %(town)s and jp.request_id = q.id limit 1) j on true
"""
