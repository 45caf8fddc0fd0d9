"""Which invoices money was for, as movements tell it."""

from collections.abc import Sequence

from campanella.domains.billing.rules import written
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id


def numbers_by_payment(*, entry_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return by entry the numbers of the invoices that its money is for; what is for none is missing: one query."""
    rows = sql.rows(_PAID_BY, {"town": active_town_id(), "entries": list(entry_ids)}) if entry_ids else ()
    found: dict[int, list[str]] = {}
    for entry_id, series, year, number in rows:
        found.setdefault(entry_id, []).append(written(series=series, year=year, number=number))
    return found


# Money that names an invoice, and that of a joint notice: what it has brought to this wallet is for some of its invoices.
_PAID_BY = """
with entry as materialized (
  select id, source from ledger_entry where municipality_id = %(town)s and id = any(%(entries)s::bigint[])
)
select e.id, v.series, v.year, v.number
  from entry e
  join billing_invoicepayment p on p.municipality_id = %(town)s and p.source = e.source
  join billing_issue v on v.municipality_id = %(town)s and v.invoice_id = p.invoice_id
union
select e.id, v.series, v.year, v.number
  from entry e
  join ledger_transfer t on t.municipality_id = %(town)s and t.entry_id = e.id
  join ledger_wallet w on w.municipality_id = %(town)s and w.account_id = t.credit_id
  join billing_jointpayment j on j.municipality_id = %(town)s and j.source = e.source and j.wallet_id = w.id
  join billing_issue v on v.municipality_id = %(town)s and v.invoice_id = j.invoice_id
 order by 1, 3, 4
"""
