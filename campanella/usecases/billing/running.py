"""
A month's invoices: preview and confirmation; ``staging`` lets them go, stops them and calls them back.

Wallets are held before anything is read, so that what is drawn up is what the book says at that moment. Pressed twice, or by
two, a run is one: its row is held by whoever moves it on, and what it has reached is found.
"""

from datetime import date, datetime
from typing import Any

from campanella.domains.billing import operations as billing
from campanella.domains.billing import rules, runs
from campanella.domains.billing.choices import BillingChoices
from campanella.domains.billing.drawing import Drawn
from campanella.domains.billing.events import RunConfirmed
from campanella.domains.billing.runs import RunView
from campanella.domains.billing.stamping import duty_of
from campanella.domains.services.models import Service
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.events import publish
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import use_case
from campanella.foundation.tenants.queries import active_town
from campanella.usecases.billing import drafting, second, series, stamping

SAMPLES = 5


class MonthToCome(Refusal):
    """The month has not begun."""

    message = "Questo mese non è ancora cominciato: scegli un mese con giorni già usati."


class EarlierRunOpen(Refusal):
    """An earlier month of the service is not issued to its end."""

    message = "Le fatture di un mese precedente non sono finite: completale o ritirale, poi torna qui."


class ChangedSincePreview(Refusal):
    """What would be billed is no longer what the preview said."""

    message = (
        "Dopo l’anteprima è cambiato qualcosa: presenze, correzioni, tariffe, crediti o chi paga. Nessuna fattura è "
        "partita: rifai l’anteprima e guarda i nuovi importi."
    )


class NothingToIssue(Refusal):
    """There is no invoice in it."""

    message = "In questo mese non c’è niente da fatturare."


@use_case
def preview(*, by: Actor, service: Service, first: date, last: date, now: datetime) -> RunView:
    """
    Look at a month and keep what the invoices would be; nothing leaves. A month that is confirmed is returned as it is.

    :raises MonthToCome: it has not begun
    :raises NobodyPaysAfter: nobody pays the service after the month
    """
    if first > clock.day_of(now):
        raise MonthToCome
    before = runs.run_of(service_id=service.pk, first=first)
    if before and before.state != "prepared":
        return before
    drawn = drafting.drawn(service_id=service.pk, first=first, last=last, today=clock.day_of(now))
    summary = _summary(drawn) | {"stamped": _stamped(drawn), "stamp": drawn.stamp}
    run = billing.prepare(by=by, service_id=service.pk, first=first, last=last, drawn=drawn, summary=summary, now=now)
    drafting.record(by, "run.prepared", run, now)
    return runs.run(run_id=run.pk)


@use_case
def confirm(*, by: Actor, run_id: int, now: datetime, told: str | None = None) -> RunView:
    """
    Draw the invoices of a previewed month up exactly as previewed, to the cent of each, and let the first of them be issued.

    Confirmed before, it is returned as it is.

    :param told: the digest of the preview that was read on the page; None where none was read
    :raises ChangedSincePreview: another line, price, credit, payer or amount than previewed, or somebody has looked anew
    :raises AnotherPersonNeeded: above the town's amount, by who has prepared it
    :raises InOneHand: above it, by an access that was lately in the same hands
    :raises EarlierRunOpen: an earlier month is not issued to its end
    :raises NothingToIssue: there is no invoice in it
    :raises SeriesUnusable: its numbers could not be written
    """
    found = runs.run(run_id=run_id)
    if found.state != "prepared":
        return found
    drawn = drafting.drawn(
        service_id=found.service_id, first=found.first, last=found.last, today=clock.day_of(now), to_write=True
    )
    run = billing.hold_run(run_id=run_id)
    if run.state != "prepared":
        return runs.run(run_id=run_id)
    if drawn.digest != run.digest or told not in (None, run.digest):
        raise ChangedSincePreview
    if not drawn.drafts:
        raise NothingToIssue
    second.check(what="le fatture", total=Euro(drawn.total), prepared_by=run.prepared_by_id, by=by, now=now)
    series.check()
    if runs.is_other_open(service_id=run.service_id, run_id=run.pk):
        raise EarlierRunOpen
    sample = active_town().chosen(BillingChoices).bill_sample
    billing.draw_up(by=by, run=run, drawn=drawn, allowed=sample if 0 < sample < len(drawn.drafts) else None, now=now)
    stamping.charge(by=by, run=run, now=now)
    drafting.record(by, "run.confirmed", run, now)
    publish(RunConfirmed(run_id=run.pk))
    return runs.run(run_id=run_id)


def _summary(drawn: Drawn) -> dict[str, Any]:
    """Return what the preview says, by ids: names are read when it is shown."""
    by_total = sorted(drawn.drafts, key=lambda draft: -draft.total)
    largest, others = by_total[:SAMPLES], by_total[SAMPLES:]
    some = others[:: max(1, len(others) // SAMPLES)][:SAMPLES]
    return {
        "samples": [_told(draft) for draft in some],
        "largest": [_told(draft) for draft in largest],
        "before": {"children": len(drawn.before), "cents": sum(drawn.before.values())},
        "children": sum(len(draft.purses) for draft in drawn.drafts),
        "lines_cents": sum(purse.billed for draft in drawn.drafts for purse in draft.purses),
        "carried_cents": sum(purse.carried for draft in drawn.drafts for purse in draft.purses),
        "left": {"children": len(drawn.left), "cents": sum(purse.lines for purse in drawn.left)},
        "paid_by_credit": sum(draft.total == 0 for draft in drawn.drafts),
        "anomalies": [
            {
                "kind": one.kind,
                "child_id": one.child_id,
                "cents": one.cents,
                "before_cents": one.before_cents,
                "days": one.days,
                "number": one.number,
            }
            for one in drawn.anomalies
        ],
    }


def _stamped(drawn: Drawn) -> int:
    """Count the invoices that bear stamp duty."""
    return 0 if drawn.stamp == "none" else sum(duty_of(draft).cents > 0 for draft in drawn.drafts)


def _told(draft: rules.Draft) -> dict[str, Any]:
    return {
        "payer_id": draft.payer_id,
        "children": [purse.child_id for purse in draft.purses],
        "lines_cents": sum(purse.billed for purse in draft.purses),
        "carried_cents": sum(purse.carried for purse in draft.purses),
        "total_cents": draft.total,
    }
