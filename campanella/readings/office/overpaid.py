"""Invoices that were paid beyond what they asked for, with who has paid: what the office has not looked at."""

from dataclasses import dataclass

from campanella.domains.billing import overpaid
from campanella.domains.billing.overpaid import OverpaidView
from campanella.readings.office.debit_answers import payers


@dataclass(frozen=True)
class OverpaidLine:
    """A payment that brought too much, and whose it is."""

    one: OverpaidView
    payer: str


def waiting() -> list[OverpaidLine]:
    """Return what waits, with names: three queries, one where there is nothing."""
    found = overpaid.waiting()
    names = payers([one.payer_id for one in found if one.payer_id]) if found else {}
    return [OverpaidLine(one, names.get(one.payer_id or 0, "Senza intestatario")) for one in found]
