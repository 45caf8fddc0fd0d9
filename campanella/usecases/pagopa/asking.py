"""What a position asks for, read under the locks of its wallets: money that is being booked has gone through."""

from collections.abc import Sequence
from datetime import datetime

from campanella.domains.accounts.models import User
from campanella.domains.billing import overpaying
from campanella.domains.billing import queries as billing
from campanella.domains.ledger.holding import hold_children, hold_wallets
from campanella.domains.ledger.rules import Source
from campanella.domains.payments.queries import PaymentRequest, Receipt
from campanella.foundation.core.money import Euro
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
def note_surplus(
    *, asks: Asks, brought: Sequence[tuple[int, Euro]], receipt: Receipt, now: datetime, seen_by: User | None = None
) -> int:
    """
    Keep what a receipt has brought beyond what its invoice, reminder or instalment asked for, with each of several invoices.

    :param asks: as it was before the receipt was credited
    :param brought: what each wallet gets of it
    :param seen_by: who of the office has placed it by hand
    :returns: what of it was too much, in cents
    """
    surplus = asks.surplus(receipt.share_cents)
    over: dict[int, int] = {}
    for one in asks.split(brought):
        over[one.invoice_id] = over.get(one.invoice_id, 0) + one.over
    if surplus and (invoice_id := told_with(found=asks.behind)) is not None:
        over[invoice_id] = surplus
    source = Source.of_receipt(receipt.receipt_id)
    for invoice_id, cents in over.items():
        if cents:
            overpaying.note(invoice_id=invoice_id, source=source, cents=cents, now=now, seen_by=seen_by)
    return surplus
