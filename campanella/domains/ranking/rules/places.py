"""Which place goes to whom: down the list, each takes the one it wants most of those that are left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from campanella.domains.places.rules import free as left_of

# What becomes of an offer. A term that is over counts as a refusal of that place.
OFFERS: dict[str, str] = {
    "open": "da accettare",
    "accepted": "accettato",
    "refused": "rinunciato",
    "lapsed": "scaduto senza risposta",
    "ended": "finito con la domanda",
}
GIVEN_UP = ("refused", "lapsed")
TAKEN = ("open", "accepted")


def assign(*, order: Sequence[tuple[str, Sequence[int]]], free: Mapping[int, int]) -> dict[str, int]:
    """
    Give the places of a list: who comes first chooses first.

    :param order: numbers with the structures they want, the most wanted first
    :param free: places by structure
    :returns: the structure by number; who finds none is left out
    """
    left, given = dict(free), {}
    for number, wanted in order:
        best = next((one for one in wanted if left.get(one, 0) > 0), None)
        if best is not None:
            given[number] = best
            left[best] -= 1
    return given


@dataclass(frozen=True, slots=True)
class Waiting:
    """
    An application of the final list, as its offers have left it.

    :ivar given_up: structures of which it has given up a place
    :ivar has_place: one is offered to it, or it has accepted one
    """

    number: str
    schools: tuple[int, ...]
    given_up: frozenset[int]
    has_place: bool
    refusals: int


def next_offers(
    *, order: Sequence[Waiting], places: Mapping[int, int], taken: Mapping[int, int], limit: int
) -> dict[str, int]:
    """
    Return who is offered which structure now: a place given up goes to the next in the list who wants it.

    Whoever has given up one place still waits for the other structures it has asked for, until it has given up too many.

    :param places: of the list by structure, ``taken`` those of them that are offered or accepted
    :param limit: the refusal that takes an application off the list, 0 for none
    """
    waiting = [
        (one.number, [school for school in one.schools if school not in one.given_up])
        for one in order
        if not one.has_place and not is_off(refusals=one.refusals, limit=limit)
    ]
    free = {school: left_of(capacity=count, taken=taken.get(school, 0)) or 0 for school, count in places.items()}
    return assign(order=waiting, free=free)


def is_off(*, refusals: int, limit: int) -> bool:
    """Tell whether so many refusals take an application off the list."""
    return 0 < limit <= refusals


def free_from(*, first: date, places: int, others: int, leaving: Sequence[date]) -> date:
    """
    Return the first day on which a place is empty, so that nobody begins in one that somebody still uses.

    :param first: the earliest that may be
    :param others: who has accepted a place beside this one
    :param leaving: the last days of who has given one up
    """
    days = sorted({first, *(last + timedelta(days=1) for last in leaving if last >= first)})
    return next((day for day in days if others + sum(last >= day for last in leaving) < places), days[-1])
