"""What a family is told of notices that the office has made for it, and of a payment that waits for the office."""

from campanella.domains.billing import queries as billing
from campanella.domains.payments import queries as positions
from campanella.domains.payments.queries import PaymentRequest
from campanella.domains.payments.receipts import queries as receipts
from campanella.domains.people import queries as people
from campanella.domains.people.models import Guardian
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import use_case
from campanella.readings import addressees
from campanella.readings.debited import why_by_notice
from campanella.usecases.messages import letters
from campanella.usecases.messages.letters import NoticeLine


@use_case
def tell(*, request_ids: list[int]) -> None:
    """
    Tell each adult in one letter, with the total, what the office asks of it; what is paid or deleted is left out.

    The notice of an invoice that no bank collects comes in a letter of its own, with the invoice and with why.
    """
    billed = billing.invoices_of_positions(request_ids=request_ids)
    lines: dict[int, list[NoticeLine]] = {}
    payers: dict[int, Guardian] = {}
    for request in positions.requests(request_ids=request_ids):
        payer = addressees.of_position(request=request, child_id=request.child_id)
        if payer and request.pk in billed:
            _tell_invoice(payer, request, billed[request.pk])
        elif payer and request.state == "open":
            payers[payer.pk] = payer
            lines.setdefault(payer.pk, []).append(_line(request))
    for guardian_id, notices in lines.items():
        letters.notices_made(payer=payers[guardian_id], first_id=min(request_ids), notices=notices, now=clock.now())


def _tell_invoice(payer: Guardian, request: PaymentRequest, invoice_id: int) -> None:
    invoice = billing.invoice(invoice_id=invoice_id)
    if request.state == "open" and invoice.open.cents:
        why = why_by_notice(invoice=invoice, today=clock.today())
        letters.invoice_by_notice(payer=payer, notice=_line(request), invoice=invoice, why=why, now=clock.now())


@use_case
def tell_waiting(*, receipt_pk: int) -> None:
    """Tell who paid a notice of the town that the money is there, and why it waits; a notice of nobody tells nobody."""
    receipt = receipts.receipt(receipt_pk=receipt_pk)
    request = positions.position_by_notice(notice_number=receipt.notice_number)
    if request is None or receipt.issuer_tax_code or receipt.state != "parked":
        return
    payer = addressees.of_position(request=request, child_id=request.child_id)
    if payer is None:
        return
    letters.payment_waits(
        payer=payer,
        child=people.child(child_id=request.child_id),
        notice=_line(request),
        amount=receipt.amount,
        reason=receipt.reason,
        receipt_id=receipt.receipt_id,
        request_id=request.pk,
        now=clock.now(),
    )


def _line(request: PaymentRequest) -> NoticeLine:
    names = people.called(child_ids=positions.children_of(request=request))
    whom = " e ".join(names.values())
    return NoticeLine(whom, request.service_name, Euro(request.amount_cents), request.notice_number, request.told_due_on)
