"""What a position asks for, read under the locks of its wallets: money that is being booked has gone through."""

from datetime import datetime

from campanella.domains.billing import queries as billing
from campanella.domains.ledger.holding import hold_children, hold_wallets
from campanella.domains.payments.queries import PaymentRequest
from campanella.foundation.core.scope import operation
from campanella.readings.arrears import members
from campanella.readings.asked import Asks, asks_now, behind


@operation
def hold_and_ask(*, request: PaymentRequest, now: datetime) -> Asks:
    """Hold the wallets of the debt behind a position, then read what is open of it; a top-up's holds none."""
    found = behind(request=request)
    if found.invoice_id is not None:
        hold_wallets(wallet_ids=billing.wallets_of(invoice_id=found.invoice_id))
    elif found.payer_id is not None:
        hold_children(child_ids=members.children_of(payer_ids=[found.payer_id]))
    return asks_now(request=request, found=found, now=now)
