"""What is looked at before invoices leave: plain decisions, amounts in cents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from campanella.domains.billing.rules import Purse

AnomalyKind = Literal[
    "running", "decided", "calendar", "days", "jump", "negative", "email", "tax_code", "payer", "tariff", "billed"
]

# Under this difference a jump is no news.
LEAST_JUMP = 1000


@dataclass(frozen=True, slots=True)
class Anomaly:
    """
    Something to look at before invoices leave.

    :ivar child_id: 0 where it is about the month as a whole
    :ivar cents: of the child now; ``before_cents`` of the month before
    :ivar days: how many days it is about
    :ivar number: of the invoice on which it stands already
    """

    kind: AnomalyKind
    child_id: int
    cents: int = 0
    before_cents: int = 0
    days: int = 0
    number: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """
    What is known of a wallet's lines beyond their sum: days charged, outside the calendar, at another price.

    :ivar decided: days that were there before it was decided that they are paid after the month
    """

    wallet_id: int
    days: int
    outside: int
    other_price: int
    given_back: int
    most_days: int
    decided: int = 0


def anomalies(
    purses: Sequence[Purse],
    *,
    looked: Mapping[int, Looked],
    before: Mapping[int, int],
    jump_percent: int,
    without_email: frozenset[int],
    without_tax_code: frozenset[int],
    billed: Sequence[tuple[int, str]] = (),
    to_come: int = 0,
) -> list[Anomaly]:
    """
    Return what to look at, child by child.

    :param before: by child what it was billed in the month before; empty when there was no run
    :param without_email: payers
    :param without_tax_code: children, their own or their payer's
    :param billed: children who owe the same already, with the number of the invoice that says so, if there is one
    :param to_come: days of the month on which the service is still to be used
    """
    found = [Anomaly("running", 0, days=to_come)] if to_come else []
    found += [Anomaly("billed", child_id, number=number) for child_id, number in billed]
    for purse in purses:
        child, seen = purse.child_id, looked.get(purse.wallet_id)
        if seen is None or not (purse.lines or seen.days):
            continue
        if seen.decided:
            found.append(Anomaly("decided", child, days=seen.decided))
        if seen.outside:
            found.append(Anomaly("calendar", child, days=seen.outside))
        if seen.days > seen.most_days:
            found.append(Anomaly("days", child, days=seen.days))
        if seen.other_price:
            found.append(Anomaly("tariff", child, days=seen.other_price))
        if purse.lines < 0 or purse.due < 0:
            found.append(Anomaly("negative", child, cents=purse.due))
        was = before.get(child) if before else None
        if is_jump(now=purse.lines, before=was, percent=jump_percent):
            found.append(Anomaly("jump", child, cents=purse.lines, before_cents=was or 0))
        if purse.payer_id is None:
            found.append(Anomaly("payer", child))
        else:
            if purse.payer_id in without_email:
                found.append(Anomaly("email", child))
            if child in without_tax_code:
                found.append(Anomaly("tax_code", child))
    return found


def is_jump(*, now: int, before: int | None, percent: int) -> bool:
    """Tell whether an amount is far from that of the month before; without one there is nothing to compare."""
    if before is None or abs(now - before) < LEAST_JUMP:
        return False
    return abs(now - before) * 100 > before * percent
