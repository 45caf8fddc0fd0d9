"""The form by which a holder authorises debits (modulo di domiciliazione): to sign, or as a copy of what was signed."""

from dataclasses import dataclass, field
from datetime import datetime

from campanella.domains.debiting import words
from campanella.foundation.core.italian import day_figures
from campanella.foundation.documents.pdf import render

TEMPLATE = "domains/debiting/documents/mandate.typ"


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateSheet:
    """
    What is printed; what is not known is left to write by hand.

    :ivar iban: the whole number: the sheet is its holder's
    :ivar signed_on: ``14/10/2026``, empty on a sheet that is still to be signed
    """

    town_name: str
    town_tax_code: str
    creditor_id: str
    office_name: str
    office_info: str
    payer: str
    children: tuple[str, ...]
    reference: str = ""
    holder: str = field(default="", repr=False)
    holder_tax_code: str = field(default="", repr=False)
    iban: str = field(default="", repr=False)
    signed_on: str = ""
    made_at: datetime


def mandate_pdf(sheet: MandateSheet) -> bytes:
    """Print the form, with the text that the EPC prescribes."""
    data = {
        "title": words.TITLE,
        "kind": words.KIND,
        "creditor_name": sheet.town_name,
        "creditor_tax_code": sheet.town_tax_code,
        "creditor_id": sheet.creditor_id,
        "office": sheet.office_name,
        "info": sheet.office_info,
        "payer": sheet.payer,
        "children": ", ".join(sheet.children),
        "reference": sheet.reference,
        "holder": sheet.holder,
        "holder_tax_code": sheet.holder_tax_code,
        "iban": " ".join(sheet.iban[place : place + 4] for place in range(0, len(sheet.iban), 4)),
        "signed_on": sheet.signed_on,
        "authorisation": words.authorisation(sheet.town_name),
        "refund": words.REFUND,
        "day": day_figures(sheet.made_at),
    }
    return render(TEMPLATE, data, made_at=sheet.made_at)
