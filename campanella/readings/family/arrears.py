"""A family's reminders and plans, for whoever pays and for nobody else: what was asked, what is still open, due by due."""

from dataclasses import dataclass
from datetime import datetime

from campanella.domains.accounts.models import User
from campanella.domains.arrears import agreed, reminders
from campanella.domains.arrears.reminders import ReminderView
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro
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


def arrears_of(*, user: User, now: datetime) -> Arrears:
    """Return the reminders and plans of a family, newest first: three queries without any, at most twenty with."""
    holder = people.holder_of(user=user)
    if holder is None:
        return Arrears()
    written = reminders.reminders_of(payer_ids=[holder.pk]) if reminders.count_of(payer_id=holder.pk) else []
    plans = standings(payer_ids=[holder.pk], today=clock.day_of(now)) if agreed.are_there(payer_id=holder.pk) else []
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
