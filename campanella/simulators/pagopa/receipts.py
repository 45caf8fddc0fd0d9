"""The receipt (RT) a PSP gives for a payment, V1 and V2, with every field the schema knows."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campanella.simulators import amounts
from campanella.simulators.pagopa import envelope, messages
from campanella.simulators.pagopa.envelope import STYLES, Fields
from campanella.simulators.pagopa.messages import Subject, Transfer
from campanella.simulators.pagopa.station import REQUESTS, SEND, Addressee

PSP_NAME = "PSP Simulatore"
PSP_TAX_CODE = "99999000021"
# How the payer paid -> the words of the receipt: paymentMethod, channelDescription.
METHODS = {
    "carta": ("creditCard", "WISP"),
    "conto": ("bankTransfer", "WISP"),
    "paypal": ("payPal", "WISP"),
    "contanti": ("cash", "sportello fisico"),
}


@dataclass(frozen=True)
class Receipt:
    """One payment as its PSP tells it; amounts are cents, `paid_at` is Italian time."""

    receipt_id: str
    notice_number: str
    fiscal_code: str
    creditor_reference_id: str
    amount_cents: int
    description: str
    company_name: str
    debtor: Subject
    transfers: Sequence[Transfer]
    paid_at: datetime
    payer: Subject | None = None
    office_name: str | None = None
    method: str = "carta"
    fee_cents: int = 0
    payment_note: str | None = None
    metadata: tuple[tuple[str, str], ...] = ()
    stand_in: bool = False


def new_receipt_id() -> str:
    """A payment token as the Node makes them: 32 hexadecimal digits, never used before."""
    return uuid.uuid4().hex


def write(receipt: Receipt, *, to: Addressee, version: int, style: str) -> bytes:
    """The paSendRT (version 1) or paSendRTV2 (version 2) request that carries the receipt."""
    fields: Fields = [*to.fields, ("receipt", _fields(receipt, version))]
    return envelope.write(REQUESTS[SEND[version]], fields, STYLES[style])


def _fields(receipt: Receipt, version: int) -> Fields:
    method, channel = METHODS[receipt.method]
    return [
        ("receiptId", receipt.receipt_id),
        ("noticeNumber", receipt.notice_number),
        ("fiscalCode", receipt.fiscal_code),
        ("outcome", "OK"),
        ("creditorReferenceId", receipt.creditor_reference_id),
        ("paymentAmount", amounts.to_wire(receipt.amount_cents)),
        ("description", receipt.description),
        ("companyName", receipt.company_name),
        ("officeName", receipt.office_name),
        ("debtor", messages.write_subject(receipt.debtor)),
        (
            "transferList",
            [("transfer", messages.write_transfer(t, version=version)) for t in receipt.transfers],
        ),
        ("idPSP", "SIMULATORE"),
        ("pspFiscalCode", PSP_TAX_CODE),
        ("pspPartitaIVA", PSP_TAX_CODE),
        ("PSPCompanyName", PSP_NAME),
        ("idChannel", f"{PSP_TAX_CODE}_01"),
        ("channelDescription", channel),
        ("payer", messages.write_subject(receipt.payer) if receipt.payer else None),
        ("paymentMethod", method),
        ("paymentNote", receipt.payment_note if version == 2 else None),
        ("fee", amounts.to_wire(receipt.fee_cents)),
        ("paymentDateTime", receipt.paid_at.strftime("%Y-%m-%dT%H:%M:%S")),
        ("applicationDate", receipt.paid_at.date().isoformat()),
        ("transferDate", _next_banking_day(receipt.paid_at.date()).isoformat()),
        ("metadata", messages.write_metadata(receipt.metadata)),
        ("standIn", "true" if receipt.stand_in else None),
    ]


def _next_banking_day(day: date) -> date:
    following = day + timedelta(days=1)
    while following.weekday() >= 5:
        following += timedelta(days=1)
    return following
