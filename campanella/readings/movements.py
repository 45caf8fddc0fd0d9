"""
A wallet's movements in words: which meal of which day, why it was corrected, which receipt a top-up came with.

Reads the ledger, the roll-calls, the receipts and the audit trail; the number of queries does not grow with the lines.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.queries import DayMark
from campanella.domains.ledger.queries import MovementLine
from campanella.domains.ledger.rules import EntryKind
from campanella.domains.payments.receipts import queries as receipts
from campanella.domains.payments.receipts.queries import ReceiptView
from campanella.domains.services.models import Service
from campanella.foundation.core import audit
from campanella.foundation.core.italian import at_time, day_long
from campanella.readings.billing.named import numbers_by_payment

# Another tariff, or an enrolment written later: nobody has corrected the presence, the day's price has changed.
PRICED_AGAIN = "Differenza per la tariffa di quel giorno"
OPENING = "Saldo dal programma precedente"

ToldKind = Literal[
    "use",
    "again",
    "fee",
    "stamp",
    "opening",
    "top_up",
    "adjustment",
    "transfer",
    "collection",
    "returned",
    "goodwill",
    "write_off",
    "refund",
    "sent_back",
    "reminder",
    "cash",
    "cash_void",
    "interest",
]
# What is told by its title, and the reason that stands in the book.
_BY_TITLE: dict[EntryKind, tuple[str, ToldKind]] = {
    "adjustment": ("Correzione dell’ufficio", "adjustment"),
    "collection": ("Addebito sul conto", "collection"),
    "returned": ("Addebito tornato indietro", "returned"),
    "goodwill": ("Credito di cortesia", "goodwill"),
    "write_off": ("Debito cancellato", "write_off"),
    "refund": ("Rimborso", "refund"),
    "sent_back": ("Rimborso tornato indietro", "sent_back"),
    "reminder": ("Spese di un sollecito", "reminder"),
    "cash": ("Ricarica", "cash"),
    "cash_void": ("Ricarica annullata", "cash_void"),
    "stamp": ("Imposta di bollo", "stamp"),
    "interest": ("Interessi su quello che è in ritardo", "interest"),
}


@dataclass(frozen=True)
class Told:
    """
    A movement as a person reads it.

    :ivar title: what it is, with its day: "Pasto di mercoledì 14 ottobre"
    :ivar why: the reason of a correction, that the price changed, or where it comes from
    :ivar kind: what it was; ``again`` is a day's money moved once more
    :ivar service_kind: of the service a day was used of
    :ivar request_id: the position whose page has the receipt, for a top-up
    """

    line: MovementLine
    title: str
    why: str
    kind: ToldKind
    service_kind: str = ""
    request_id: int | None = None

    @property
    def short(self) -> str:
        """What it is, under the day on which it was booked: the day it speaks of is told only when it is another."""
        if self.line.day != self.line.booked_on:
            return self.title
        return self.title.removesuffix(f" di {day_long(self.line.day)}")


def told(*, lines: Sequence[MovementLine], is_shared: bool = False) -> list[Told]:
    """
    Put movements into words: at most five queries, whatever their number.

    :param is_shared: the wallet pays all services, so that a day must say of which one it is
    """
    presence_ids = [number for line in lines if (number := line.source.presence_id)]
    marks = sheets.marks_by_id(presence_ids=presence_ids) if presence_ids else {}
    later = [line for line in lines if (mark := _mark_of(line, marks)) and _is_later(line, mark)]
    reasons = _reasons(later)
    iurs = [iur for line in lines if (iur := line.source.receipt_id)]
    paid = receipts.receipts_by_id(receipt_ids=iurs) if iurs else {}
    invoiced = numbers_by_payment(entry_ids=[line.entry_id for line in lines if line.source.receipt_id])
    told = []
    for line in lines:
        mark = _mark_of(line, marks)
        if mark:
            told.append(_use(line, mark, _unit(line, mark.service, is_shared), reasons.get((line.source, line.at))))
        else:
            told.append(_other(line, paid, invoiced.get(line.entry_id, [])))
    return told


def _other(line: MovementLine, receipts: dict[str, ReceiptView], invoices: Sequence[str]) -> Told:
    if line.kind == "opening":
        return Told(line, OPENING, "" if line.memo == OPENING else line.memo, "opening")
    if line.kind == "top_up":
        receipt = receipts.get(line.source.receipt_id or "")
        where = f"Pagata con {receipt.psp_name}" if receipt and receipt.psp_name else line.memo
        of = "della fattura" if len(invoices) == 1 else "delle fatture"
        title = f"Pagamento {of} {' e '.join(invoices)}" if invoices else "Ricarica"
        return Told(line, title, where, "top_up", request_id=receipt.request_id if receipt else None)
    if line.kind == "fee":
        return Told(line, line.memo, "Quota fissa" if line.amount.cents < 0 else "Restituita", "fee")
    if line.kind in _BY_TITLE:
        title, kind = _BY_TITLE[line.kind]
        return Told(line, title, line.memo, kind)
    return Told(line, line.memo or "Movimento", "", "transfer")


def _use(line: MovementLine, mark: DayMark, unit: str, reason: str | None) -> Told:
    """
    Tell what a day of a service moved.

    :param reason: of the correction made at that instant; None when there was none, so that the price has moved the money
    """
    kind = mark.service.kind if mark.service else ""
    what = f"{unit} di {day_long(line.day)}"
    if not _is_later(line, mark):
        called = f"Presente all’appello delle {at_time(mark.confirmed_at)}" if mark.confirmed_at else "Presente all’appello"
        return Told(line, _capital(what), called if mark.is_due else "Poi corretto: era assente", "use", kind)
    if reason is None:
        return Told(line, f"Ricalcolo: {what}", _capital(line.memo.partition(": ")[2]) or PRICED_AGAIN, "again", kind)
    if line.amount.cents > 0:
        return Told(line, f"Correzione: {what}", reason, "again", kind)
    return Told(line, _capital(what), reason if mark.is_due else "Poi corretto: era assente", "use", kind)


def _unit(line: MovementLine, service: Service | None, is_shared: bool) -> str:
    """Return what one use is called: "pasto" says it all, "giorno" not of which of a wallet's services."""
    if service is None or (is_shared and service.kind != "meal"):
        return service.name if service else line.memo
    return service.unit or line.memo


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _is_later(line: MovementLine, mark: DayMark) -> bool:
    """Tell whether a movement came after the one of the roll-call itself: a correction, or another price."""
    return line.amount.cents > 0 or bool(mark.confirmed_at and line.at > mark.confirmed_at)


def _reasons(lines: Sequence[MovementLine]) -> dict[tuple[str, datetime], str]:
    """Return why each of these corrections was made: act and money name the presence alike, at the same instant."""
    subjects = sorted({line.source for line in lines})
    if not subjects:
        return {}
    acts = audit.acts_on(subjects=subjects, limit=len(subjects) * 10)
    return {(subject, act.at): act.why for act in acts for subject in act.subjects if act.why}


def _mark_of(line: MovementLine, marks: dict[int, DayMark]) -> DayMark | None:
    number = line.source.presence_id
    return marks.get(number) if number else None
