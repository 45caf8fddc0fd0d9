"""What a price depends on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.money import Euro


class NoPrice(Refusal):
    """The tariff says nothing for these facts."""


@dataclass(frozen=True, slots=True)
class Sibling:
    """A child of the household, and the services it uses, by code."""

    birth_date: date
    services: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Facts:
    """
    What a price depends on.

    :ivar presented_on: the day on which the ISEE was presented; None with an ISEE: it counts from the first day
    :ivar children: of the household, in any order; ``child`` is the place of the one asked for
    :ivar weekdays: on how many weekdays the service is used
    :ivar household: persons of the household; None is not known
    :ivar words: what else is true of the child, such as ``part_time``
    """

    day: date
    children: Sequence[Sibling]
    child: int = 0
    isee: Euro | None = None
    presented_on: date | None = None
    valid_until: date | None = None
    is_resident: bool = True
    is_enrolled: bool = True
    enrolled_on: date | None = None
    weekdays: int = 5
    household: int | None = None
    words: frozenset[str] = frozenset()
