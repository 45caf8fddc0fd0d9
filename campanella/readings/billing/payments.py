"""How an invoice was paid: each receipt, the bank, and the credit that was there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from campanella.domains.billing import joint
from campanella.domains.billing.queries import InvoiceView
from campanella.domains.ledger.rules import Source
from campanella.domains.payments import queries as positions
from campanella.domains.payments.queries import Position
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.readings.debited import Debited


@dataclass(frozen=True)
class Payment:
    """
    Money that was paid for an invoice.

    :ivar on: None where it came of a credit, which has no day of its own
    :ivar request_id: the position that has the receipt, None where there is none to show
    """

    on: date | None
    how: str
    amount: Euro
    request_id: int | None = None


def held_of(made: Sequence[Position]) -> Euro:
    """Return what has come for an invoice beside what it was paid by, and waits for the office."""
    return Euro(sum(receipt.share.cents for one in made for receipt in one.parked))


def payments_of(
    *,
    invoice: InvoiceView,
    made: Sequence[Position],
    bank: Debited | None,
    child_ids: Collection[int] = (),
    together: Sequence[Payment] = (),
) -> list[Payment]:
    """
    Return how an invoice was paid, each payment once, in the order of their days.

    :param made: the positions that were made for it
    :param bank: what its bank did, None where it is not by direct debit
    :param child_ids: whom the reader sees: a receipt is of the child in whose wallet its position stands
    :param together: what joint notices have paid of it (``paid_together``)
    """
    found = [
        Payment(
            clock.day_of(one.receipt.paid_at or one.receipt.kept_at),
            f"pagoPA, {one.receipt.psp_name}" if one.receipt.psp_name else "pagoPA",
            one.receipt.amount,
            one.id if one.child_id in child_ids else None,
        )
        for one in made
        if one.receipt
    ]
    found += together
    left = invoice.paid.cents - sum(one.amount.cents for one in found)
    if bank and bank.past.outcome == "booked" and bank.past.day and (left > 0 or invoice.credit_note):
        # What the bank took, as its statement has it: credit may have paid a part.
        taken = bank.past.cents if invoice.credit_note else min(left, bank.past.cents)
        found.append(Payment(bank.past.day, "addebito sul conto", Euro(taken)))
        left -= taken
    if left > 0:
        found.append(Payment(None, "con il credito del borsellino", Euro(left)))
    return sorted(found, key=lambda one: (one.on is None, one.on or date.max))


def paid_together(*, invoice: InvoiceView, reader_id: int | None = None) -> list[Payment]:
    """
    Return what joint notices have paid of an invoice: two queries, three more where one has.

    :param reader_id: the adult who reads: the receipt of a joint notice is its payer's alone
    """
    got = joint.paid_of(invoice_id=invoice.id)
    ids = sorted({one.request_id for one in joint.with_invoices(invoice_ids=[invoice.id])}) if got else []
    now = clock.now()
    made = positions.positions(request_ids=ids, now=now, today=clock.day_of(now)) if ids else []
    is_payer = reader_id is not None and reader_id == invoice.payer_id
    return [
        Payment(
            clock.day_of(one.receipt.paid_at or one.receipt.kept_at),
            ", ".join(part for part in ("pagoPA", one.receipt.psp_name, "avviso unico") if part),
            got[source],
            one.id if is_payer else None,
        )
        for one in made
        if one.receipt and (source := Source.of_receipt(one.receipt.receipt_id)) in got
    ]
