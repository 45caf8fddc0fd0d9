"""
A run of reminders: previewed, confirmed, let go, stopped, closed. ``sending`` issues them.

Nothing leaves for five minutes after somebody has said yes: until then stopping it takes all of it back.
"""

from datetime import datetime
from typing import Any

from campanella.domains.arrears import issuing, queries
from campanella.domains.arrears.choices import ArrearsChoices
from campanella.domains.arrears.issuing import Found, NotInThisState
from campanella.domains.arrears.models import ReminderRun
from campanella.domains.arrears.queries import RunView
from campanella.foundation.core import audit, clock, jobs
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import active_town_id, use_case
from campanella.foundation.tenants.queries import active_town
from campanella.readings.arrears import interest
from campanella.readings.arrears.households import households
from campanella.readings.arrears.steps import decided
from campanella.readings.office.bulk import LEAVES_AFTER
from campanella.usecases.arrears.sending import JOB, URGENCY
from campanella.usecases.billing import series


class NobodyToRemind(Refusal):
    """Nobody is to have a reminder."""

    message = "Oggi nessuna famiglia deve ricevere un sollecito."


@use_case
def preview(*, by: Actor, now: datetime) -> RunView:
    """
    Look at who is to have which reminder today, and who is left out and why; nothing leaves.

    :raises RunUnderWay: reminders of another run are leaving
    """
    day = clock.day_of(now)
    looked = decided(households(payer_ids=None, now=now), day=day)
    extra = interest.accruing([(one.step, one.household) for one in looked if one.step], day=day)
    found = [
        Found(
            payer_id=one.household.payer_id,
            place=one.step.place if one.step else 0,
            cents=one.household.total,
            left_cents=one.left_cents,
            outcome=one.why or "",
            interest_cents=sum(accruing.cents for accruing in extra.get(one.household.payer_id, ())),
        )
        for one in looked
    ]
    found.sort(key=lambda one: (one.place == 0, one.place, one.payer_id))
    run = issuing.prepare(by=by, day=day, found=found, now=now)
    view = queries.run(run_id=run.pk)
    _note(by, "reminders.prepared", run, now, count=view.wanted, total=str(view.total))
    return view


@use_case
def confirm(*, by: Actor, run_id: int, now: datetime) -> RunView:
    """
    Let the first reminders of a preview go, five minutes from now; confirmed before, it is returned as it is.

    :raises NobodyToRemind: there is none in it
    :raises SeriesUnusable: their numbers could not be written
    """
    run = issuing.hold_run(run_id=run_id)
    view = queries.run(run_id=run_id)
    if run.state != "prepared":
        return view
    if not view.wanted:
        raise NobodyToRemind
    series.check()
    sample = active_town().chosen(ArrearsChoices).arrears_sample
    _go(by, run, allowed=sample if 0 < sample < view.wanted else None, now=now)
    _note(by, "reminders.confirmed", run, now, count=view.wanted, total=str(view.total))
    return queries.run(run_id=run_id)


@use_case
def go_on(*, by: Actor, run_id: int, now: datetime) -> None:
    """
    Let all the other reminders go, five minutes from now: after the first ones, or after a stop.

    :raises NotInThisState: it is not confirmed, or is over
    """
    run = issuing.hold_run(run_id=run_id)
    if run.state not in ("going", "stopped"):
        raise NotInThisState
    _go(by, run, allowed=None, now=now)
    _note(by, "reminders.continued", run, now)


@use_case
def stop(*, by: Actor, run_id: int, now: datetime) -> None:
    """
    Stop a run after the reminders that are being issued now; before its five minutes are over, before the first.

    :raises NotInThisState: it is not going
    """
    run = issuing.hold_run(run_id=run_id)
    if run.state != "going":
        raise NotInThisState
    issuing.note_state(run=run, state="stopped", now=now)
    _note(by, "reminders.stopped", run, now)


@use_case
def close(*, by: Actor, run_id: int, now: datetime) -> None:
    """
    End a run: who has not had its reminder does not get one of it. A preview is forgotten.

    :raises NotInThisState: it is over, or is going: stop it first
    """
    run = issuing.hold_run(run_id=run_id)
    if run.state == "prepared":
        issuing.drop_preview(run=run)
        return
    view = queries.run(run_id=run_id)
    if run.state != "stopped" and not view.is_waiting:
        raise NotInThisState
    issuing.note_state(run=run, state="closed", now=now)
    _note(by, "reminders.closed", run, now, sent=view.sent)


def _go(by: Actor, run: ReminderRun, *, allowed: int | None, now: datetime) -> None:
    issuing.let_go(by=by, run=run, allowed=allowed, leaves_at=now + LEAVES_AFTER, now=now)
    waits = int(LEAVES_AFTER.total_seconds())
    jobs.enqueue(JOB, town=active_town_id(), wait_seconds=waits, urgency=URGENCY, run_id=run.pk)


def _note(by: Actor, action: str, run: ReminderRun, now: datetime, **data: Any) -> None:
    audit.record(by=by, action=action, subjects=[f"reminder_run:{run.pk}"], at=now, data=data)
