"""When children come in and go home, where a service asks for it: written down child by child, whatever it costs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from campanella.domains.attendance.fact_rules import MARK
from campanella.domains.attendance.models import DayEvent
from campanella.domains.attendance.operations import Call
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import operation

Kind = Literal["arrived", "left"]


@dataclass(frozen=True, slots=True)
class Hour:
    """
    One hour of a child.

    :ivar clock: None takes back what was written before
    :ivar is_white: of who comes in, the menu that stands; None where nobody at school has spoken of it
    """

    child_id: int
    kind: Kind
    clock: time | None
    is_white: bool | None = None


def refused(*, left: time | None, arrived: time | None) -> bool:
    """Tell whether a child would have left before it came."""
    return left is not None and arrived is not None and left < arrived


@operation
def write(
    *, by: Actor, call: Call, service_id: int, day: date, hours: Collection[Hour], now: datetime, channel: str
) -> Sequence[DayEvent]:
    """Put hours of children of a class on record: who comes in is there."""
    return DayEvent.objects.bulk_create(
        DayEvent(
            service_id=service_id,
            day=day,
            class_group_id=call.class_group_id,
            child_id=hour.child_id,
            kind=hour.kind,
            channel=channel,
            level=MARK,
            by_id=by.actor_id,
            received_at=now,
            made_at=now,
            is_on=True if hour.kind == "arrived" else None,
            is_white=hour.is_white,
            clock=hour.clock,
        )
        for hour in hours
    )
