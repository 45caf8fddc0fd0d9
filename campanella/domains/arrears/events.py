"""Facts of arrears."""

from dataclasses import dataclass
from typing import ClassVar

from campanella.foundation.core.events import Event


@dataclass(frozen=True)
class RemindersIssued(Event):
    """These reminders have their numbers."""

    urgency: ClassVar[int] = -5

    reminder_ids: list[int]


@dataclass(frozen=True)
class PlanAgreed(Event):
    """The office has agreed a plan with a family, which does not have it on paper yet."""

    plan_id: int
