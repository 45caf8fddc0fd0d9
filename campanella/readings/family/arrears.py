"""A family's reminders and plans, for whoever pays and for nobody else: what was asked, what is still open, due by due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campanella.domains.accounts.models import User
from campanella.domains.arrears import reminders
from campanella.domains.arrears.reminders import ReminderView
from campanella.domains.people import queries as people
from campanella.foundation.core import clock, sql
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.italian import day_full
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id
from campanella.readings.arrears.owed import open_of_reminder
from campanella.readings.arrears.plans import PlanStanding, standing, standings


@dataclass(frozen=True, slots=True)
class Arrears:
    """What a family sees of arrears under Pagamenti; empty for one without."""

    reminders: tuple[ReminderView, ...] = ()
    plans: tuple[PlanStanding, ...] = ()

    @property
    def plan(self) -> PlanStanding | None:
        """Return the plan that it is paying."""
        return next((one for one in self.plans if one.is_alive), None)

    @property
    def is_there(self) -> bool:
        """Tell whether there is anything to show."""
        return bool(self.reminders or self.plans)


@dataclass(frozen=True, slots=True)
class ReminderPage:
    """One reminder, and what is still open of it."""

    reminder: ReminderView
    open: Euro


@dataclass(frozen=True, slots=True)
class There:
    """What kinds of debts a family ever had."""

    invoices: bool
    arrears: bool


def whats_there(*, child_ids: Sequence[int]) -> There:
    """Tell whether these children have an issued invoice, and whether a reminder or a plan speaks of them: one query."""
    found = sql.row(_THERE, {"town": active_town_id(), "children": list(child_ids)}) or (False, False)
    return There(*found)


def arrears_of(*, user: User, child_ids: Sequence[int], now: datetime, is_there: bool | None = None) -> Arrears:
    """
    Return the reminders and plans of a family, newest first: one query without any, at most twenty with.

    :param child_ids: the children that this user may see
    :param is_there: what ``whats_there`` has said already, None where nobody has asked
    """
    is_there = whats_there(child_ids=child_ids).arrears if is_there is None else is_there
    holder = people.holder_of(user=user) if is_there else None
    if holder is None:
        return Arrears()
    written = reminders.reminders_of(payer_ids=[holder.pk])
    plans = standings(payer_ids=[holder.pk], today=clock.day_of(now))
    return Arrears(tuple(written[::-1]), tuple(plans[::-1]))


def reminder_for(*, user: User, reminder_id: int) -> ReminderView:
    """
    Return a reminder of this payer.

    :raises NotFound: it is somebody else's, or there is none
    """
    found = reminders.reminder(reminder_id=reminder_id)
    holder = people.holder_of(user=user)
    if holder is None or holder.pk != found.payer_id:
        raise NotFound
    return found


def page_of(*, reminder: ReminderView, now: datetime) -> ReminderPage:
    """Return all that the page of a reminder shows: at most thirty queries."""
    return ReminderPage(reminder, Euro(sum(debt.cents for debt in open_of_reminder(reminder=reminder, now=now))))


def plan_for(*, user: User, plan_id: int, now: datetime) -> PlanStanding:
    """
    Return a plan of this payer.

    :raises NotFound: it is somebody else's, or there is none
    """
    found = standing(plan_id=plan_id, today=clock.day_of(now))
    holder = people.holder_of(user=user)
    if holder is None or holder.pk != found.plan.payer_id:
        raise NotFound
    return found


def plan_said(stands: PlanStanding | None) -> str:
    """Say in one sentence how a plan stands that a family is paying; nothing without one."""
    due = stands.next_due if stands else None
    if stands is None or due is None:
        return ""
    return (
        f"Pagamento a rate dal {day_full(stands.plan.agreed_on)}: {stands.plan.total} in {len(stands.met)} rate, pagati "
        f"{stands.paid}, restano {stands.open}. Prossima rata: {Euro(due.open)} entro il {day_full(due.due.due_on)}."
    )


_THERE = """
select exists (
         select from billing_share h
           join billing_issue i on i.municipality_id = h.municipality_id and i.invoice_id = h.invoice_id
          where h.municipality_id = %(town)s and h.child_id = any(%(children)s::bigint[])),
       exists (
         select from ledger_wallet w
           join arrears_reminderdebt d on d.municipality_id = w.municipality_id and d.wallet_id = w.id
          where w.municipality_id = %(town)s and w.child_id = any(%(children)s::bigint[]))
    or exists (
         select from ledger_wallet w
           join arrears_plandebt d on d.municipality_id = w.municipality_id and d.wallet_id = w.id
          where w.municipality_id = %(town)s and w.child_id = any(%(children)s::bigint[]))
"""
