"""Writing: the ladder of a town, and stops with their reason behind its own door."""

from collections.abc import Sequence
from datetime import date, datetime

from campanella.domains.accounts.models import User
from campanella.domains.arrears.models import Ladder, LadderStep, Stop, StopEnd, StopRead, StopReason
from campanella.domains.arrears.rules.ladder import Step
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.italian import day_figures
from campanella.foundation.core.scope import operation

audit.sentences(
    {
        "ladder.set": "ha scritto i passi dei solleciti, {steps} in tutto, dal {first}",
        "arrears.stopped": "ha fermato i solleciti dal {first} al {until}",
        "arrears.stop_ended": "ha fatto riprendere i solleciti",
        "arrears.reason_read": "ha aperto il motivo per cui i solleciti sono fermi",
    }
)


@operation
def set_ladder(*, by: Actor, first: date, steps: Sequence[Step], reason: str, now: datetime) -> Ladder:
    """Write the ladder that holds from a day on."""
    ladder = Ladder.objects.create(first=first, made_at=now, made_by_id=by.actor_id, reason=reason[:200])
    LadderStep.objects.bulk_create(
        LadderStep(
            ladder=ladder,
            place=step.place,
            name=step.name,
            threshold_cents=step.threshold,
            after_days=step.after_days,
            channel=step.channel,
            text=step.text,
            wait_days=step.wait_days,
            pay_days=step.pay_days,
            cost_cents=step.cost,
            interest_points=step.interest,
        )
        for step in steps
    )
    data: dict[str, str | int] = {"steps": len(steps), "first": day_figures(first)}
    audit.record(by=by, action="ladder.set", subjects=["town"], at=now, why=reason[:200], data=data)
    return ladder


@operation
def stop(*, by: Actor, payer_id: int, first: date, until: date, reason: str, now: datetime) -> Stop:
    """Stop the reminders to a household; the history says that, never why."""
    made = Stop.objects.create(
        payer_id=payer_id, first=first, until=until, made_at=now, made_by_id=by.actor_id, made_by_label=by.actor_label[:120]
    )
    StopReason.objects.create(stop=made, text=reason[:500])
    data = {"first": day_figures(first), "until": day_figures(until)}
    audit.record(by=by, action="arrears.stopped", subjects=[f"guardian:{payer_id}"], at=now, data=data)
    return made


@operation
def end_stop(*, by: Actor, stop_id: int, now: datetime) -> Stop:
    """
    End a stop before its day; one that was ended is left as it is.

    :raises NotFound: the town has no such stop
    """
    found = Stop.objects.filter(pk=stop_id).first()
    if found is None:
        raise NotFound
    made = StopEnd.objects.get_or_create(stop=found, defaults={"at": now, "by_id": by.actor_id})[1]
    if made:
        audit.record(by=by, action="arrears.stop_ended", subjects=[f"guardian:{found.payer_id}"], at=now)
    return found


@operation
def read_reason(*, by: User, stop_id: int, now: datetime) -> tuple[Stop, str]:
    """
    Open the reason of a stop; that it was read is written down.

    :raises NotFound: the town has no such stop
    """
    found = StopReason.objects.select_related("stop").filter(stop_id=stop_id).first()
    if found is None:
        raise NotFound
    StopRead.objects.create(stop_id=stop_id, user_id=by.pk, at=now)
    audit.record(by=by, action="arrears.reason_read", subjects=[f"guardian:{found.stop.payer_id}"], at=now)
    return found.stop, found.text
