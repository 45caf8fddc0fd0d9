"""
A wallet between two days: what it opened with, what moved it by kind, what it closed with.

Family and office read the same one: in it every movement is in exactly one line, so that the lines make the closing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from campanella.domains.ledger import queries as ledger
from campanella.domains.ledger.queries import MovementLine
from campanella.domains.ledger.rules import EntryKind
from campanella.foundation.core.money import Euro

KINDS: dict[EntryKind, str] = {
    "top_up": "Ricariche e pagamenti",
    "cash": "Ricariche alla cassa",
    "cash_void": "Ricariche alla cassa annullate",
    "adjustment": "Correzioni dell’ufficio",
    "transfer": "Giroconti",
    "collection": "Addebiti sul conto",
    "returned": "Addebiti tornati indietro",
    "goodwill": "Crediti di cortesia",
    "write_off": "Debiti cancellati",
    "refund": "Rimborsi",
    "sent_back": "Rimborsi tornati indietro",
    "reminder": "Spese dei solleciti",
    "stamp": "Imposta di bollo",
    "interest": "Interessi",
    "opening": "Saldo dal programma precedente",
}
USED, FEES, GIVEN_BACK = "Servizi usati", "Quote fisse", "Correzioni e ricalcoli"
_ORDER: tuple[EntryKind, ...] = (
    "cash",
    "cash_void",
    "stamp",
    "adjustment",
    "goodwill",
    "write_off",
    "transfer",
    "refund",
    "sent_back",
    "collection",
    "returned",
    "reminder",
    "interest",
    "opening",
)
GROUPS = (KINDS["top_up"], USED, FEES, GIVEN_BACK, *(KINDS[kind] for kind in _ORDER))


@dataclass(frozen=True)
class Account:
    """The account of a period: the opening and all its lines make the closing."""

    opening: Euro
    lines: tuple[tuple[str, Euro], ...]
    closing: Euro


def account(*, wallet_id: int, first: date, last: date) -> Account | None:
    """Account for the days between two, both included: one query; None where nothing moved."""
    found = ledger.account_of(wallet_id=wallet_id, first=first, last=last)
    return _grouped(found.opening, [(kind, is_taken, amount) for (kind, is_taken), amount in found.sums.items()])


def account_of_lines(lines: Sequence[MovementLine]) -> Account | None:
    """Account for a period of which these are all movements, newest first: they say everything."""
    if not lines:
        return None
    oldest = lines[-1]
    opening = Euro(oldest.balance_after.cents - oldest.amount.cents)
    return _grouped(opening, [(line.kind, line.amount.cents < 0, line.amount) for line in lines])


def _grouped(opening: Euro, moved: Sequence[tuple[EntryKind, bool, Euro]]) -> Account | None:
    sums: dict[str, int] = {}
    for kind, is_taken, amount in moved:
        group = _group(kind, is_taken=is_taken)
        sums[group] = sums.get(group, 0) + amount.cents
    lines = tuple((group, Euro(sums[group])) for group in GROUPS if group in sums)
    return Account(opening, lines, Euro(opening.cents + sum(sums.values()))) if lines else None


def _group(kind: EntryKind, *, is_taken: bool) -> str:
    if kind in ("charge", "fee"):
        taken = USED if kind == "charge" else FEES
        return taken if is_taken else GIVEN_BACK
    return KINDS[kind]
