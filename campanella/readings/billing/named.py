"""Which invoices money was for, as movements tell it."""

from collections.abc import Sequence

from campanella.domains.billing.rules import written
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id


def numbers_by_payment(*, sources: Sequence[str]) -> dict[str, list[str]]:
    """Return by source of money the numbers of the invoices that it is for; what is for none is missing: one query."""
    rows = sql.rows(_PAID_BY, {"town": active_town_id(), "sources": list(sources)}) if sources else ()
    found: dict[str, list[str]] = {}
    for source, series, year, number in rows:
        found.setdefault(source, []).append(written(series=series, year=year, number=number))
    return found


# Money that names an invoice, and that of a joint notice, for several.
_PAID_BY = """
select p.source, v.series, v.year, v.number
  from billing_invoicepayment p
  join billing_issue v on v.municipality_id = p.municipality_id and v.invoice_id = p.invoice_id
 where p.municipality_id = %(town)s and p.source = any(%(sources)s::text[])
union all
select s.source, v.series, v.year, v.number
  from unnest(%(sources)s::text[]) as s(source)
  join payments_receipt x on x.municipality_id = %(town)s and x.receipt_id = split_part(s.source, ':', 2)
  join payments_paymentrequest q on q.municipality_id = %(town)s and q.notice_number = x.notice_number
  join billing_jointpart j on j.municipality_id = %(town)s and j.request_id = q.id
  join billing_issue v on v.municipality_id = %(town)s and v.invoice_id = j.invoice_id
 where s.source like 'receipt:%%' and x.issuer_tax_code = ''
 order by 1, 3, 4
"""
