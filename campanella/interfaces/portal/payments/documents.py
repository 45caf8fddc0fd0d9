"""The notice and the receipt of a payment, as PDF. File names carry the notice number, never a name."""

from django.http import HttpResponse

from campanella.domains.billing import joint
from campanella.domains.billing import queries as billing
from campanella.domains.ledger.rules import Source
from campanella.domains.payments import rules
from campanella.domains.payments.documents.receipt_pdf import ReceiptLine, ReceiptSheet, receipt_pdf
from campanella.domains.payments.receipts.queries import ReceiptView
from campanella.domains.people import queries as people
from campanella.foundation.core.errors import NotFound
from campanella.foundation.documents.downloads import as_paper
from campanella.interfaces.doors import PersonRequest, family
from campanella.interfaces.portal.payments.family import Named, position_for
from campanella.readings import papers


@family
def notice(request: PersonRequest, request_id: int) -> HttpResponse:
    """Print a notice that can be paid."""
    position = position_for(user=request.user, request_id=request_id).position
    shows_code = _own_code(request) == position.debtor_tax_code
    paper = papers.notice(position=position, site=request.get_host(), shows_tax_code=shows_code)
    return as_paper(paper, filename=f"avviso-{position.notice_number}.pdf")


@family
def receipt(request: PersonRequest, request_id: int) -> HttpResponse:
    """Print the receipt of a notice that was paid."""
    item = position_for(user=request.user, request_id=request_id)
    position, found = item.position, item.position.receipt
    if found is None:
        raise NotFound("La ricevuta non c’è ancora.")
    town, own_code = request.town, _own_code(request)
    sheet = ReceiptSheet(
        receipt_id=found.receipt_id,
        iuv=position.iuv,
        notice_number=position.notice_number,
        amount_cents=found.amount.cents,
        fee_cents=found.fee.cents if found.fee else None,
        paid_at=found.paid_at or found.kept_at,
        applied_on=found.applied_on,
        description=position.description,
        creditor_name=town.name,
        creditor_tax_code=town.tax_code,
        creditor_office=town.choices.office_name,
        payer_name=found.payer_name or position.debtor_name,
        payer_tax_code=found.payer_tax_code if found.payer_tax_code == own_code else "",
        debtor_name=position.debtor_name,
        debtor_tax_code=position.debtor_tax_code if position.debtor_tax_code == own_code else "",
        psp_name=found.psp_name,
        psp_tax_code=found.psp_tax_code,
        payment_method=rules.METHODS.get(found.method, found.method),
        lines=_lines(item, found),
        traceable=rules.METHODS.get(found.method) != "contanti",
    )
    return as_paper(receipt_pdf(sheet), filename=f"ricevuta-{position.notice_number}.pdf")


def _lines(item: Named, found: ReceiptView) -> list[ReceiptLine]:
    """Return what was paid: for a child, and with a joint notice how much for each invoice."""
    parts = joint.paid_by(source=Source.of_receipt(found.receipt_id)) if item.position.is_asked else []
    told = billing.numbers(invoice_ids=[pk for pk, _ in parts]) if parts else {}
    name = item.position.service_name
    if not told:
        return [ReceiptLine(service=name, person=item.child.full_name, cents=found.amount.cents)]
    return [ReceiptLine(service=name, person=f"fattura {told[pk]}", cents=amount.cents) for pk, amount in parts]


def _own_code(request: PersonRequest) -> str:
    """Return whose tax code may be read on a paper: two parents of a child are not always friends."""
    holder = people.holder_of(user=request.user)
    return holder.tax_code if holder else ""
