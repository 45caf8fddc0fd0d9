"""
To whom a letter about money goes: to who was asked, as long as that adult answers for a child of it.

Whoever was taken away from a child reads nothing of it any more. A top-up is told to who pays for the child now; what an
invoice asks for is asked of one person by name, and is told to nobody else.
"""

from collections.abc import Sequence

from campanella.domains.billing.queries import InvoiceView
from campanella.domains.payments import queries as positions
from campanella.domains.payments.queries import PaymentRequest
from campanella.domains.people import queries as people
from campanella.domains.people.models import Guardian


def of_position(*, request: PaymentRequest, child_id: int) -> Guardian | None:
    """
    Return whom a position was made for, as long as that adult answers for the child (of an invoice's: for one of them).

    Else who pays for the child now, where no invoice asks for it.
    """
    payer = request.payer
    if payer is None:
        return people.payer_of(child_id=child_id)
    children = [child_id] if request.asked_by is None else positions.children_of(request=request)
    if any(people.is_tied(child_id=one, guardian_id=payer.pk) for one in children):
        return payer
    return people.payer_of(child_id=child_id) if request.asked_by is None else None


def told(*, invoices: Sequence[InvoiceView]) -> list[InvoiceView]:
    """Return the invoices of which somebody is told: whose payer answers for one of its children. One query."""
    ties = people.ties_of(guardian_ids=sorted({one.payer_id for one in invoices if one.payer_id}))
    pairs = {(tie.guardian_id, tie.child_id) for tie in ties}
    return [one for one in invoices if any((one.payer_id, child_id) in pairs for child_id in one.child_ids)]
