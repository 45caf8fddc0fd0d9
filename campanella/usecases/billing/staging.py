"""Letting the invoices of a run go, stopping them, calling them back."""

from datetime import datetime

from campanella.domains.billing import numbering, queries, runs
from campanella.domains.billing import operations as billing
from campanella.domains.billing.choices import BillingChoices
from campanella.domains.billing.events import InvoicesRecalled, RunConfirmed
from campanella.domains.billing.operations import NotInThisState
from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.events import publish
from campanella.foundation.core.scope import use_case
from campanella.foundation.tenants.queries import active_town
from campanella.usecases.billing import asking, drafting, series, stamping


class ReasonMissing(Refusal):
    """A recall needs its reason."""

    message = "Scrivi il motivo: sta sulle note di credito e le famiglie lo leggono."


@use_case
def go_on(*, by: Actor, run_id: int, now: datetime) -> None:
    """
    Let all the other invoices of a run be issued: after the first ones, or after a stop.

    Stopped within the first ones, it goes on with those, and waits once more for somebody to look at them.

    :raises NotInThisState: it is not confirmed, or is over
    """
    run = billing.hold_run(run_id=run_id)
    if run.state not in ("issuing", "stopped") or run.recall_reason:
        raise NotInThisState
    is_within = run.state == "stopped" and run.allowed is not None and runs.run(run_id=run_id).issued < run.allowed
    billing.note_state(run=run, state="issuing", allowed=run.allowed if is_within else None, now=now)
    drafting.record(by, "run.continued", run, now)
    publish(RunConfirmed(run_id=run.pk))


@use_case
def stop(*, by: Actor, run_id: int, now: datetime) -> None:
    """
    Stop a run after the invoices that are being issued now; ``go_on`` resumes it.

    :raises NotInThisState: it is not being issued
    """
    run = billing.hold_run(run_id=run_id)
    if run.state != "issuing":
        raise NotInThisState
    billing.note_state(run=run, state="stopped", allowed=run.allowed, now=now)
    drafting.record(by, "run.stopped", run, now)


@use_case
def recall(*, by: Actor, run_id: int, reason: str, now: datetime, leaves_at: datetime | None = None) -> int:
    """
    Call a run back: each issued invoice by a credit note, its position deleted; what was paid stays as credit.

    Its days are free for another run of the month. A run that was called back before is left as it is.

    :param leaves_at: since when it may be called back, as it was read; one that was stopped meanwhile is left as it is
    :returns: how many invoices were called back
    :raises ReasonMissing: without a reason
    :raises NotInThisState: it is not confirmed
    :raises SeriesUnusable: the numbers of its credit notes could not be written
    """
    why = reason.strip()
    if not why:
        raise ReasonMissing
    held = stamping.hold(run_id=run_id)
    run = billing.hold_run(run_id=run_id)
    # Confirmed between the two, its stamp duty stands on wallets that are not held.
    if run.state == "prepared" or (run.stamp == "family" and stamping.hold(run_id=run_id) != held):
        raise NotInThisState
    if run.state == "recalled" or (leaves_at and run.recall_leaves_at != leaves_at):
        return 0
    series.check()
    issued = queries.invoices_between(period=None, run_id=run_id)
    notes = numbering.call_back(
        by=by,
        invoice_ids=[one.id for one in issued],
        series=active_town().chosen(BillingChoices).bill_credit_series,
        reason=why,
        day=clock.day_of(now),
        now=now,
    )
    billing.note_state(run=run, state="recalled", now=now)
    stamping.give_back(by=by, run=run, now=now)
    asking.withdraw(by=by, invoice_ids=[one.id for one in issued], now=now)
    drafting.record(by, "run.recalled", run, now, count=len(issued), why=why)
    audit.record_each(
        by=by,
        action="invoice.recalled",
        at=now,
        told=[
            (
                (f"invoice:{one.id}", *(f"child:{child_id}" for child_id in one.child_ids)),
                {"number": one.number, "note": notes[one.id]},
            )
            for one in issued
        ],
        why=why,
    )
    if issued:
        publish(InvoicesRecalled(invoice_ids=[one.id for one in issued]))
    return len(issued)
