"""What a household owes, one thing at a time, and the keys by which it is known again. Amounts in cents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, get_args

from campanella.domains.arrears.rules.ladder import Why

Kind = Literal["invoice", "wallet", "cost", "interest"]
KINDS: tuple[Kind, ...] = get_args(Kind)
# What a reminder itself has added to what was owed.
ADDED: tuple[Kind, ...] = ("cost", "interest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """
    One thing that is owed: what an invoice still asks for a wallet, a credit below zero, the costs of a reminder, interest.

    :ivar key: ``invoice:12``, ``wallet:7``, ``cost:3``, ``interest:5``: by it a reminder and a plan know the debt again
    :ivar title: service and month, never a child
    :ivar due_on: the day it was due; of a credit, the day it fell below zero
    :ivar cents: above zero
    :ivar told_on: when the family was told of it: the ladder counts from then, and never before its day
    """

    kind: Kind
    key: str
    wallet_id: int
    child_id: int
    invoice_id: int | None
    number: str
    title: str
    due_on: date
    cents: int
    told_on: date | None = None

    @property
    def since(self) -> date:
        """Return from when on the ladder counts."""
        return max(self.due_on, self.told_on or self.due_on)


@dataclass(frozen=True, slots=True)
class Left:
    """A debt that nobody is asked for now, and why."""

    debt: Debt
    why: Why


@dataclass(frozen=True, slots=True)
class Household:
    """
    A payer with what may be asked for, and what is left out.

    :ivar debts: the oldest due first
    :ivar barred: why nobody writes to it at all
    """

    payer_id: int
    debts: tuple[Debt, ...]
    left: tuple[Left, ...] = ()
    barred: Why | None = None
    last_place: int = 0
    last_on: date | None = None

    @property
    def total(self) -> int:
        """Return what may be asked for, in cents."""
        return sum(debt.cents for debt in self.debts)

    @property
    def oldest(self) -> date | None:
        """Return since when the oldest of what may be asked for is due, and known."""
        return min((debt.since for debt in self.debts), default=None)

    @property
    def why_left(self) -> Why | None:
        """Return why it is asked for nothing, where it owes something: the reason of most of it."""
        sums: dict[Why, int] = {}
        for one in self.left:
            sums[one.why] = sums.get(one.why, 0) + one.debt.cents
        by_cents = sorted(sums.items(), key=lambda one: -one[1])
        return by_cents[0][0] if by_cents else None


def cost_key(reminder_id: int) -> str:
    """Return the key of a reminder's costs among debts."""
    return f"cost:{reminder_id}"


def interest_key(accrual_id: int) -> str:
    """Return the key of interest among debts."""
    return f"interest:{accrual_id}"


def kind_of(key: str) -> Kind:
    """Return the kind of a debt by its key."""
    return next(kind for kind in KINDS if key.startswith(f"{kind}:"))


def in_order(debts: Iterable[Debt]) -> tuple[Debt, ...]:
    """Return debts as they are asked for and paid: the oldest first, what reminders have added last."""
    return tuple(sorted(debts, key=lambda one: (one.kind in ADDED, one.due_on, one.key, one.wallet_id)))


def by_wallet(debts: Sequence[Debt]) -> list[tuple[int, int, int]]:
    """Return (wallet, child, cents) of debts, by wallet: the parts of the one position that asks for them."""
    sums: dict[tuple[int, int], int] = {}
    for debt in debts:
        sums[debt.wallet_id, debt.child_id] = sums.get((debt.wallet_id, debt.child_id), 0) + debt.cents
    return [(wallet_id, child_id, cents) for (wallet_id, child_id), cents in sorted(sums.items())]


def first_of(debts: Sequence[Debt], *, cents: int) -> list[Debt]:
    """Return the oldest debts that make an amount, the last one cut to it: what an instalment pays."""
    found, left = [], cents
    for debt in in_order(debts):
        part = min(left, debt.cents)
        if part <= 0:
            break
        found.append(replace(debt, cents=part))
        left -= part
    return found
