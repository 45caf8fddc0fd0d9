"""Going home before the end of the day: on record with its hour, whether the meal is still counted or not."""

from datetime import date, datetime, time

from campanella.domains.attendance.fact_rules import MARK
from campanella.domains.attendance.models import DayEvent
from campanella.domains.attendance.operations import Call
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import operation


@operation
def leave(
    *,
    by: Actor,
    call: Call,
    child_id: int,
    service_id: int,
    day: date,
    hour: time,
    takes_away: bool,
    now: datetime,
    channel: str,
) -> None:
    """
    Put on record that a child of a class has gone home.

    :param takes_away: it does not eat: it is absent from that hour on; else it was counted, and only the hour is kept
    """
    DayEvent.objects.create(
        service_id=service_id,
        day=day,
        class_group_id=call.class_group_id,
        child_id=child_id,
        kind="marked" if takes_away else "left",
        channel=channel,
        level=MARK,
        by_id=by.actor_id,
        received_at=now,
        made_at=now,
        is_on=False if takes_away else None,
        clock=hour,
    )
