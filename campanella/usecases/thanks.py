"""
Thanks for what was paid: one letter for what was paid together, with each credit as it stood right after.

pagoPA sends a receipt for each position of a visit, seconds apart. The first one waits a little for the others; the last one
to be booked thanks for all; whoever does not come in time is thanked for alone.
"""

from collections.abc import Iterator
from datetime import datetime

from campanella.domains.billing import queries as billing
from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger.rules import Source
from campanella.domains.messaging import queries as messaging
from campanella.domains.payments import queries as positions
from campanella.domains.payments.queries import PaymentRequest
from campanella.domains.payments.receipts import queries as receipts
from campanella.domains.payments.receipts.queries import ReceiptView
from campanella.domains.people import queries as people
from campanella.domains.people.models import Guardian
from campanella.foundation.core import clock, jobs, sql
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id, use_case
from campanella.readings import addressees
from campanella.usecases.arrears import telling as arrears
from campanella.usecases.billing import telling
from campanella.usecases.links import portal_link
from campanella.usecases.messages import letters
from campanella.usecases.messages.letters import TopUpLine

# Receipts of one visit come within seconds.
PATIENCE_SECONDS = 45


@use_case
def thank(*, receipt_pk: int, wallet_id: int, surplus: int = 0, is_last_call: bool = False) -> None:
    """
    Tell the payer that the money has arrived, and where the credit stood right after it, whatever has moved since.

    :param surplus: cents that the debt it paid did not ask for any more
    :param is_last_call: it has waited for the others long enough
    """
    now = clock.now()
    receipt = receipts.receipt(receipt_pk=receipt_pk)
    request = positions.position_by_notice(notice_number=receipt.notice_number)
    invoice_id = billing.invoice_of_position(request_id=request.pk) if request else None
    if invoice_id is not None:
        source = Source.of_receipt(receipt.receipt_id)
        telling.thank_for(invoice_id=invoice_id, source=source, amount=receipt.share, surplus=Euro(surplus))
        return
    if request and arrears.thank_for(
        request=request, receipt_id=receipt.receipt_id, amount=receipt.share, surplus=Euro(surplus)
    ):
        return
    if request and request.asked_by:
        source = Source.of_receipt(receipt.receipt_id)
        telling.thank_for_joint(request_id=request.pk, source=source, amount=receipt.share, surplus=Euro(surplus))
        return
    line = _line(receipt, request, wallet_id) if request else None
    payer = _payer(request, wallet_id) if request else None
    if request is None or line is None or payer is None:
        return
    together = positions.paid_together(request_id=request.pk, now=now)
    if together is None:
        letters.top_up_booked(payer=payer, lines=[line], now=now)
        return
    # Two receipts of one visit may be booked at once: who thanks for both is found by whoever comes second.
    sql.take_turns(f"thanks {together.token}", active_town_id())
    if messaging.told_of(keys=[letters.of_top_up(receipt.receipt_id)]):
        return
    if together.awaited and not is_last_call:
        jobs.enqueue(
            "thank_later",
            town=active_town_id(),
            wait_seconds=PATIENCE_SECONDS,
            receipt_pk=receipt_pk,
            wallet_id=wallet_id,
        )
        return
    others = [one for one in together.request_ids if one != request.pk]
    letters.top_up_booked(payer=payer, lines=[line, *_others(others, payer, now)], now=now)


def _others(request_ids: list[int], payer: Guardian, now: datetime) -> Iterator[TopUpLine]:
    """Give what the same adult has paid with them and was not thanked for."""
    paid = receipts.booked_of(request_ids=request_ids)
    told = messaging.told_of(keys=[letters.of_top_up(receipt.receipt_id) for receipt in paid.values()])
    for request in positions.requests(request_ids=list(paid)):
        receipt = paid[request.pk]
        owner = _payer(request, request.wallet_id)
        if letters.of_top_up(receipt.receipt_id) in told or owner is None or owner.pk != payer.pk:
            continue
        line = _line(receipt, request, request.wallet_id)
        if line:
            yield line


def _line(receipt: ReceiptView, request: PaymentRequest, wallet_id: int) -> TopUpLine | None:
    moment = wallets.moment_of(wallet_id=wallet_id, source=Source.of_receipt(receipt.receipt_id))
    if moment is None:
        return None
    wallet = wallets.wallet(wallet_id=wallet_id)
    return TopUpLine(
        child=people.child(child_id=wallet.child_id),
        child_name=people.called(child_ids=[wallet.child_id])[wallet.child_id],
        wallet=wallet,
        moment=moment,
        amount=receipt.share,
        receipt_id=receipt.receipt_id,
        link=portal_link("portal:position", request.pk),
    )


def _payer(request: PaymentRequest, wallet_id: int) -> Guardian | None:
    return addressees.of_position(request=request, child_id=wallets.wallet(wallet_id=wallet_id).child_id)
