"""
The list for whoever collects for the town: debtor, every debt, every reminder with its proof, and when it is prescribed.

An export and no act: what is on it stays owed to the town, and a payment takes it off by itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.arrears import agreed, reminders
from campanella.domains.arrears.choices import ArrearsChoices
from campanella.domains.arrears.reminders import ReminderView
from campanella.domains.arrears.rules import prescription
from campanella.domains.arrears.rules.debts import Debt
from campanella.domains.people import queries as people
from campanella.domains.people.models import Guardian
from campanella.foundation.core import clock
from campanella.foundation.core.italian import day_figures
from campanella.foundation.core.money import Euro
from campanella.foundation.documents.sheets import Cell
from campanella.foundation.tenants.queries import active_town
from campanella.readings.arrears.households import households
from campanella.readings.arrears.proof import Proof, proofs_of
from campanella.readings.arrears.steps import Decided, decided

HEAD = (
    "Debitore",
    "Codice fiscale",
    "Indirizzo",
    "E-mail",
    "Che cosa",
    "Numero",
    "Scaduto il",
    "Importo",
    "Totale del debitore",
    "Solleciti e prove",
    "Si prescrive il",
    "Prescrizione vicina",
)


@dataclass(frozen=True, slots=True)
class DebtLine:
    """One debt of a debtor, the reminders that asked for it, and when it is prescribed."""

    debt: Debt
    reminders: tuple[tuple[ReminderView, Proof], ...]
    prescribes_on: date
    is_near: bool

    @property
    def amount(self) -> Euro:
        """Return what is owed."""
        return Euro(self.debt.cents)

    @property
    def proofs(self) -> str:
        """Say every reminder with its proof."""
        return " | ".join(
            f"{one.name} {one.number} del {day_figures(one.issued_on)}: {proof.words}" for one, proof in self.reminders
        )


@dataclass(frozen=True, slots=True)
class Debtor:
    """A household with all that it owes."""

    adult: Guardian
    lines: tuple[DebtLine, ...]

    @property
    def total(self) -> Euro:
        """Return what it owes in all."""
        return Euro(sum(line.debt.cents for line in self.lines))

    @property
    def first_prescribed(self) -> date:
        """Return the day on which the first of its debts is prescribed."""
        return min(line.prescribes_on for line in self.lines)


@dataclass(frozen=True, slots=True)
class CollectorPage:
    """Who is ready for the collector, and who has a debt that is prescribed soon, ready or not."""

    ready: list[Debtor]
    near: list[Debtor]

    @property
    def total(self) -> Euro:
        """Return what those who are ready owe in all."""
        return Euro(sum(one.total.cents for one in self.ready))


def collector_page(*, now: datetime) -> CollectorPage:
    """Return the list for the collector and the warnings: at most sixty queries, however many they are."""
    day = clock.day_of(now)
    found = decided(households(payer_ids=None, now=now), day=day)
    debtors = {one.adult.pk: one for one in _debtors(found, day)}
    ready = [debtors[one.household.payer_id] for one in found if one.why == "collector"]
    near = [one for one in debtors.values() if any(line.is_near for line in one.lines)]
    return CollectorPage(ready, sorted(near, key=lambda one: one.first_prescribed))


def _debtors(found: Sequence[Decided], day: date) -> Iterator[Debtor]:
    payers = [one.household.payer_id for one in found if one.household.debts]
    adults = {one.pk: one for one in people.guardians(guardian_ids=payers)}
    written = reminders.reminders_of(payer_ids=payers)
    proofs = proofs_of(written)
    # Whoever agrees to pay by instalments acknowledges the debt.
    acknowledged = [
        (plan.payer_id, debt.key, plan.agreed_on) for plan in agreed.plans(payer_ids=payers) for debt in plan.debts
    ]
    warn_days = active_town().chosen(ArrearsChoices).prescription_warn_days
    for one in found:
        house = one.household
        if not house.debts:
            continue
        mine = [reminder for reminder in written if reminder.payer_id == house.payer_id]
        lines = []
        for debt in house.debts:
            asked = tuple((reminder, proofs[reminder.id]) for reminder in mine if debt.key in reminder.keys)
            acts = [proof.reached_on for _, proof in asked if proof.reached_on]
            acts += [on for payer_id, key, on in acknowledged if payer_id == house.payer_id and key == debt.key]
            prescribes = prescription.prescribes_on(due_on=debt.due_on, interrupted_on=acts)
            is_near = prescription.is_near(prescribes=prescribes, today=day, warn_days=warn_days)
            lines.append(DebtLine(debt, asked, prescribes, is_near))
        yield Debtor(adults[house.payer_id], tuple(lines))


def rows_of(debtors: Sequence[Debtor]) -> Iterator[list[Cell]]:
    """Write debtors as rows of a sheet under ``HEAD``, one a debt."""
    for one in debtors:
        adult = one.adult
        for line in one.lines:
            debt = line.debt
            yield [
                adult.full_name,
                adult.tax_code,
                adult.address,
                adult.email,
                debt.title,
                debt.number,
                debt.due_on,
                line.amount,
                one.total,
                line.proofs,
                line.prescribes_on,
                "sì" if line.is_near else "",
            ]
