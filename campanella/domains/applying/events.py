"""Facts of applications."""

from dataclasses import dataclass

from campanella.foundation.core.events import Event


@dataclass(frozen=True)
class ApplicationMoved(Event):
    """An application was sent, taken up, sent back, accepted, refused or withdrawn: one step of its history."""

    step_id: int
