"""Who decides what is put right by hand, and what may be given back: plain decisions, amounts in cents."""

from typing import Literal, get_args

Kind = Literal["adjustment", "goodwill", "write_off", "refund", "passage"]
KINDS: tuple[Kind, ...] = get_args(Kind)
State = Literal["waiting", "done", "withdrawn", "refused", "expired"]
STATES: dict[State, str] = {
    "waiting": "In attesa",
    "done": "Fatta",
    "withdrawn": "Ritirata",
    "refused": "Respinta",
    "expired": "Decaduta",
}
# What a step may be; all but the first end a proposal.
StepKind = Literal["endorsed", "done", "withdrawn", "refused", "expired"]
STEPS: tuple[StepKind, ...] = get_args(StepKind)


# What one person decides alone of a wallet counts together for so long: many small sums are no way around a second person.
TOGETHER_DAYS = 30


def hands_for_adjustment(*, cents: int, second_from: int, alone: int = 0) -> int:
    """
    Return how many people of the office decide an adjustment or a refund.

    :param cents: however it is signed
    :param second_from: from this amount on two do; 0 is always
    :param alone: what was decided of the wallet by one person within ``TOGETHER_DAYS``
    """
    return 2 if abs(cents) + alone >= second_from else 1


def hands_for_goodwill(*, cents: int, spent: int, yearly: int) -> int:
    """
    Return how many people decide a kindness.

    :param spent: what its giver has given alone in the calendar year
    :param yearly: what one may give alone in it
    """
    return 1 if spent + cents <= yearly else 2


def may_write_off(*, cents: int, balance: int, most: int) -> bool:
    """Tell whether a debt may be written off: small enough, and no more than is owed."""
    return 0 < cents <= min(most, -balance)
