"""What is told about accesses."""

from dataclasses import dataclass

from campanella.foundation.core.events import Event


@dataclass(frozen=True)
class NewPasswordAsked(Event):
    """Somebody wrote something on the page of forgotten passwords, whether or not we know it."""

    forgotten_id: int


@dataclass(frozen=True)
class PasswordChanged(Event):
    """Somebody has changed a password, by the old one or by a link."""

    user_id: int
    changed_at: str


@dataclass(frozen=True)
class AccessClosed(Event):
    """Nobody enters with this access any more."""

    urgency = 10

    user_id: int
