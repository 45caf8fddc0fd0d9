"""Facts of applications."""

from dataclasses import dataclass

from campanella.foundation.core.events import Event


@dataclass(frozen=True)
class ApplicationMoved(Event):
    """An application was sent, taken up, sent back, accepted, refused or withdrawn: one step of its history."""

    step_id: int


@dataclass(frozen=True)
class CallTold(Event):
    """The office has set a call up, or changed it: it may be asked of others now, from another day."""

    call_id: int
