"""The receipt of a payment as PDF. What it must show: pagoPA, SANP, "Attestazione di pagamento"."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from campanella.domains.payments.gateways.pagopa import notice_number as numbers
from campanella.foundation.documents.pdf import render

TEMPLATE = "domains/payments/documents/receipt.typ"

_ROME = ZoneInfo("Europe/Rome")
_DAYS = ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica")
_MONTHS = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
    "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLine:
    """What a share of the payment was for. The receipt goes to the family alone, so a child may be named."""

    service: str
    person: str
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptSheet:
    """
    What is printed on a receipt; optional texts are empty when there is nothing to say.

    :param receipt_id: the IUR, pagoPA's unique number of the payment
    :param notice_number: eighteen digits
    :param paid_at: an instant with its time zone, printed in Italian time
    :param payer_name: who paid; whoever the notice was for is `debtor_name`
    :param payment_method: in words, such as `carta`
    :param traceable: False only for cash, which cannot be deducted
    """

    receipt_id: str
    iuv: str
    notice_number: str
    amount_cents: int
    fee_cents: int | None = None
    paid_at: datetime
    applied_on: date | None = None
    description: str
    creditor_name: str
    creditor_tax_code: str
    creditor_office: str = ""
    payer_name: str
    payer_tax_code: str = ""
    debtor_name: str = ""
    debtor_tax_code: str = ""
    psp_name: str
    psp_tax_code: str = ""
    payment_method: str = ""
    lines: Sequence[ReceiptLine] = ()
    traceable: bool = True
    logo: bytes = b""


def receipt_pdf(sheet: ReceiptSheet) -> bytes:
    """
    Print a receipt.

    :raises ValueError: `paid_at` has no time zone
    """
    images = {"logo": sheet.logo} if sheet.logo else {}
    return render(TEMPLATE, receipt_data(sheet), made_at=sheet.paid_at, images=images)


def receipt_data(sheet: ReceiptSheet) -> dict[str, object]:
    """Give the values of the template, as they are printed."""
    if sheet.paid_at.tzinfo is None:
        raise ValueError("the moment of a payment needs its time zone")
    return {
        "receipt_id": sheet.receipt_id,
        "iuv": sheet.iuv,
        "notice_grouped": numbers.grouped(sheet.notice_number),
        "amount": _euro(sheet.amount_cents),
        "fee": "" if sheet.fee_cents is None else _euro(sheet.fee_cents),
        "paid_at": _moment(sheet.paid_at.astimezone(_ROME)),
        "applied_on": _day(sheet.applied_on) if sheet.applied_on else "",
        "description": sheet.description,
        "creditor_name": sheet.creditor_name,
        "creditor_tax_code": sheet.creditor_tax_code,
        "creditor_office": sheet.creditor_office,
        "payer_name": sheet.payer_name,
        "payer_tax_code": sheet.payer_tax_code,
        "debtor": _with_code(sheet.debtor_name, sheet.debtor_tax_code),
        "psp": _with_code(sheet.psp_name, sheet.psp_tax_code),
        "payment_method": sheet.payment_method,
        "lines": [{"service": line.service, "person": line.person, "amount": _euro(line.cents)} for line in sheet.lines],
        "traceable": sheet.traceable,
    }


def _euro(cents: int) -> str:
    """Write an amount with a hard space: `1.234,56 €`."""
    return f"{cents // 100:,}".replace(",", ".") + f",{cents % 100:02}\u00a0€"


def _day(day: date) -> str:
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def _moment(moment: datetime) -> str:
    return f"{_day(moment.date())}, ore {moment:%H:%M:%S}"


def _with_code(name: str, tax_code: str) -> str:
    return f"{name} ({tax_code})" if name and tax_code else name
