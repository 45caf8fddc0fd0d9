"""The shapes of a tariff, as data: nothing here computes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

from campanella.foundation.core.money import Euro

Unit = Literal["day", "week", "month", "year"]
Eldest = Literal["oldest", "youngest"]
Siblings = Literal["same_service", "any_service"]
Counting = Literal["month", "deadlines", "fixed", "at_once"]

NOTHING = Euro(0)


@dataclass(frozen=True, slots=True)
class Flat:
    """
    A price, by the child's place among its siblings: the last one holds for all further ones.

    :ivar prices: in the order of the children, at least one
    """

    prices: tuple[Euro, ...]


@dataclass(frozen=True, slots=True)
class ByWeekdays:
    """A price by the number of weekdays on which the service is used."""

    prices: Mapping[int, Euro]


@dataclass(frozen=True, slots=True)
class Linear:
    """
    A price that goes in a straight line between two values of ISEE.

    :ivar low: ISEE in cents where the line begins, with its price; ``high`` where it ends
    """

    low: Euro
    low_price: Euro
    high: Euro
    high_price: Euro


@dataclass(frozen=True, slots=True)
class Share:
    """
    A percentage of the ISEE, or of what it is above a value, added to a base.

    :ivar percent: 1.875 as ``Fraction(1875, 1000)``
    """

    percent: Fraction
    above: Euro = NOTHING
    base: Euro = NOTHING
    at_least: Euro | None = None
    at_most: Euro | None = None


@dataclass(frozen=True, slots=True)
class Off:
    """A percentage less than the tariff's full price."""

    percent: Fraction


Shape = Flat | ByWeekdays | Linear | Share | Off


@dataclass(frozen=True, slots=True)
class Band:
    """
    Who pays by a shape: an ISEE up to a value, in households from one size to another.

    :ivar isee_up_to: included; None has no upper end, and is what pays who has no ISEE
    :ivar household: smallest and largest size, both included; None is any size
    """

    name: str
    shape: Shape
    isee_up_to: Euro | None = None
    household: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """
    A reduction, or a surcharge, of the rounded price, under conditions that must all hold.

    :ivar percent: of the price as it is then; below zero for a surcharge
    :ivar amount: taken off; below zero for a surcharge
    :ivar children: first and last place among the siblings, both included; None is any
    :ivar needs: words the facts must hold, such as ``part_time`` or ``disabled``
    :ivar enrolled_after: only who enrolled later than this day
    """

    name: str
    percent: Fraction = Fraction(0)
    amount: Euro = NOTHING
    children: tuple[int, int] | None = None
    residents: bool = False
    isee_up_to: Euro | None = None
    needs: frozenset[str] = frozenset()
    first: date | None = None
    last: date | None = None
    enrolled_after: date | None = None


@dataclass(frozen=True, slots=True)
class Other:
    """What somebody pays who is outside the bands: as ``full``, or a price of their own, with or without reductions."""

    price: Euro | None = None
    keeps_changes: bool = False
    is_as_others: bool = False


@dataclass(frozen=True, slots=True)
class IseeRule:
    """
    From when an ISEE that was presented counts, and until when.

    :ivar by_day: of ``month``: presented by this day it counts from the first of its month, later from the next; 0 is always
        the next
    :ivar months: of ``month``: another day for some months
    :ivar deadlines: of ``deadlines``: (presented by, counts from)
    :ivar fixed_on: of ``fixed``: what is presented by then counts for the whole season, later ones do not
    :ivar until: who presents later than this day waits for the next season
    :ivar keeps: an ISEE that expires within the season stays good to its end
    """

    counting: Counting = "at_once"
    by_day: int = 31
    months: Mapping[int, int] = field(default_factory=dict)
    deadlines: Sequence[tuple[date, date]] = ()
    fixed_on: date | None = None
    until: date | None = None
    keeps: bool = True


@dataclass(frozen=True, slots=True)
class Scheme:
    """
    One tariff: a service, a season, and what everybody pays.

    :ivar last: included
    :ivar level: empty is for every level of school
    :ivar season: the first day of the season, where the tariff took another's place within it; None is ``first``
    :ivar replaces: the code of the tariff whose place it takes; said in a file, not kept
    :ivar is_reckoned: otherwise the office gives each child its band
    :ivar eldest: which of the siblings is the first
    :ivar siblings: who counts as a sibling: who uses the same service, or any
    :ivar adds_up: reductions follow one another, each on the rounded price; otherwise the best one holds alone
    """

    code: str
    name: str
    service: str
    first: date
    last: date
    unit: Unit
    bands: tuple[Band, ...]
    level: str = ""
    changes: tuple[Change, ...] = ()
    isee: IseeRule = IseeRule()
    non_resident: Other = Other()
    without_isee: Other = Other()
    not_enrolled: Other = Other(is_as_others=True)
    eldest: Eldest = "oldest"
    siblings: Siblings = "same_service"
    adds_up: bool = True
    season: date | None = None
    replaces: str = ""
    is_reckoned: bool = True

    @property
    def asks_enrolment(self) -> bool:
        """Who is not enrolled pays another price."""
        return self.is_reckoned and not self.not_enrolled.is_as_others

    @property
    def season_first(self) -> date:
        """The first day of its season."""
        return self.season or self.first
