"""Facts of the schools."""

from dataclasses import dataclass

from campanella.foundation.core.events import Event


@dataclass(frozen=True)
class ClosureEntered(Event):
    """
    Days were closed, or the days of a closure have changed, and its families are to know.

    ``after`` is the last adult who was written to: a large town is written to in pieces, each told as the fact again.
    ``act`` is the moment of a change in microseconds, 0 of the entry: days that come back are told again.
    """

    closure_id: int
    after: int = 0
    act: int = 0


@dataclass(frozen=True)
class DaysOpened(Event):
    """
    A closure shuts these days no more, or not all of them: what is booked there may be past its cut-off.

    ``day`` is the first of so many days in a row, as ISO date.
    """

    day: str
    count: int


@dataclass(frozen=True)
class ClosureWithdrawn(Event):
    """A closure does not hold any more; whoever was told of days to come is to know. In pieces, as it was told."""

    closure_id: int
    after: int = 0


@dataclass(frozen=True)
class YearTold(Event):
    """
    The office lets families know what changes with the school year that comes.

    ``after`` is the last adult who was written to: a large town is written to in pieces, each told as the fact again.
    """

    roll_id: int
    after: int = 0
