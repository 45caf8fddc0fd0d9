"""Receipts as a sheet for a spreadsheet program."""

import csv
from collections.abc import Sequence
from io import StringIO

from campanella.domains.payments import rules
from campanella.domains.payments.receipts.queries import ReceiptView
from campanella.foundation.core.clock import ROME
from campanella.foundation.design.forms import plain_amount

HEAD = ("Arrivata", "Importo", "Numero avviso", "IUV", "IUR", "Chi ha pagato", "Codice fiscale", "PSP", "Metodo", "Stato")
STATES = {
    "booked": "accreditata", "placed": "accreditata dall’ufficio", "closed": "chiusa senza accredito",
    "parked": "da sistemare", "": "in arrivo",
}  # fmt: skip
# A spreadsheet runs a cell that begins so as a formula (OWASP, CSV injection).
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def receipts_sheet(receipts: Sequence[ReceiptView]) -> str:
    """Write receipts as Italian spreadsheets open them: semicolons, decimal comma, byte order mark."""
    out = StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\r\n")
    rows.writerow(HEAD)
    for receipt in receipts:
        rows.writerow(
            [
                f"{receipt.kept_at.astimezone(ROME):%d/%m/%Y %H:%M}", plain_amount(receipt.amount.cents),
                *(harmless(text) for text in _texts(receipt)),
            ]
        )  # fmt: skip
    return "\ufeff" + out.getvalue()


def harmless(text: str) -> str:
    """Neutralise a text that a spreadsheet would run as a formula."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def _texts(receipt: ReceiptView) -> tuple[str, ...]:
    # A leading apostrophe keeps the eighteen digits of a number whole.
    return (
        f"'{receipt.notice_number}", f"'{receipt.notice_number[1:]}", receipt.receipt_id, receipt.payer_name,
        receipt.payer_tax_code, receipt.psp_name, rules.METHODS.get(receipt.method, receipt.method), STATES[receipt.state],
    )  # fmt: skip
