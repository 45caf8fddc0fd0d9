"""Writing down which invoices a joint notice asks for, and what its money has paid of each."""

from collections.abc import Sequence

from campanella.domains.billing.joint_rules import Paid
from campanella.domains.billing.models import JointPart, JointPayment
from campanella.domains.billing.queries import InvoiceView
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id, operation


@operation
def hold_payer(*, payer_id: int) -> None:
    """Wait for whoever else makes a joint notice of this payer; hold it before its invoices."""
    sql.take_turns(f"joint notice {payer_id}", active_town_id())


@operation
def note(*, request_id: int, invoices: Sequence[InvoiceView]) -> None:
    """Note which invoices, and how much of each, a position asks for."""
    JointPart.objects.bulk_create(
        JointPart(request_id=request_id, invoice_id=one.id, cents=one.open.cents) for one in invoices
    )


@operation
def note_paid(*, source: str, paid: Sequence[Paid]) -> None:
    """Note what the money of a joint notice is for, by invoice and wallet; noted before, it stays."""
    rows = (JointPayment(source=source, invoice_id=one.invoice_id, wallet_id=one.wallet_id, cents=one.cents) for one in paid)
    JointPayment.objects.bulk_create(rows, ignore_conflicts=True)
