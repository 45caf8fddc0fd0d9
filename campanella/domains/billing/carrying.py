"""What wallets bring along when their family is to pay otherwise: credit that is free, or a debt that is carried over."""

from collections.abc import Sequence
from dataclasses import dataclass

from campanella.domains.billing import statements
from campanella.domains.billing.views import unpaid_of
from campanella.foundation.core import sql
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id


@dataclass(frozen=True, slots=True)
class Carried:
    """
    A wallet as the next invoice will find it.

    :ivar unbilled: what was charged to be paid after the month, and is on no invoice yet
    :ivar unpaid: what its invoices still ask for
    """

    wallet_id: int
    balance: Euro
    unbilled: Euro
    unpaid: Euro

    @property
    def free(self) -> Euro:
        """Return what is neither asked for nor to be asked for: above zero a credit, below a debt to carry over."""
        return self.balance + self.unbilled + self.unpaid

    @property
    def covered(self) -> Euro:
        """Return how much of the days that are on no invoice yet the credit has paid: their invoice asks the rest alone."""
        return Euro(max(0, min(self.free.cents, self.unbilled.cents)))

    @property
    def left(self) -> Euro:
        """Return what is left once those days are paid, as the book has it: a credit, or below zero a debt to carry over."""
        return self.free - self.covered


def carried(*, wallet_ids: Sequence[int]) -> dict[int, Carried]:
    """Return what each of these wallets brings along: three queries, which read these wallets' movements alone."""
    rows = sql.rows(statements.UNBILLED, {"town": active_town_id(), "wallets": list(wallet_ids)})
    unpaid = unpaid_of(wallet_ids=wallet_ids)
    return {
        pk: Carried(pk, Euro(balance), Euro(charged - told), Euro(unpaid.get(pk, 0))) for pk, balance, charged, told in rows
    }
