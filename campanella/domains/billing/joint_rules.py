"""How many invoices one paper notice may ask for, and what its money pays of each: plain decisions, amounts in cents."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# Of one invoice there is a notice already.
LEAST = 2
# As many as are told on one sheet of paper.
MOST = 20


@dataclass(frozen=True, slots=True)
class Paid:
    """
    What the money of a joint notice has brought to a wallet for one of its invoices.

    :ivar over: of it, what the invoice did not ask for any more
    """

    invoice_id: int
    wallet_id: int
    cents: int
    over: int = 0


def split(
    *, brought: Iterable[tuple[int, int]], claims: Sequence[tuple[int, int, int]], otherwise: Mapping[int, int]
) -> list[Paid]:
    """
    Return what each invoice gets of what a joint notice has brought to each wallet; the parts of a wallet make all of it.

    The oldest gets first what is open of it. What is too much belongs to what was paid otherwise meanwhile, and what is
    more than that to the newest of the wallet.

    :param brought: (wallet, cents)
    :param claims: (invoice, wallet, what is open), the oldest first, each wallet of each invoice
    :param otherwise: by invoice what of it was settled otherwise since the notice was made
    """
    spare, found = dict(otherwise), []
    for wallet_id, cents in brought:
        mine = [(invoice_id, is_open) for invoice_id, wallet, is_open in claims if wallet == wallet_id]
        due = _shared_out(cents, [is_open for _, is_open in mine])
        left = cents - sum(due)
        over = _shared_out(left, [spare.get(invoice_id, 0) for invoice_id, _ in mine])
        if over:
            over[-1] += left - sum(over)
        for (invoice_id, _), paid, much in zip(mine, due, over, strict=True):
            spare[invoice_id] = max(0, spare.get(invoice_id, 0) - much)
            found.append(Paid(invoice_id, wallet_id, paid + much, much))
    return [one for one in found if one.cents]


def _shared_out(cents: int, most: Sequence[int]) -> list[int]:
    """Return what each gets, one after the other, of at most so much each."""
    given = []
    for one in most:
        given.append(min(cents, one))
        cents -= given[-1]
    return given
