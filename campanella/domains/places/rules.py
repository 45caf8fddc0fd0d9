"""How many places are free, who is next, and what a place may become: plain decisions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

STATES: dict[str, str] = {
    "waiting": "in lista d’attesa",
    "offered": "posto offerto",
    "held": "ha il posto",
    "given_back": "posto lasciato",
    "lapsed": "offerta scaduta",
    "refused": "offerta rifiutata",
    "withdrawn": "richiesta ritirata",
}
# What else stands in its history.
SAID: dict[str, str] = STATES | {"prolonged": "offerta prolungata"}
# While a place is one of these, nobody asks for another of the same for the same child.
LIVE: tuple[str, ...] = ("waiting", "offered", "held")
# A place that is offered is nobody else's until its term is over.
TAKING: tuple[str, ...] = ("offered", "held")

# From which states each step leads where.
STEPS: dict[str, tuple[str, ...]] = {
    "offered": ("waiting",),
    "held": ("waiting", "offered"),
    "given_back": ("held",),
    "lapsed": ("offered",),
    "refused": ("offered",),
    "withdrawn": ("waiting", "offered"),
}


@dataclass(frozen=True, slots=True)
class Asking:
    """
    A child that waits.

    :ivar is_reserved: it may take one of the reserved places
    """

    id: int
    asked_at: datetime
    is_reserved: bool = False


def leads(*, state: str, to: str) -> bool:
    """Tell whether a place in a state may become another."""
    return state in STEPS.get(to, ())


def free(
    *, capacity: int | None, taken: int, reserved: int = 0, taken_reserved: int = 0, is_reserved: bool = False
) -> int | None:
    """
    Return how many places are left; None where there is no limit, 0 also where more are taken than there are.

    :param reserved: places of the capacity that are kept for who has a right to them
    :param taken: places taken by everybody
    :param taken_reserved: of these, by who has a right to the reserved ones
    :param is_reserved: left for one of those; what they take beyond their own they take of everybody's
    """
    if capacity is None:
        return None
    kept = 0 if is_reserved else max(0, reserved - taken_reserved)
    return max(0, capacity - taken - kept)


def is_full(*, capacity: int | None, taken: int) -> bool:
    """
    Tell whether nothing is left for who comes next.

    :param capacity: None where there is no limit
    :param taken: by everybody who came before
    """
    return free(capacity=capacity, taken=taken) == 0


def in_order(asking: Iterable[Asking]) -> list[Asking]:
    """Return who waits, who asked first first; two of one instant by the number of their request."""
    return sorted(asking, key=lambda one: (one.asked_at, one.id))


def next_ones(
    *, asking: Iterable[Asking], capacity: int | None, reserved: int, taken: int, taken_reserved: int
) -> Sequence[int]:
    """
    Return to whom the free places go now, in order.

    Who has no right to a reserved place is passed over while only those are left; it keeps its place in the line.
    """
    chosen = []
    for one in in_order(asking):
        left = free(
            capacity=capacity,
            reserved=reserved,
            taken=taken,
            taken_reserved=taken_reserved,
            is_reserved=one.is_reserved,
        )
        if left is None or left > 0:
            chosen.append(one.id)
            taken += 1
            taken_reserved += one.is_reserved
    return chosen


def working_weeks(*, first: date, last: date) -> list[tuple[date, date]]:
    """
    Return the weeks between two days, both included, Monday to Friday; the first and the last may be shorter.

    :returns: the first and the last day of each
    """
    found = []
    monday = first - timedelta(days=first.weekday())
    while monday <= last:
        begin, end = max(first, monday), min(last, monday + timedelta(days=4))
        if begin <= end:
            found.append((begin, end))
        monday += timedelta(days=7)
    return found
