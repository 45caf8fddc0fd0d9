"""Runs of reminders, and reminders as they are issued: a number each, none left out whatever is rolled back or killed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from campanella.domains.arrears import accruing, statements
from campanella.domains.arrears.models import (
    Candidate,
    Handing,
    Reminder,
    ReminderCounter,
    ReminderDebt,
    ReminderPaper,
    ReminderPosition,
    ReminderRun,
)
from campanella.domains.arrears.rules.debts import Debt, cost_key
from campanella.domains.arrears.rules.interest import Accruing
from campanella.domains.arrears.rules.ladder import Step
from campanella.foundation.core import audit, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.italian import day_figures
from campanella.foundation.core.scope import active_town_id, operation

__all__ = ["ReminderCounter", "ReminderRun"]

audit.sentences(
    {
        "reminders.prepared": "ha preparato {count:sollecito|solleciti}, {total} in tutto",
        "reminders.confirmed": "ha confermato {count:sollecito|solleciti}, {total} in tutto",
        "reminders.continued": "ha fatto partire gli altri solleciti",
        "reminders.stopped": "ha fermato i solleciti",
        "reminders.closed": "ha chiuso l’invio dei solleciti: {sent:partito|partiti}",
        "reminder.issued": "ha avuto il sollecito {number}: {name}",
        "reminder.handed": "ha scritto che il sollecito {number} è stato {how} il {day}",
    }
)


class NotInThisState(Refusal):
    """The run has gone on meanwhile, or is over."""

    message = "Nel frattempo questi solleciti sono andati avanti: ricarica la pagina e guarda a che punto sono."


class RunUnderWay(Refusal):
    """Another run has not ended."""

    message = "C’è già un invio in corso: finiscilo o chiudilo, poi guarda un’altra anteprima."


@dataclass(frozen=True, slots=True)
class Found:
    """
    A household as a preview finds it.

    :ivar place: of its step; 0 where it is left out, and ``outcome`` says why
    """

    payer_id: int
    place: int
    cents: int
    left_cents: int
    outcome: str
    interest_cents: int = 0


@operation
def prepare(*, by: Actor, day: date, found: Sequence[Found], now: datetime) -> ReminderRun:
    """
    Keep a preview; one that nobody has confirmed is replaced.

    :raises RunUnderWay: reminders of another one are leaving
    """
    sql.take_turns("reminders", active_town_id())
    # Held: a colleague who is confirming it comes first, and is not undone.
    alive = ReminderRun.objects.select_for_update(no_key=True, of=("self",))
    living = alive.filter(state__in=["prepared", "going", "stopped"]).first()
    if living and living.state != "prepared":
        raise RunUnderWay
    if living:
        Candidate.objects.filter(run=living).delete()
        living.day, living.prepared_at, living.prepared_by_id = day, now, by.actor_id
        living.save(update_fields=["day", "prepared_at", "prepared_by_id"])
    run = living or ReminderRun.objects.create(day=day, prepared_at=now, prepared_by_id=by.actor_id)
    place = 0
    rows = []
    for one in found:
        place += bool(one.place)
        rows.append(
            Candidate(
                run=run,
                sequence=place if one.place else 0,
                payer_id=one.payer_id,
                place=one.place,
                cents=one.cents,
                left_cents=one.left_cents,
                outcome=one.outcome,
                interest_cents=one.interest_cents,
            )
        )
    Candidate.objects.bulk_create(rows)
    return run


@operation
def hold_run(*, run_id: int) -> ReminderRun:
    """
    Hold a run until the end of the transaction.

    :raises NotFound: the town has none of this id
    """
    found = ReminderRun.objects.select_for_update(no_key=True, of=("self",)).filter(pk=run_id).first()
    if found is None:
        raise NotFound
    return found


@operation
def let_go(*, by: Actor, run: ReminderRun, allowed: int | None, leaves_at: datetime, now: datetime) -> None:
    """Let a run that is held go, so many households or all, from an instant on."""
    if run.confirmed_at is None:
        run.confirmed_at, run.confirmed_by_id = now, by.actor_id
    run.state, run.allowed, run.leaves_at = "going", allowed, leaves_at
    run.save()


@operation
def note_state(*, run: ReminderRun, state: str, now: datetime) -> None:
    """Note where a run that is held stands; ``ended_at`` is of the last of its states."""
    run.state = state
    run.ended_at = now if state in ("sent", "closed") else None
    run.save(update_fields=["state", "ended_at"])


@operation
def drop_preview(*, run: ReminderRun) -> None:
    """Forget a preview that nobody has confirmed."""
    Candidate.objects.filter(run=run).delete()
    run.delete()


@operation
def note_outcomes(*, run_id: int, outcomes: Mapping[int, str]) -> None:
    """Note what became of households of a run, by payer: ``sent``, or why they are left out."""
    values = {
        "town": active_town_id(),
        "run": run_id,
        "payers": list(outcomes),
        "outcomes": list(outcomes.values()),
    }
    sql.run(statements.NOTE_OUTCOMES, values)


@operation
def take_numbers(*, series: str, year: int, count: int) -> int:
    """Take numbers that nobody else has, locked until the end of the transaction; the first of them."""
    values = {"town": active_town_id(), "series": series, "year": year, "count": count}
    return int((sql.row(statements.TAKE_NUMBERS, values) or (0,))[0])


def last_entry() -> int:
    """Return the last entry of the town's book."""
    return int((sql.row(statements.LAST_ENTRY, {"town": active_town_id()}) or (0,))[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A reminder to issue."""

    payer_id: int
    step: Step
    number: int
    debts: Sequence[Debt]
    cost: int
    cost_wallet: int
    address: str
    pay_by: date
    sheet: dict[str, Any]
    request_id: int | None
    accruing: Sequence[Accruing] = ()

    @property
    def total(self) -> int:
        """Return everything that it asks for, in cents."""
        return sum(debt.cents for debt in self.debts) + sum(one.cents for one in self.accruing) + self.cost


@operation
def issue(
    *, by: Actor, run_id: int, issues: Sequence[Issue], series: str, until_entry: int, day: date, now: datetime
) -> list[Reminder]:
    """Write reminders with everything they ask for; a household has one of a run."""
    made = Reminder.objects.bulk_create(
        Reminder(
            run_id=run_id,
            payer_id=one.payer_id,
            place=one.step.place,
            name=one.step.name,
            channel=one.step.channel,
            series=series,
            year=day.year,
            number=one.number,
            issued_on=day,
            issued_at=now,
            pay_by=one.pay_by,
            total_cents=one.total,
            cost_cents=one.cost,
            until_entry=until_entry,
            address=one.address,
            sheet=one.sheet,
        )
        for one in issues
    )
    ReminderDebt.objects.bulk_create(
        row for reminder, one in zip(made, issues, strict=True) for row in _debts(reminder, one, day)
    )
    ReminderDebt.objects.bulk_create(
        accruing.write(found=[(one, asked.accruing) for one, asked in zip(made, issues, strict=True)], day=day)
    )
    ReminderPosition.objects.bulk_create(
        ReminderPosition(reminder=reminder, request_id=one.request_id)
        for reminder, one in zip(made, issues, strict=True)
        if one.request_id
    )
    audit.record_each(
        by=by,
        action="reminder.issued",
        at=now,
        told=[
            ((f"guardian:{one.payer_id}", f"reminder:{one.pk}"), {"number": one.written, "name": one.name}) for one in made
        ],
    )
    return made


def _debts(reminder: Reminder, one: Issue, day: date) -> list[ReminderDebt]:
    rows = [
        ReminderDebt(
            reminder=reminder,
            kind=debt.kind,
            key=debt.key,
            wallet_id=debt.wallet_id,
            invoice_id=debt.invoice_id,
            title=debt.title[:120],
            due_on=debt.due_on,
            cents=debt.cents,
        )
        for debt in one.debts
    ]
    if one.cost:
        cost = {"kind": "cost", "key": cost_key(reminder.pk), "wallet_id": one.cost_wallet, "cents": one.cost}
        rows.append(ReminderDebt(reminder=reminder, title=f"Spese del sollecito {reminder.written}", due_on=day, **cost))
    return rows


@operation
def note_position(*, reminder_id: int, request_id: int) -> None:
    """Note that a position asks for what is left of a reminder."""
    ReminderPosition.objects.create(reminder_id=reminder_id, request_id=request_id)


@operation
def keep_paper(*, reminder_id: int, body: bytes) -> bytes:
    """Keep the PDF of a reminder as it was printed the first time, and return what is kept."""
    digest = sha256(body).hexdigest()
    defaults = {"sha256": digest, "body": body}
    kept, _ = ReminderPaper.objects.get_or_create(reminder_id=reminder_id, defaults=defaults)
    return bytes(kept.body)


HOW = {"handed": "consegnato a mano", "posted": "spedito", "delivered": "consegnato", "returned": "restituito al mittente"}


@operation
def note_handing(*, by: Actor, reminder: Reminder, kind: str, day: date, protocol: str, note: str, now: datetime) -> Handing:
    """Write down that a reminder was handed over, posted, delivered or came back; what was written before stays."""
    defaults = {"day": day, "protocol": protocol[:40], "note": note[:200], "at": now, "by_id": by.actor_id}
    found, made = Handing.objects.get_or_create(reminder=reminder, kind=kind, defaults=defaults)
    if made:
        audit.record(
            by=by,
            action="reminder.handed",
            subjects=[f"guardian:{reminder.payer_id}", f"reminder:{reminder.pk}"],
            at=now,
            data={"number": reminder.written, "how": HOW[kind], "day": day_figures(day)},
        )
    return found
