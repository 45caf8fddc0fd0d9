"""Facts of the schools."""

from dataclasses import dataclass

from campanella.foundation.core.events import Event


@dataclass(frozen=True)
class ClosureEntered(Event):
    """
    Days were closed, or the days of a closure have changed, and its families are to know.

    ``after`` is the last adult who was written to: a large town is written to in pieces, each told as the fact again.
    """

    closure_id: int
    after: int = 0


@dataclass(frozen=True)
class ClosureWithdrawn(Event):
    """A closure does not hold any more; whoever was told of it is to know. In pieces, as it was told."""

    closure_id: int
    after: int = 0
