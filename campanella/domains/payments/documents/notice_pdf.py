"""The payment notice as PDF. Layout and words: pagoPA, "Avviso di pagamento" 3.5, one instalment."""

from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.payments.gateways.pagopa import notice_number as numbers
from campanella.foundation.core.italian import day_figures
from campanella.foundation.documents.codes import qr_svg
from campanella.foundation.documents.pdf import render

TEMPLATE = "domains/payments/documents/notice.typ"

_QR_VERSION = 4  # 33 modules, 25 mm wide: fixed by pagoPA


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSheet:
    """
    What is printed on a notice; optional texts are empty when there is nothing to say.

    :param subject: what for, at most 90 characters; it travels to banks, so never a child's name
    :param whom: the child it is for, given name and class, for the family that holds two papers alike
    :param items: what it pays, one by one, when it is several things
    :param amount_cents: what the QR code asks for
    :param due_on: None when nothing is due: then no date is printed
    :param issued_at: when the notice was made, an instant
    :param cbill: the creditor's SIA code, for home banking
    :param site: address of the portal, as people read it (`pesaro.example.it`)
    :param logo: the town's arms, SVG, PNG or JPEG
    """

    notice_number: str
    subject: str
    amount_cents: int
    due_on: date | None
    issued_at: datetime
    creditor_name: str
    creditor_tax_code: str
    creditor_office: str = ""
    creditor_info: str = ""
    cbill: str = ""
    debtor_name: str
    whom: str = ""
    items: tuple[str, ...] = ()
    debtor_tax_code: str = ""
    debtor_address: str = ""
    site: str = ""
    logo: bytes = b""


def notice_pdf(sheet: NoticeSheet) -> bytes:
    """
    Print a notice that can be paid at once: QR code, notice number in groups of four, CBILL.

    :raises ValueError: a number, tax code or amount that a reader of the QR code would refuse
    """
    return render(TEMPLATE, notice_data(sheet), made_at=sheet.issued_at, images=notice_images(sheet))


def notice_data(sheet: NoticeSheet) -> dict[str, object]:
    """Give the values of the template, as they are printed."""
    return {
        "notice_grouped": numbers.grouped(sheet.notice_number),
        "subject": _cut(sheet.subject, 90),
        "amount": _amount(sheet.amount_cents),
        "due_on": day_figures(sheet.due_on) if sheet.due_on else "",
        "creditor_name": sheet.creditor_name,
        "creditor_tax_code": sheet.creditor_tax_code,
        "creditor_office": sheet.creditor_office,
        "creditor_info": sheet.creditor_info,
        "cbill": sheet.cbill.upper(),
        "debtor_name": sheet.debtor_name,
        "whom": sheet.whom,
        "items": list(sheet.items),
        "debtor_tax_code": sheet.debtor_tax_code.upper(),
        "debtor_address": sheet.debtor_address,
        "site": sheet.site,
    }


def notice_images(sheet: NoticeSheet) -> dict[str, bytes]:
    """Give the pictures of the template: the QR code, and the arms where there are any."""
    text = numbers.qr_text(sheet.notice_number, sheet.creditor_tax_code, sheet.amount_cents)
    return {"qr": qr_svg(text, version=_QR_VERSION)} | ({"logo": sheet.logo} if sheet.logo else {})


def _amount(cents: int) -> str:
    """Write an amount as the notice wants it: `1.234,56`."""
    return f"{cents // 100:,}".replace(",", ".") + f",{cents % 100:02}"


def _cut(text: str, longest: int) -> str:
    """Cut a text between two words where it can be: half a word may be another word."""
    if len(text) <= longest:
        return text
    kept = text[:longest]
    return (kept.rpartition(" ")[0] or kept[:-1]).rstrip(" ,;:-") + "…"
