"""What the office does with a receipt that fits no notice: credit it, or close it."""

from datetime import datetime

from campanella.domains.accounts.models import User
from campanella.domains.ledger import queries as wallets
from campanella.domains.payments import operations as payments
from campanella.domains.payments import queries as positions
from campanella.domains.payments import rules
from campanella.domains.payments.events import TopUpBooked
from campanella.domains.payments.queries import PaymentRequest, Receipt
from campanella.domains.payments.receipts import operations as receiving
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.events import publish
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import use_case
from campanella.usecases.pagopa.asking import hold_and_ask, note_surplus
from campanella.usecases.top_up import credit, name_invoices


class NothingToCredit(Refusal):
    """Nothing of the payment came to the town."""

    message = "Di questo pagamento al Comune non spetta nulla: puoi solo chiuderlo."


@use_case
def resolve(*, by: User, receipt_pk: int, wallet_id: int, why: str, now: datetime) -> None:
    """
    Credit the town's share of a parked receipt to a wallet, as the office decides; its notice counts as paid.

    Placed in a wallet of the notice, it pays all of its wallets, as the receipt would have, and the invoice that asks for
    it; what is over stays in the chosen one. Placed elsewhere it is no payment of that invoice. The source is the receipt,
    so that a second press credits nothing.

    :raises NotFound: the town has no such receipt, or no such wallet
    :raises NotOpen: the office has done so already
    :raises NothingToCredit: nothing of the payment came to the town
    """
    receipt, request = _hold_parked(receipt_pk)
    if receipt.share_cents <= 0:
        raise NothingToCredit
    wallet = wallets.wallet(wallet_id=wallet_id)
    asked = positions.parts_of(request=request) if request else []
    is_own = wallet_id in dict(asked)
    asks = hold_and_ask(request=request, now=now) if request and is_own else None
    parts = rules.spread(parts=asked if is_own else [], amount=Euro(receipt.share_cents), rest=wallet_id)
    credit(parts=parts, receipt_id=receipt.receipt_id, by=by, now=now)
    if asks:
        name_invoices(asks=asks, brought=parts, receipt_id=receipt.receipt_id, now=now)
    receiving.note_resolved(by=by, receipt=receipt, child_id=wallet.child_id, why=why, now=now)
    if request and request.state == "open":
        payments.note_paid(request=request, now=now)
    # Thanks go to whom the notice was for; money placed elsewhere may be another family's, and no letter mixes the two.
    if request and asks:
        surplus = note_surplus(asks=asks, brought=parts, receipt=receipt, now=now, seen_by=by)
        publish(TopUpBooked(receipt_pk=receipt.pk, wallet_id=request.wallet_id, surplus=surplus))


@use_case
def close(*, by: User, receipt_pk: int, why: str, now: datetime) -> None:
    """
    Close a parked receipt without a credit: the money was given back, or is for something else than a wallet.

    :raises NotFound: the town has no such receipt
    :raises NotOpen: the office has placed or closed it already
    """
    receipt, _ = _hold_parked(receipt_pk)
    receiving.note_closed(by=by, receipt=receipt, why=why, now=now)


def _hold_parked(receipt_pk: int) -> tuple[Receipt, PaymentRequest | None]:
    receipt, request = receiving.hold_receipt(receipt_pk=receipt_pk)
    if receipt.outcome != "parked" or receipt.resolved_at:
        raise payments.NotOpen("Questa ricevuta è già stata sistemata.")
    return receipt, request
