"""Facts of places."""

from dataclasses import dataclass

from campanella.foundation.core.events import Event


@dataclass(frozen=True)
class PlaceMoved(Event):
    """A child's place, or its wait for one, has gone a step that its family is to know."""

    step_id: int
