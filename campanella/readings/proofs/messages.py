"""Receipts that came and are gone: messages are kept as they came, and what was understood of one must still be there."""

from collections.abc import Iterator

from django.conf import settings

from campanella.domains.ledger.verify import Violation
from campanella.domains.payments.gateways.pagopa import soap
from campanella.domains.payments.gateways.pagopa.messages import Caller, ReceiptMessage
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id

PROMISE = "a receipt that came is kept"


def violations() -> list[Violation]:
    """Return the receipts whose message is there and whose row is not; only messages that no row points at are read."""
    lost = {
        message.receipt_id: Violation(PROMISE, f"receipt {message.receipt_id} (message {key})", message.amount_cents)
        for key, message in _loose()
    }
    known = {receipt_id for (receipt_id,) in sql.rows(_KNOWN, [active_town_id(), list(lost)])} if lost else set()
    return [violation for receipt_id, violation in lost.items() if receipt_id not in known]


def _loose() -> Iterator[tuple[int, ReceiptMessage]]:
    for key, body in sql.rows(_LOOSE, {"town": active_town_id()}):
        try:
            message = soap.parse(bytes(body))
        except (soap.NotSoap, soap.Malformed):
            continue  # what nobody could read was told when it came
        if isinstance(message, ReceiptMessage) and message.outcome == "OK" and _is_ours(message.caller):
            yield key, message


def _is_ours(caller: Caller) -> bool:
    """Tell whether it came through our own station: one that came through another was refused."""
    return (caller.broker, caller.station) == (settings.PAGOPA_BROKER, settings.PAGOPA_STATION)


# Kept first, understood in a transaction of its own; what fell in between is told again, for two days.
_LOOSE = """
select m.id, m.body from payments_inboundmessage m
 where m.municipality_id = %(town)s and not exists (
   select from payments_receipt r where r.municipality_id = m.municipality_id and r.message_id = m.id)
   and m.received_at < (select max(at) from core_auditrow where municipality_id = %(town)s) - interval '2 days'
 order by m.id
"""

_KNOWN = "select receipt_id from payments_receipt where municipality_id = %s and receipt_id = any(%s)"
