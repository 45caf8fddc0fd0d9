"""Receipts as a sheet for a spreadsheet program."""

from collections.abc import Iterator, Sequence

from campanella.domains.payments import rules
from campanella.domains.payments.receipts.queries import ReceiptView
from campanella.foundation.core.italian import moment_figures
from campanella.foundation.documents.sheets import Cell
from campanella.readings.office.receipts import whose

HEAD = (
    "Arrivata",
    "Importo pagato",
    "Quota del Comune",
    "Bambino",
    "Servizio",
    "Numero avviso",
    "IUV",
    "IUR",
    "Chi ha pagato",
    "Codice fiscale",
    "PSP",
    "Metodo",
    "Stato",
)
STATES = {
    "booked": "accreditata",
    "placed": "accreditata dall’ufficio",
    "closed": "chiusa senza accredito",
    "parked": "da sistemare",
    "": "in arrivo",
}
IN_FOURS = 4


def rows_of(receipts: Sequence[ReceiptView], *, in_fours: bool) -> Iterator[list[Cell]]:
    """
    Write receipts, each with the child and the service it is for.

    The town's share is what the page sums: of a receipt that is shared with another body only that has come in.

    :param in_fours: write long numbers in groups, as on paper; else a program that opens a CSV takes them for figures and
        keeps fifteen of eighteen digits
    """
    names = whose(receipts=receipts)
    for receipt in receipts:
        yield [
            moment_figures(receipt.kept_at),
            receipt.amount,
            receipt.share,
            names[receipt.id].child_name,
            names[receipt.id].service_name,
            _number(receipt.notice_number, in_fours=in_fours),
            _number(receipt.notice_number[1:], in_fours=in_fours),
            receipt.receipt_id,
            receipt.payer_name,
            receipt.payer_tax_code,
            receipt.psp_name,
            rules.METHODS.get(receipt.method, receipt.method),
            STATES[receipt.state],
        ]


def _number(digits: str, *, in_fours: bool) -> str:
    if not in_fours:
        return digits
    return " ".join(digits[start : start + IN_FOURS] for start in range(0, len(digits), IN_FOURS))
