"""Issuing: numbers without a gap, a position each, some invoices a transaction: a kill loses none, repeats none."""

from datetime import datetime

from campanella.domains.billing import numbering, queries, runs
from campanella.domains.billing import operations as billing
from campanella.domains.billing.choices import BillingChoices
from campanella.domains.billing.events import InvoicesIssued
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor, Software
from campanella.foundation.core.events import publish
from campanella.foundation.core.scope import use_case
from campanella.foundation.tenants.queries import active_town
from campanella.readings.debited import by_bank
from campanella.usecases.billing import asking

ISSUER = Software("Fatturazione")
# Invoices of one transaction: small enough that a stop is felt within a second.
CHUNK = 500


def issue(*, run_id: int) -> None:
    """
    Issue the invoices of a run as far as they are allowed, some a transaction; runs as the reaction to ``RunConfirmed``.

    A second run of it finds them issued, one that was killed goes on where it was, a stopped run is left alone.
    """
    while issue_next(run_id=run_id, by=ISSUER, now=clock.now()):
        pass


@use_case
def issue_next(*, run_id: int, by: Actor, now: datetime) -> int:
    """
    Issue the next invoices of a run: numbers, positions, and word to the families.

    :returns: how many; 0 when all that are allowed are issued, or the run was stopped or called back
    """
    run = billing.hold_run(run_id=run_id)
    if run.state != "issuing":
        return 0
    issued = runs.issued(run_id=run_id)
    limit = CHUNK if run.allowed is None else min(CHUNK, run.allowed - issued)
    choices = active_town().chosen(BillingChoices)
    numbered = (
        numbering.issue(
            run=run,
            done=issued,
            limit=limit,
            series=choices.bill_series,
            due_days=choices.bill_due_days,
            day=clock.day_of(now),
            now=now,
        )
        if limit > 0
        else []
    )
    if issued + len(numbered) >= run.invoices:
        billing.note_state(run=run, state="issued", now=now)
    if not numbered:
        return 0
    issued_ids = [one.invoice_id for one in numbered]
    if asking.can_ask():
        invoices = queries.invoices(invoice_ids=issued_ids)
        # A mandate that is over since the preview leaves the family with something to pay, at once.
        banks = by_bank(invoices=invoices, today=clock.day_of(now))
        asking.ask_for(by=by, invoices=[one for one in invoices if one.id not in banks], now=now)
    publish(InvoicesIssued(invoice_ids=issued_ids))
    return len(numbered)
