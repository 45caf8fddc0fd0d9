"""What is paid whatever the days: a month's fixed share, a year's fee in instalments. Plain decisions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from campanella.foundation.core.money import Euro, half_up

# A price for each instalment, or one that is split among them.
Every = Literal["month", "week", "year"]
EVERY: tuple[Every, ...] = get_args(Every)
# Of who comes or leaves within an instalment: all of it, half of it, by its days.
Edges = Literal["whole", "half", "days"]
EDGES: tuple[Edges, ...] = get_args(Edges)
A_DAY = timedelta(days=1)
# The first half of a month ends with its fifteenth day, whatever its length.
HALF_MONTH, LONGEST_MONTH = 15, 31


@dataclass(frozen=True, slots=True)
class Part:
    """An instalment: the days it is for, both included, and the day on which it is charged."""

    number: int
    first: date
    last: date
    charged_on: date

    @property
    def length(self) -> int:
        """Return how many days it is for."""
        return (self.last - self.first).days + 1

    @property
    def second_half(self) -> date:
        """Return the day on which its second half begins."""
        return self.first + timedelta(days=HALF_MONTH if self.length <= LONGEST_MONTH else (self.length + 1) // 2)


def amount(*, price: Euro, part: Part, parts: int, every: Every, edges: Edges, spans: Iterable[tuple[date, date]]) -> Euro:
    """
    Return what an instalment costs a child.

    :param price: of the whole fee for this child, reduced already
    :param parts: how many instalments the fee has
    :param spans: days on which the child uses the service, first and last included, apart from each other
    """
    whole = price if every != "year" else price.shared([1] * parts)[part.number - 1]
    inside = [(max(first, part.first), min(last, part.last)) for first, last in spans]
    there = [(first, last) for first, last in inside if first <= last]
    used = sum((last - first).days + 1 for first, last in there)
    if not used:
        return Euro(0)
    if edges == "whole" or used == part.length:
        return whole
    if edges == "days":
        return Euro(half_up(whole.cents * used, part.length))
    begins, ends = min(first for first, _ in there), max(last for _, last in there)
    is_half = begins >= part.second_half or ends < part.second_half
    return Euro(half_up(whole.cents, 2)) if is_half else whole


def monthly(*, first: date, last: date, day: int, shift: int) -> list[Part]:
    """
    Return an instalment for each month from that of a day to that of another.

    :param day: of the month on which each is charged, 1 to 28
    :param shift: -1 in the month before, 0 in its own, 1 in the one after
    """
    found: list[Part] = []
    month = first.replace(day=1)
    while month <= last:
        after = _month(month, 1)
        found.append(Part(len(found) + 1, month, after - A_DAY, _month(month, shift).replace(day=day)))
        month = after
    return found


def weekly(*, first: date, last: date) -> list[Part]:
    """Return an instalment for each week from Monday to Friday within these days, charged on its first day."""
    found: list[Part] = []
    monday = first - timedelta(days=first.weekday())
    while monday <= last:
        if max(first, monday) <= min(last, monday + timedelta(days=4)):
            found.append(Part(len(found) + 1, max(first, monday), min(last, monday + timedelta(days=4)), max(first, monday)))
        monday += timedelta(days=7)
    return found


def yearly(*, first: date, last: date, charged: Sequence[date]) -> list[Part]:
    """
    Return the instalments of a year's fee: each is for the days until the next one is charged.

    :param charged: the days on which they are charged, in order; the first is for all days before as well
    """
    begins = [first, *(day for day in charged[1:])]
    ends = [*(day - A_DAY for day in charged[1:]), last]
    return [
        Part(number, begin, end, day)
        for number, (begin, end, day) in enumerate(zip(begins, ends, charged, strict=True), start=1)
    ]


def _month(first: date, by: int) -> date:
    months = first.year * 12 + first.month - 1 + by
    return date(months // 12, months % 12 + 1, 1)
