"""Which place goes to whom: down the list, each takes the one it wants most of those that are left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.easter import easter

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
ROME = ZoneInfo("Europe/Rome")
LAST_INSTANT = time(23, 59, 59, 999_999)
# National holidays on fixed days.
HOLIDAYS = {(1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (10, 4), (11, 1), (12, 8), (12, 25), (12, 26)}


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
    return assign(order=waiting, free={school: count - taken.get(school, 0) for school, count in places.items()})


def is_off(*, refusals: int, limit: int) -> bool:
    """Tell whether so many refusals take an application off the list."""
    return 0 < limit <= refusals


def answer_until(*, offered_at: datetime, days: int, working: bool) -> datetime:
    """
    Return the last instant at which a family may answer: the end of the last day, counted from the day after the offer.

    :param working: neither Saturdays, Sundays nor national holidays count; a term never ends on one of them
    """
    day, left = offered_at.astimezone(ROME).date(), days
    while left > 0:
        day += timedelta(days=1)
        left -= not working or is_working(day)
    while not is_working(day):
        day += timedelta(days=1)
    return datetime.combine(day, LAST_INSTANT, ROME)


def free_from(*, first: date, places: int, others: int, leaving: Sequence[date]) -> date:
    """
    Return the first day on which a place is empty, so that nobody begins in one that somebody still uses.

    :param first: the earliest that may be
    :param others: who has accepted a place beside this one
    :param leaving: the last days of who has given one up
    """
    days = sorted({first, *(last + timedelta(days=1) for last in leaving if last >= first)})
    return next((day for day in days if others + sum(last >= day for last in leaving) < places), days[-1])


def may_answer(*, state: str, until: datetime, received_at: datetime) -> bool:
    """Tell whether an answer that was received at an instant counts."""
    return state == "open" and received_at <= until


def is_working(day: date) -> bool:
    """Tell whether offices work on a day, as far as the State says."""
    monday = easter(day.year) + timedelta(days=1)
    return day.weekday() < 5 and (day.month, day.day) not in HOLIDAYS and day != monday
