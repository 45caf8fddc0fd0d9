"""What the office sees of arrears: runs, one run with who is left out and why, a household, a reminder."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.arrears import queries, reminders
from campanella.domains.arrears.queries import CandidateView, RunView, StopView
from campanella.domains.arrears.reminders import ReminderView
from campanella.domains.arrears.rules.debts import Household
from campanella.domains.arrears.rules.ladder import CHANNEL_WORDS, WHY_WORDS, Ladder
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.readings.arrears import members
from campanella.readings.arrears.households import households
from campanella.readings.arrears.plans import PlanStanding, standings
from campanella.readings.arrears.proof import Proof, proofs_of
from campanella.readings.arrears.steps import channel_of, decided

MOST_SHOWN = 60

STATES: dict[str, tuple[str, str]] = {
    "prepared": ("wait", "Anteprima"),
    "going": ("wait", "In partenza"),
    "stopped": ("warn", "Fermato"),
    "sent": ("ok", "Partiti"),
    "closed": ("off", "Chiuso"),
}


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in the list."""

    run: RunView
    status: tuple[str, str]


@dataclass(frozen=True, slots=True)
class WantedLine:
    """A household that is to have a reminder, or has had it."""

    payer_id: int
    name: str
    step: str
    channel: str
    amount: Euro
    left: Euro
    outcome: str
    reminder_id: int | None
    told: Proof | None


@dataclass(frozen=True, slots=True)
class LeftGroup:
    """Households that are left out for one reason: how many, how much they owe, and the first of them."""

    words: str
    count: int
    amount: Euro
    lines: list[tuple[int, str, Euro]]


@dataclass(frozen=True, slots=True)
class RunPage:
    """
    A run on its page.

    :ivar steps: by step: its name, how many households, how much
    :ivar changed: that were in the preview and are left out because something has changed
    :ivar told: what became of its reminders: kind and words of the pill, and how many
    :ivar costs: what their steps would charge for bringing them
    :ivar asked: what its letters would ask for, interest and costs included
    """

    line: RunLine
    steps: list[tuple[str, int, Euro]]
    wanted: list[WantedLine]
    left: list[LeftGroup]
    changed: list[LeftGroup]
    has_letters: bool
    told: list[tuple[str, str, int]]
    costs: Euro
    asked: Euro


def runs() -> list[RunLine]:
    """Return the last runs, newest first: one query."""
    return [RunLine(one, _status(one)) for one in queries.runs()]


def _status(run: RunView) -> tuple[str, str]:
    return ("warn", "Le prime sono partite") if run.is_waiting else STATES[run.state]


def page_of(*, run: RunView) -> RunPage:
    """Return all that the page of a run shows: at most twelve queries."""
    found = queries.candidates(run_id=run.id)
    names = {one.pk: one for one in people.guardians(guardian_ids=[one.payer_id for one in found])}
    steps = queries.ladder(day=run.day)
    made = {one.payer_id: one for one in reminders.of_run(run_id=run.id)}
    proofs, ties = proofs_of(list(made.values())), members.reached(payer_ids=[one.payer_id for one in found])
    wanted = [one for one in found if one.sequence]
    lines = []
    for one in wanted[:MOST_SHOWN]:
        adult, reminder = names[one.payer_id], made.get(one.payer_id)
        step = next((step for step in steps.steps if step.place == one.place), None)
        channel = (
            reminder.channel
            if reminder
            else channel_of(step, adult, may_be_mailed=adult.pk in ties).channel
            if step
            else "letter"
        )
        lines.append(
            WantedLine(
                payer_id=one.payer_id,
                name=adult.full_name,
                step=reminder.name if reminder else _name(steps, one.place),
                channel=next(words for key, words in CHANNEL_WORDS.items() if key == channel),
                amount=reminder.total if reminder else Euro(one.cents),
                left=Euro(one.left_cents),
                outcome="" if one.outcome == "sent" else _words(one.outcome),
                reminder_id=reminder.id if reminder else None,
                told=proofs[reminder.id] if reminder else None,
            )
        )
    full = {pk: adult.full_name for pk, adult in names.items()}
    cost_of = {step.place: step.cost for step in steps.steps}
    costs = Euro(sum(cost_of.get(one.place, 0) for one in wanted))
    return RunPage(
        line=RunLine(run, _status(run)),
        steps=[
            (_name(steps, place), len(mine), Euro(sum(one.cents for one in mine)))
            for place in sorted({one.place for one in wanted})
            if (mine := [one for one in wanted if one.place == place])
        ],
        wanted=lines,
        left=_groups([one for one in found if not one.sequence], full),
        changed=_groups([one for one in wanted if one.outcome not in ("", "sent")], full),
        has_letters=any(not one.leaves_by_itself for one in made.values()),
        told=[(*status, count) for status, count in Counter(one.status for one in proofs.values()).most_common()],
        costs=costs,
        asked=run.total + run.interest + costs,
    )


def _name(steps: Ladder, place: int) -> str:
    return next((step.name for step in steps.steps if step.place == place), f"Passo {place}")


def _words(outcome: str) -> str:
    return next((words for why, words in WHY_WORDS.items() if why == outcome), outcome)


def _groups(found: Sequence[CandidateView], names: dict[int, str]) -> list[LeftGroup]:
    by_why: dict[str, list[CandidateView]] = {}
    for one in found:
        by_why.setdefault(one.outcome, []).append(one)
    return [
        LeftGroup(
            words=_words(why),
            count=len(mine),
            amount=Euro(sum(one.cents + one.left_cents for one in mine)),
            lines=[(one.payer_id, names[one.payer_id], Euro(one.cents + one.left_cents)) for one in mine[:MOST_SHOWN]],
        )
        for why, mine in sorted(by_why.items(), key=lambda one: -len(one[1]))
    ]


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """A reminder with what is known of its way."""

    reminder: ReminderView
    proof: Proof
    name: str

    @property
    def channel(self) -> str:
        """Say how it goes."""
        return next(words for key, words in CHANNEL_WORDS.items() if key == self.reminder.channel)


def lines_of(found: Sequence[ReminderView]) -> list[ReminderLine]:
    """Put names and proofs to reminders: two queries."""
    names = {one.pk: one.full_name for one in people.guardians(guardian_ids=[one.payer_id for one in found])}
    proofs = proofs_of(found)
    return [ReminderLine(one, proofs[one.id], names[one.payer_id]) for one in found]


@dataclass(frozen=True, slots=True)
class HouseholdPage:
    """
    A household in arrears as the office sees it; never why it is stopped.

    :ivar next: what the ladder says today: the next step, or why there is none
    """

    household: Household | None
    next: str
    plans: list[PlanStanding]
    reminders: list[ReminderLine]
    stops: list[StopView]
    left: list[tuple[str, str, Euro]]

    @property
    def total(self) -> Euro:
        """Return what it may be asked for."""
        return Euro(self.household.total if self.household else 0)

    @property
    def stopped_until(self) -> date | None:
        """Return until when nobody writes to it, None when nothing keeps from it."""
        today = clock.today()
        return max((one.until for one in self.stops if one.holds_on(today)), default=None)

    @property
    def plan(self) -> PlanStanding | None:
        """Return the plan it is paying."""
        return next((one for one in self.plans if one.is_alive), None)


def household_page(*, payer_id: int, now: datetime) -> HouseholdPage:
    """Return all that the page of a household shows: at most sixty queries, however long it is in arrears."""
    day = clock.day_of(now)
    found = households(payer_ids=[payer_id], now=now)
    said = ""
    for one in decided(found, day=day):
        said = f"Prossimo: {one.step.name}." if one.step else f"Nessun sollecito oggi: {_words(one.why or '')}."
    household = found[0] if found else None
    return HouseholdPage(
        household=household,
        next=said or "Non deve niente che sia scaduto.",
        plans=standings(payer_ids=[payer_id], today=day)[::-1],
        reminders=lines_of(reminders.reminders_of(payer_ids=[payer_id])[::-1]),
        stops=queries.stops_of(payer_id=payer_id),
        left=[(one.debt.title, WHY_WORDS[one.why], Euro(one.debt.cents)) for one in (household.left if household else ())],
    )
