"""Many days corrected in one act: a class, a school, a day, a child's month; told first, done as it was told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.attendance import correcting
from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.correcting import Corrected
from campanella.domains.attendance.events import DaysCorrected
from campanella.domains.ledger import holding
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger.operations import Due
from campanella.domains.ledger.rules import Source
from campanella.domains.people import queries as people
from campanella.domains.services.models import Service
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.events import publish
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import use_case
from campanella.readings.office import changes as reading
from campanella.readings.office.changes import DayChange, Plan, Planned
from campanella.usecases.mealtime import ChargeChanged, ReasonMissing

# Adults written to by one job.
PIECE = 200


@dataclass(frozen=True)
class Scope:
    """Which charged days: from a day to another, both included, of a school, a class, a service; None is all of them."""

    first: date
    last: date
    school_id: int | None = None
    class_group_id: int | None = None
    service_id: int | None = None


def charged_in(scope: Scope) -> dict[int, list[DayChange]]:
    """Return every charged day of a scope as an absence to be, by service: one query."""
    marks = sheets.due_between(
        first=scope.first,
        last=scope.last,
        school_id=scope.school_id,
        class_group_id=scope.class_group_id,
        service_ids=None if scope.service_id is None else [scope.service_id],
    )
    found: dict[int, list[DayChange]] = {}
    for mark in marks:
        found.setdefault(mark.service_id, []).append(DayChange(mark.child_id, mark.day, is_present=False))
    return found


@use_case
def correct(
    *,
    by: Actor,
    service: Service,
    changes: Sequence[DayChange],
    reason: str,
    now: datetime,
    told: Euro | None = None,
    channel: str = "office",
) -> Plan:
    """
    Correct many days of confirmed roll-calls; only differences are posted, and who pays gets one letter of all.

    Set-based: the number of statements does not grow with the days. A day that is so already is left as it is.

    :param told: the difference that whoever asks has read; None asks nothing
    :returns: what was changed
    :raises ReasonMissing: without a reason
    :raises ChargeChanged: it would move another sum; nothing is changed
    """
    if not reason.strip():
        raise ReasonMissing
    holding.hold_children(child_ids=sorted({change.child_id for change in changes}))
    plan = reading.plan(service_id=service.pk, changes=changes)
    if told is not None and plan.difference != told:
        raise ChargeChanged
    _write(by=by, service=service, plan=plan, reason=reason.strip(), now=now, channel=channel)
    return plan


@use_case
def give_back(*, by: Actor, scope: Scope, services: Sequence[Service], reason: str, told: Euro, now: datetime) -> Euro:
    """
    Give back all that the days of a scope have charged, as absences with their reason.

    :param services: of the town
    :param told: what whoever asks has read that goes back
    :returns: what went back
    :raises ReasonMissing: without a reason
    :raises ChargeChanged: another sum would go back; nothing does
    """
    if not reason.strip():
        raise ReasonMissing
    asked = charged_in(scope)
    holding.hold_children(child_ids=sorted({change.child_id for found in asked.values() for change in found}))
    plans = [(service, reading.plan(service_id=service.pk, changes=asked.get(service.pk, []))) for service in services]
    back = -sum((plan.difference for _, plan in plans), Euro(0))
    if back != told:
        raise ChargeChanged
    for service, plan in plans:
        _write(by=by, service=service, plan=plan, reason=reason.strip(), now=now, channel="office")
    return back


def _write(*, by: Actor, service: Service, plan: Plan, reason: str, now: datetime, channel: str) -> None:
    if not plan.lines:
        return
    payers = holding.hold_payers(child_ids=sorted({line.mark.child_id for line in plan.lines}), service_id=service.pk)
    rows = [Corrected(line.mark, line.is_present, line.is_white) for line in plan.lines]
    correcting.correct_many(by=by, service_id=service.pk, rows=rows, reason=reason, now=now, channel=channel)
    revenue = ledger.account(kind="revenue", code=service.code).pk
    dues = [
        Due(Source.of_presence(line.mark.presence_id), payers[line.mark.child_id], revenue, line.due, line.mark.day)
        for line in plan.lines
    ]
    ledger.settle(dues=dues, kind="charge", day=plan.lines[0].mark.day, memo=service.name, by_id=by.actor_id, now=now)
    _tell(plan.lines, now)


def _tell(lines: Sequence[Planned], now: datetime) -> None:
    """Tell the facts payer by payer, in pieces that a job can write."""
    moved = [line for line in lines if line.due != line.charged]
    payers = people.payers_of(child_ids=sorted({line.mark.child_id for line in moved}))
    of_payer: dict[int, list[Planned]] = {}
    for line in moved:
        payer = payers.get(line.mark.child_id)
        if payer is not None:
            of_payer.setdefault(payer.pk, []).append(line)
    ordered = sorted(of_payer)
    moment = int(now.timestamp() * 1_000_000)
    for at in range(0, len(ordered), PIECE):
        piece = [line for payer_id in ordered[at : at + PIECE] for line in of_payer[payer_id]]
        presence_ids = [line.mark.presence_id for line in piece]
        cents = [line.charged.cents - line.due.cents for line in piece]
        publish(DaysCorrected(moment=moment, presence_ids=presence_ids, cents=cents))
