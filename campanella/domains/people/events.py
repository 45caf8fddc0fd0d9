"""What is told about persons."""

from dataclasses import dataclass

from campanella.foundation.core.events import Event


@dataclass(frozen=True)
class RegistrationConfirmed(Event):
    """Somebody who registered has shown that the mailbox is theirs."""

    registration_id: int
