"""What is still open of a reminder, and of an instalment: exactly what a position of it asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from campanella.domains.arrears.agreed import PlanView
from campanella.domains.arrears.reminders import ReminderView
from campanella.domains.arrears.rules.debts import ADDED, Debt, first_of, kind_of
from campanella.domains.ledger import queries as ledger
from campanella.readings.arrears.households import all_debts
from campanella.readings.arrears.plans import standing


def open_of_reminder(*, reminder: ReminderView, now: datetime) -> list[Debt]:
    """Return what is open of what a reminder asks for, no more of each than it asked: at most thirty queries."""
    asked: dict[tuple[str, int], int] = {(one.key, one.wallet_id): one.amount.cents for one in reminder.debts}
    wallets = _with_added(reminder, asked)
    found = []
    for debt in all_debts(payer_id=reminder.payer_id, now=now):
        most = wallets.get((debt.key, debt.wallet_id), 0)
        if most:
            found.append(replace(debt, cents=min(debt.cents, most)))
    return found


def _with_added(reminder: ReminderView, asked: dict[tuple[str, int], int]) -> dict[tuple[str, int], int]:
    """A credit below zero holds what its reminder has added: what is open of both is what it lacks."""
    found = dict(asked)
    for one in reminder.debts:
        key = f"wallet:{one.wallet_id}", one.wallet_id
        if one.kind in ADDED and key in found:
            found[key] += one.amount.cents
    return found


def open_of_plan(*, plan: PlanView, place: int, today: date) -> list[Debt]:
    """Return the oldest debts that make what is open of an instalment, those of the earlier ones apart."""
    stands = standing(plan_id=plan.id, today=today)
    met = next((one for one in stands.met if one.due.place == place), None)
    if met is None or not stands.is_alive:
        return []
    before = sum(one.open for one in stands.met if one.due.place < place)
    left = _debts_of(plan, stands.left)
    skipped = {(one.key, one.wallet_id): one.cents for one in first_of(left, cents=before)} if before else {}
    rest = [replace(one, cents=one.cents - skipped.get((one.key, one.wallet_id), 0)) for one in left]
    return first_of([one for one in rest if one.cents], cents=met.open) if met.open else []


def _debts_of(plan: PlanView, cents: Mapping[tuple[str, int], int]) -> Sequence[Debt]:
    children = {one.id: one.child_id for one in ledger.wallets_by_id(wallet_ids=[debt.wallet_id for debt in plan.debts])}
    return [
        Debt(
            kind=kind_of(one.key),
            key=one.key,
            wallet_id=one.wallet_id,
            child_id=children[one.wallet_id],
            invoice_id=one.invoice_id,
            number="",
            title=one.title,
            due_on=one.due_on,
            cents=cents[one.key, one.wallet_id],
        )
        for one in plan.debts
        if cents[one.key, one.wallet_id]
    ]
