"""What a position asks for, read under the locks of its wallets: money that is being booked has gone through."""

from datetime import datetime

from campanella.domains.accounts.models import User
from campanella.domains.billing import overpaying
from campanella.domains.billing import queries as billing
from campanella.domains.ledger.holding import hold_children, hold_wallets
from campanella.domains.ledger.rules import Source
from campanella.domains.payments.queries import PaymentRequest, Receipt
from campanella.foundation.core.scope import operation
from campanella.readings.arrears import members
from campanella.readings.asked import Asks, asks_now, behind, told_with


@operation
def hold_and_ask(*, request: PaymentRequest, now: datetime) -> Asks:
    """Hold the wallets of the debt behind a position, then read what is open of it; a top-up's holds none."""
    found = behind(request=request)
    if found.invoice_ids:
        hold_wallets(wallet_ids=billing.wallets_of(invoice_ids=found.invoice_ids))
    elif found.payer_id is not None:
        hold_children(child_ids=members.children_of(payer_ids=[found.payer_id]))
    return asks_now(request=request, found=found, now=now)


@operation
def note_surplus(*, asks: Asks, receipt: Receipt, now: datetime, seen_by: User | None = None) -> int:
    """
    Keep what a receipt has brought beyond what its invoice, reminder or instalment asked for.

    :param asks: as it was before the receipt was credited
    :param seen_by: who of the office has placed it by hand
    :returns: what of it was too much, in cents
    """
    surplus = asks.surplus(receipt.share_cents)
    invoice_id = (asks.settled or told_with(found=asks.behind)) if surplus else None
    if invoice_id is not None:
        source = Source.of_receipt(receipt.receipt_id)
        overpaying.note(invoice_id=invoice_id, source=source, cents=surplus, now=now, seen_by=seen_by)
    return surplus
