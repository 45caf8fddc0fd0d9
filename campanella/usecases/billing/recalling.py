"""
Calling a month back: asked with its reason, let go (above the town's amount by another person), done five minutes later.

Until then nothing has happened, no credit note and no letter: whoever stops it takes all of it back.
"""

from datetime import datetime

from campanella.domains.accounts import queries as accounts
from campanella.domains.billing import operations as billing
from campanella.domains.billing import queries, recalls, rules, runs
from campanella.domains.billing.choices import BillingChoices
from campanella.domains.billing.operations import NotInThisState, Run
from campanella.foundation.core import clock, jobs
from campanella.foundation.core.audit import Actor, Software
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id, scope, use_case
from campanella.foundation.tenants.queries import active_town
from campanella.readings.office.bulk import LEAVES_AFTER
from campanella.usecases.billing import drafting, second, series, staging

CONSOLE = Software("Riga di comando")
JOB, URGENCY = "recall_invoices", -5


@use_case
def ask(*, by: Actor, run_id: int, reason: str, now: datetime) -> None:
    """
    Ask to call a run back: up to the town's amount it is let go at once. Asked before, it stays as it was asked.

    A run that is being issued stops.

    :raises ReasonMissing: without a reason
    :raises NotInThisState: it is not confirmed, or was called back
    :raises SeriesUnusable: the numbers of its credit notes could not be written
    """
    why = reason.strip()
    if not why:
        raise staging.ReasonMissing
    run = _held(run_id)
    if run.recall_reason:
        return
    series.check()
    if run.state == "issuing":
        billing.note_state(run=run, state="stopped", allowed=run.allowed, now=now)
    recalls.ask(by=by, run=run, reason=why)
    count, total = _issued(run_id)
    drafting.record(by, "run.recall_asked", run, now, count=count, total=total, why=why)
    limit = active_town().chosen(BillingChoices).bill_second_person
    if not rules.needs_another(total=total.cents, above=limit, prepared_by=by.actor_id, confirmed_by=by.actor_id):
        _go(by, run, now)


@use_case
def let_go(*, by: Actor, run_id: int, now: datetime) -> None:
    """
    Say yes to what somebody has asked for; said before, it leaves when it was said.

    :raises NotInThisState: nobody has asked, or it was called back
    :raises AnotherPersonNeeded: above the town's amount, by who has asked
    :raises InOneHand: above it, by an access that was lately in the same hands
    """
    run = _held(run_id)
    if not run.recall_reason:
        raise NotInThisState
    if run.recall_leaves_at:
        return
    count, total = _issued(run_id)
    second.check(what="le note di credito", total=total, prepared_by=run.recall_asked_by_id, by=by, now=now)
    drafting.record(by, "run.recall_allowed", run, now, count=count, total=total)
    _go(by, run, now)


@use_case
def stop(*, by: Actor, run_id: int, now: datetime) -> None:
    """
    Take back what was asked, or was to leave: the invoices stay as they are.

    :raises NotInThisState: nobody has asked, or it was called back already
    """
    run = _held(run_id)
    if not run.recall_reason:
        raise NotInThisState
    recalls.drop(run=run)
    drafting.record(by, "run.recall_dropped", run, now)


def carry_out(*, run_id: int) -> None:
    """
    Call a run back whose time has come, in the name of who said yes; the job ``recall_invoices``.

    Stopped meanwhile, or stopped and asked anew, it is left alone: that has a job of its own. By a clock that is behind that
    of who said yes it waits the rest.
    """
    with scope(active_town_id()):
        found, now = runs.run(run_id=run_id).recall, clock.now()
        if found is None or found.leaves_at is None:
            return
        if found.leaves_at > now:
            until = found.leaves_at
            jobs.wait_the_rest(JOB, town=active_town_id(), until=until, now=now, urgency=URGENCY, run_id=run_id)
            return
        by: Actor = accounts.user(user_id=found.allowed_by_id) if found.allowed_by_id else CONSOLE
    staging.recall(by=by, run_id=run_id, reason=found.reason, now=now, leaves_at=found.leaves_at)


def _held(run_id: int) -> Run:
    run = billing.hold_run(run_id=run_id)
    if run.state not in ("issuing", "stopped", "issued"):
        raise NotInThisState
    return run


def _go(by: Actor, run: Run, now: datetime) -> None:
    recalls.let_go(by=by, run=run, leaves_at=now + LEAVES_AFTER)
    waits = int(LEAVES_AFTER.total_seconds())
    jobs.enqueue(JOB, town=active_town_id(), wait_seconds=waits, urgency=URGENCY, run_id=run.pk)


def _issued(run_id: int) -> tuple[int, Euro]:
    found = queries.invoices_between(period=None, run_id=run_id)
    return len(found), Euro(sum(one.total.cents for one in found))
