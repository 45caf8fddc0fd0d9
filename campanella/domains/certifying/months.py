"""
Which payments cover which months: the oldest credit pays the oldest use, whatever came first. Plain rules.

INPS wants a receipt for each month of nursery with the payments that prove it; a family pays whenever it likes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from campanella.domains.certifying.rules import Paid


@dataclass(frozen=True)
class Use:
    """
    What left a wallet.

    :ivar month: first day of the month it was used in, None for what no month's receipt is for (a refund, another service)
    :ivar on: the day that puts it in order
    """

    wallet_id: int
    on: date
    cents: int
    month: date | None = None


@dataclass(frozen=True)
class Credit:
    """What came into a wallet; without a payment nobody has proof of it (an opening balance, an adjustment)."""

    wallet_id: int
    on: date
    cents: int
    paid: Paid | None = None


@dataclass(frozen=True)
class Covered:
    """A part of a month that a payment covers, in cents."""

    wallet_id: int
    month: date
    paid: Paid
    cents: int


def covered(*, uses: Sequence[Use], credits: Sequence[Credit]) -> list[Covered]:
    """
    Match uses with credits, each wallet by itself, the oldest first; only what a traceable payment covers is returned.

    What is used before it is paid waits for the next credit; credit that is left waits for the next use.
    """
    found: dict[tuple[int, date, Paid], int] = {}
    for wallet_id in sorted({use.wallet_id for use in uses}):
        waiting = sorted((one for one in credits if one.wallet_id == wallet_id and one.cents > 0), key=lambda one: one.on)
        left = [one.cents for one in waiting]
        place = 0
        for use in sorted((one for one in uses if one.wallet_id == wallet_id), key=lambda one: one.on):
            due = use.cents
            while due > 0 and place < len(waiting):
                taken = min(due, left[place])
                due, left[place] = due - taken, left[place] - taken
                paid = waiting[place].paid
                if use.month and paid and paid.is_traceable and taken:
                    key = (wallet_id, use.month, paid)
                    found[key] = found.get(key, 0) + taken
                if not left[place]:
                    place += 1
    return [Covered(wallet_id, month, paid, cents) for (wallet_id, month, paid), cents in found.items()]
