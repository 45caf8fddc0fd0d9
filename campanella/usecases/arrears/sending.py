"""
Issuing reminders, some households a transaction: their wallets are held first, then what they owe is read, then decided.

A payment that came after the preview takes its household out. A kill loses none and repeats none: who is gone through is
noted in the transaction that writes the reminder, and the numbers of one that is rolled back are given back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campanella.domains.arrears import issuing, queries
from campanella.domains.arrears.choices import ArrearsChoices
from campanella.domains.arrears.documents.reminder_pdf import as_kept
from campanella.domains.arrears.events import RemindersIssued
from campanella.domains.arrears.issuing import Issue
from campanella.domains.arrears.models import Reminder
from campanella.domains.arrears.rules.debts import Debt, Household
from campanella.domains.arrears.rules.interest import Accruing
from campanella.domains.arrears.rules.ladder import Step
from campanella.domains.billing.rules import written
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger.holding import hold_children
from campanella.domains.ledger.operations import Movement
from campanella.domains.ledger.rules import Source
from campanella.domains.payments import queries as positions
from campanella.domains.people import queries as people
from campanella.domains.people.models import Guardian
from campanella.foundation.core import clock, jobs
from campanella.foundation.core.audit import Actor, Software
from campanella.foundation.core.events import publish
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id, use_case
from campanella.foundation.tenants.queries import active_town
from campanella.readings.arrears import interest, members, papers
from campanella.readings.arrears.households import households
from campanella.readings.arrears.steps import channel_of, decided
from campanella.usecases.arrears import asking, charging
from campanella.usecases.messages import arrears as letters

SENDER = Software("Solleciti")
JOB, URGENCY = "send_reminders", -5
# Households of one transaction: their wallets are held for it, and a stop is felt within a second.
CHUNK = 25


def send(*, run_id: int) -> None:
    """
    Issue the reminders of a run as far as they are allowed, some a transaction; the job ``send_reminders``.

    A second run of it finds them issued, one that was killed goes on where it was, a stopped run is left alone.
    """
    while send_next(run_id=run_id, by=SENDER, now=clock.now()):
        pass
    wait(run_id=run_id, now=clock.now())


@use_case
def wait(*, run_id: int, now: datetime) -> None:
    """Let the job come again where the run leaves in a moment, by a clock that is behind that of who said yes."""
    run = issuing.hold_run(run_id=run_id)
    if run.state == "going" and run.leaves_at:
        jobs.wait_the_rest(JOB, town=active_town_id(), until=run.leaves_at, now=now, urgency=URGENCY, run_id=run_id)


@use_case
def send_next(*, run_id: int, by: Actor, now: datetime) -> int:
    """
    Go through the next households of a run: each has its reminder, or is left out because something has changed.

    :returns: how many were gone through; 0 when all that are allowed are, when the run is stopped, or its time has not come
    """
    payers = [one.payer_id for one in queries.next_candidates(run_id=run_id, limit=CHUNK)]
    hold_children(child_ids=members.children_of(payer_ids=payers))
    run = issuing.hold_run(run_id=run_id)
    if run.state != "going" or run.leaves_at is None or run.leaves_at > now:
        return 0
    view = queries.run(run_id=run_id)
    limit = CHUNK if run.allowed is None else min(CHUNK, run.allowed - view.gone)
    # Whoever was gone through meanwhile by another is not among these; whose wallets are not held waits.
    mine = [one for one in queries.next_candidates(run_id=run_id, limit=max(limit, 0)) if one.payer_id in payers]
    if mine:
        outcomes = _send(run_id, {one.payer_id: one.place for one in mine}, by, now)
        issuing.note_outcomes(run_id=run_id, outcomes=outcomes)
    if view.gone + len(mine) >= view.wanted:
        issuing.note_state(run=run, state="sent", now=now)
    return len(mine)


@dataclass(frozen=True, slots=True)
class _Letter:
    """A reminder to be: to whom, by which step, for what."""

    payer: Guardian
    step: Step
    household: Household
    number: int
    cost: int
    pay_by: date
    accruing: Sequence[Accruing]

    @property
    def debts(self) -> Sequence[Debt]:
        return self.household.debts


def _send(run_id: int, places: dict[int, int], by: Actor, now: datetime) -> dict[int, str]:
    """Write the reminders of households whose wallets are held, and return what became of each, by payer."""
    day = clock.day_of(now)
    outcomes: dict[int, str] = dict.fromkeys(places, "paid")
    going: list[tuple[Step, Household]] = []
    for one in decided(households(payer_ids=list(places), now=now), day=day):
        payer_id = one.household.payer_id
        if one.step is None:
            outcomes[payer_id] = one.why or "paid"
        elif one.step.place != places[payer_id]:
            outcomes[payer_id] = "other_step"
        else:
            outcomes[payer_id] = "sent"
            going.append((one.step, one.household))
    if going:
        _issue(run_id, going, by, day, now)
    return outcomes


def _issue(run_id: int, going: Sequence[tuple[Step, Household]], by: Actor, day: date, now: datetime) -> None:
    series = active_town().chosen(ArrearsChoices).arrears_series
    adults = {one.pk: one for one in people.guardians(guardian_ids=[house.payer_id for _, house in going])}
    owed = {house.payer_id: {debt.child_id for debt in house.debts} for _, house in going}
    mailed = members.reached(payer_ids=list(adults), owed=owed)
    until = issuing.last_entry()
    extra = interest.accruing(going, day=day)
    first = issuing.take_numbers(series=series, year=day.year, count=len(going))
    written_letters = [
        _Letter(
            adults[house.payer_id],
            channel_of(step, adults[house.payer_id], may_be_mailed=house.payer_id in mailed),
            house,
            first + i,
            step.cost,
            day + timedelta(days=step.pay_days),
            extra.get(house.payer_id, ()),
        )
        for i, (step, house) in enumerate(going)
    ]
    asked = asking.ask(
        by=by,
        wanted=[
            asking.Wanted(
                payer=one.payer,
                what=f"sollecito {written(series=series, year=day.year, number=one.number)}",
                parts=_parts(one),
                pay_by=one.pay_by,
            )
            for one in written_letters
        ],
        now=now,
    )
    notices = {row.pk: row.notice_number for row in positions.requests(request_ids=asked)}
    issues = []
    for place, one in enumerate(written_letters):
        request_id = asked[place] if asked else None
        sheet = papers.sheet(
            number=written(series=series, year=day.year, number=one.number),
            step=one.step,
            payer=one.payer,
            debts=one.debts,
            cost=Euro(one.cost),
            accruing=one.accruing,
            notice=notices[request_id] if request_id else "",
            pay_by=one.pay_by,
            now=now,
        )
        issues.append(
            Issue(
                payer_id=one.payer.pk,
                step=one.step,
                number=one.number,
                debts=one.debts,
                cost=one.cost,
                cost_wallet=one.debts[0].wallet_id,
                address=one.payer.email if one.step.channel == "mail" else one.payer.address[:300],
                pay_by=one.pay_by,
                sheet=as_kept(sheet),
                request_id=request_id,
                accruing=one.accruing,
            )
        )
    made = issuing.issue(by=by, run_id=run_id, issues=issues, series=series, until_entry=until, day=day, now=now)
    _charge(made, issues, now)
    for reminder, one in zip(made, written_letters, strict=True):
        if reminder.channel == "mail":
            letters.reminder(payer=one.payer, reminder=reminder, now=now)
    publish(RemindersIssued(reminder_ids=[one.pk for one in made]))


def _parts(one: _Letter) -> list[asking.Part]:
    cents: dict[tuple[int, int], int] = {}
    for debt in one.debts:
        key = debt.wallet_id, debt.child_id
        cents[key] = cents.get(key, 0) + debt.cents
    for extra in one.accruing:
        cents[extra.wallet_id, extra.child_id] += extra.cents
    first = one.debts[0]
    cents[first.wallet_id, first.child_id] += one.cost
    return [asking.Part(wallet_id, child_id, Euro(part)) for (wallet_id, child_id), part in sorted(cents.items())]


def _charge(made: Sequence[Reminder], issues: Sequence[Issue], now: datetime) -> None:
    """Charge what reminders cost and their interest, each once, as its paper says; the wallets are held."""
    charging.charge_interest(reminder_ids=[one.pk for one in made], now=now)
    costs = [(reminder, one) for reminder, one in zip(made, issues, strict=True) if one.cost]
    if not costs:
        return
    income = ledger.account(kind="revenue", code="reminders").pk
    ledger.post(
        movements=[
            Movement(Source.of_reminder(reminder.pk), one.cost_wallet, income, Euro(-one.cost)) for reminder, one in costs
        ],
        kind="reminder",
        day=clock.day_of(now),
        memo="Spese di un sollecito",
        by_id=None,
        now=now,
    )
