"""Which invoice a payment settles: plain decisions, amounts in cents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """What an invoice asks for a wallet; it has seen the book until an entry."""

    invoice_id: int
    cents: int
    until_entry: int


@dataclass(frozen=True, slots=True)
class Credit:
    """Money that came into a wallet (or left it, below zero) and is no charge; with the invoice it names, if any."""

    entry_id: int
    cents: int
    invoice_id: int | None


def paid(*, claims: Sequence[Claim], credits: Iterable[Credit]) -> dict[int, int]:
    """
    Return how much of each invoice's claim on one wallet is paid.

    What names an invoice goes to it first; the rest, and what names none, to the oldest that is open then; what is left
    stays as credit, for the next invoice to consume. What comes back opens the invoice it names again. Other money that
    leaves (a correction of the office) opens none: the next invoice carries it over.

    :param claims: of living invoices, the oldest first
    :param credits: in any order
    """
    settled = {claim.invoice_id: 0 for claim in claims}
    asked = {claim.invoice_id: claim.cents for claim in claims}
    for credit in sorted(credits, key=lambda one: one.entry_id):
        named = credit.invoice_id if credit.invoice_id in asked else None
        left = credit.cents
        if left < 0:
            if named is not None:
                settled[named] -= min(settled[named], -left)
            continue
        older = [claim.invoice_id for claim in claims if claim.until_entry < credit.entry_id]
        for invoice_id in [*([named] if named is not None else []), *older]:
            part = min(left, asked[invoice_id] - settled[invoice_id])
            settled[invoice_id] += part
            left -= part
    return settled
