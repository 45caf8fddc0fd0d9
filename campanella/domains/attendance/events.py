"""Facts of attendance."""

from dataclasses import dataclass

from campanella.foundation.core.events import Event


@dataclass(frozen=True)
class RollCallConfirmed(Event):
    """A class, or several on one day, was confirmed and charged."""

    roll_call_ids: list[int]
    service_id: int
    day: str


@dataclass(frozen=True)
class PresenceCorrected(Event):
    """A presence was corrected after the confirmation."""

    presence_id: int
    child_id: int
    service_id: int
    day: str
