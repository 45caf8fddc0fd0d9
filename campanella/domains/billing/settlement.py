"""Which invoice a payment settles: plain decisions, amounts in cents."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """
    What an invoice asks for a wallet; it has seen the book until an entry.

    :ivar carried: the credit that it has consumed, or (below zero) the debt that it has carried over
    """

    invoice_id: int
    cents: int
    until_entry: int
    carried: int = 0


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
    stays as credit, for the next invoice to consume. What comes back opens the invoice it names again, as far as that credit
    does not pay it. Other money that leaves (a correction of the office) opens none: the next invoice carries it over.

    :param claims: of living invoices, the oldest first
    :param credits: in any order
    """
    settled = {claim.invoice_id: 0 for claim in claims}
    asked = {claim.invoice_id: claim.cents for claim in claims}
    coming, free = list(claims), 0
    for credit in sorted(credits, key=lambda one: one.entry_id):
        while coming and coming[0].until_entry < credit.entry_id:
            free = _after(coming.pop(0), free)
        named = credit.invoice_id if credit.invoice_id in asked else None
        if credit.cents >= 0:
            older = [claim.invoice_id for claim in claims if claim.until_entry < credit.entry_id]
            wanting = [*([named] if named is not None else []), *older]
            free += _pay(wanting, credit.cents, asked, settled)
        elif named is None:
            free += credit.cents
        else:
            settled[named] -= min(settled[named], -credit.cents)
            usable = max(0, free)
            free -= usable - _pay([named], usable, asked, settled)
    return settled


def _after(claim: Claim, free: int) -> int:
    """Return the credit that is free once an invoice has consumed it, or has carried the debt over."""
    left = free - claim.carried
    return max(0, left) if claim.carried > 0 else min(0, left)


def _pay(invoice_ids: Iterable[int], cents: int, asked: Mapping[int, int], settled: dict[int, int]) -> int:
    """Settle these invoices one after the other as far as the money goes, and return what is left of it."""
    for invoice_id in invoice_ids:
        part = min(cents, asked[invoice_id] - settled[invoice_id])
        settled[invoice_id] += part
        cents -= part
    return cents
