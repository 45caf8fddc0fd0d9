"""Whose a receipt is: the child and the service it was credited to, else those of the notice it pays."""

from collections.abc import Sequence
from dataclasses import dataclass

from campanella.domains.ledger.rules import Source
from campanella.domains.payments import queries as payments
from campanella.domains.payments.receipts.queries import ReceiptView
from campanella.domains.people import queries as people
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id


@dataclass(frozen=True, slots=True)
class Whose:
    """A child and a service, as the office reads them."""

    child_name: str
    service_name: str


NOBODY = Whose("", "")


def whose(*, receipts: Sequence[ReceiptView]) -> dict[int, Whose]:
    """Return by receipt whose it is, ``NOBODY`` where nobody knows: at most four queries, whatever their number."""
    sources = [Source.of_receipt(receipt.receipt_id) for receipt in receipts if receipt.is_credited]
    rows = list(sql.rows(_CREDITED, {"town": active_town_id(), "sources": sources})) if sources else []
    asked = [receipt.request_id for receipt in receipts if receipt.request_id and not receipt.is_credited]
    positions = {position.pk: position for position in payments.requests(request_ids=asked)} if asked else {}
    child_ids = {child_id for _, child_id, _ in rows} | {position.child_id for position in positions.values()}
    names = people.full_names(child_ids=sorted(child_ids))
    credited = {source: Whose(names[child_id], service) for source, child_id, service in rows}
    noticed = {pk: Whose(names[position.child_id], position.service_name) for pk, position in positions.items()}
    return {
        receipt.id: credited.get(Source.of_receipt(receipt.receipt_id)) or noticed.get(receipt.request_id or 0, NOBODY)
        for receipt in receipts
    }


_CREDITED = """
select e.source, w.child_id, coalesce(s.name, 'Tutti i servizi')
  from ledger_entry e
  join ledger_transfer t on t.municipality_id = e.municipality_id and t.entry_id = e.id
  join ledger_wallet w on w.municipality_id = e.municipality_id and w.account_id = t.credit_id
  left join services_service s on s.municipality_id = w.municipality_id and s.id = w.service_id
 where e.municipality_id = %(town)s and e.source = any(%(sources)s)
"""
