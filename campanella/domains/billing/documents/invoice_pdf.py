"""An invoice as PDF: tagged, readable aloud, day by day and child by child."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from campanella.foundation.documents.pdf import render

TEMPLATE = "domains/billing/documents/invoice.typ"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildPart:
    """
    What a child's days cost; texts as they are printed.

    :ivar days: day and amount, in order
    :ivar carried: label and amount of the credit that is consumed or the debt that is carried over; empty for none
    """

    name: str
    count: str
    days: Sequence[tuple[str, str]]
    lines: str
    carried: tuple[str, str] | tuple[()]
    due: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceSheet:
    """
    What is printed on an invoice; texts as they are printed, empty when there is nothing to say.

    :ivar heading: what is to be done: "Da pagare", "Pagata", "Annullata"
    :ivar asked: the amount under it: what is still to pay, else the total
    :ivar tax: label and amount, such as net and VAT
    :ivar notice: the notice number in groups of four, where it is paid by pagoPA
    """

    number: str
    title: str
    issued_on: str
    due_on: str
    issued_at: datetime
    creditor_name: str
    creditor_tax_code: str
    creditor_office: str
    creditor_info: str
    payer_name: str
    payer_tax_code: str
    payer_address: str
    parts: Sequence[ChildPart]
    heading: str
    asked: str
    total: str
    tax: Sequence[tuple[str, str]]
    tax_law: str
    state: str
    how: str
    notice: str
    site: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditNoteSheet:
    """
    What is printed on a credit note; texts as they are printed, empty when there is nothing to say.

    :ivar invoice: the number of the invoice that it annuls, and its day
    """

    number: str
    title: str
    issued_on: str
    issued_at: datetime
    invoice: str
    invoice_on: str
    reason: str
    creditor_name: str
    creditor_tax_code: str
    creditor_office: str
    creditor_info: str
    payer_name: str
    payer_tax_code: str
    payer_address: str
    parts: Sequence[ChildPart]
    total: str
    tax: Sequence[tuple[str, str]]
    how: str


def credit_note_pdf(sheet: CreditNoteSheet) -> bytes:
    """Print a credit note; the same values give the same bytes."""
    values = {name: value for name, value in asdict(sheet).items() if name != "issued_at"}
    return render("domains/billing/documents/credit_note.typ", values, made_at=sheet.issued_at)


def invoice_pdf(sheet: InvoiceSheet) -> bytes:
    """Print an invoice; the same values give the same bytes."""
    values = {name: value for name, value in asdict(sheet).items() if name != "issued_at"}
    return render(TEMPLATE, values, made_at=sheet.issued_at)
