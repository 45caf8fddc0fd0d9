"""
A wallet's movements in words: which meal of which day, why it was corrected, which receipt a top-up came with.

Reads the ledger, the roll-calls, the receipts and the audit trail; the number of queries does not grow with the lines.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.queries import DayMark
from campanella.domains.ledger.queries import MovementLine
from campanella.domains.payments.receipts import queries as receipts
from campanella.domains.payments.receipts.queries import ReceiptView
from campanella.domains.services import queries as services
from campanella.foundation.core import audit
from campanella.foundation.design.italian import at_time, day_long

SIGNS = {"meal": "c-meal", "bus": "c-bus"}


@dataclass(frozen=True)
class Told:
    """
    A movement as a person reads it.

    :ivar title: what it is, with its day: "Pasto di mercoledì 14 ottobre"
    :ivar why: the reason of a correction, or where it comes from
    :ivar request_id: the position whose page has the receipt, for a top-up
    """

    line: MovementLine
    title: str
    why: str
    sign: str
    request_id: int | None = None


def told(*, lines: Sequence[MovementLine]) -> list[Told]:
    """Put movements into words: at most five queries, whatever their number."""
    presence_ids = [number for line in lines if (number := _presence_of(line))]
    marks = sheets.marks_by_id(presence_ids=presence_ids) if presence_ids else {}
    known = {service.pk: (service.unit, service.kind) for service in services.services()} if marks else {}
    back = [line for line in lines if _presence_of(line) and line.amount.cents > 0]
    reasons = _reasons(back)
    iurs = [line.source.removeprefix("receipt:") for line in lines if line.source.startswith("receipt:")]
    paid = receipts.receipts_by_id(receipt_ids=iurs) if iurs else {}
    return [_told(line, marks, known, reasons, paid) for line in lines]


def _told(
    line: MovementLine,
    marks: dict[int, DayMark],
    known: dict[int, tuple[str, str]],
    reasons: dict[tuple[str, datetime], str],
    receipts: dict[str, ReceiptView],
) -> Told:
    mark = marks.get(_presence_of(line))
    if mark:
        unit, kind = known.get(mark.service_id, (line.memo, ""))
        return _use(line, mark, unit, SIGNS.get(kind, "c-wallet"), reasons.get((line.source, line.at), ""))
    if line.kind == "opening":
        return Told(line, "Saldo dal programma precedente", line.memo, "it-restore")
    if line.kind == "top_up":
        receipt = receipts.get(line.source.removeprefix("receipt:"))
        where = f"Pagata con {receipt.psp_name}" if receipt and receipt.psp_name else line.memo
        return Told(line, "Ricarica", where, "c-wallet", receipt.request_id if receipt else None)
    if line.kind == "adjust":
        return Told(line, "Correzione dell’ufficio", line.memo, "it-pencil")
    return Told(line, line.memo or "Movimento", "", "it-exchange-circle")


def _use(line: MovementLine, mark: DayMark, unit: str, sign: str, reason: str) -> Told:
    what = f"{unit} di {day_long(line.day)}"
    if line.amount.cents > 0:
        return Told(line, f"Correzione: {what}", reason or "L’importo di quel giorno è stato corretto", "it-restore")
    called = f"Presente all’appello delle {at_time(mark.confirmed_at)}" if mark.confirmed_at else "Presente all’appello"
    if mark.confirmed_at and line.at > mark.confirmed_at:
        called = reason or "Aggiunto dopo l’appello"
    return Told(line, what.capitalize() if unit else what, called if mark.is_present else "Poi corretto: era assente", sign)


def _reasons(lines: Sequence[MovementLine]) -> dict[tuple[str, datetime], str]:
    """Return why each of these corrections was made; the act and the money were written at the same instant."""
    subjects = sorted({line.source for line in lines})
    if not subjects:
        return {}
    acts = audit.acts_on(subjects=subjects, limit=len(subjects) * 10)
    return {(subject, act.at): act.why for act in acts for subject in act.subjects if act.why}


def _presence_of(line: MovementLine) -> int:
    kind, _, number = line.source.partition(":")
    return int(number) if kind == "presence" and number.isdigit() else 0
