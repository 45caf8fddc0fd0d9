"""Letters about arrears: a reminder, a plan by instalments. No name, no amount and no child in a subject."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from campanella.domains.arrears.agreed import PlanView
from campanella.domains.arrears.models import Reminder
from campanella.domains.people.models import Guardian
from campanella.foundation.core.money import Euro
from campanella.usecases.links import portal_link
from campanella.usecases.messages.queuing import queue, worded

URGENCY = -5
SUBJECT = "Un promemoria sui pagamenti"


def key_of(reminder_id: int) -> str:
    """Return what the letter of a reminder answers to: one reminder is one letter, for ever."""
    return f"reminder:{reminder_id}:"


def reminder(*, payer: Guardian, reminder: Reminder, now: datetime) -> None:
    """Bring a reminder with its papers."""
    queue(
        template="reminder",
        key=key_of(reminder.pk),
        guardian=payer,
        address=reminder.address,
        subject=SUBJECT,
        now=now,
        values=_values(reminder.sheet, Euro(reminder.total_cents), portal_link("portal:reminder", reminder.pk)),
        urgency=URGENCY,
        papers=f"reminder:{reminder.pk}",
    )


def reminder_to_come(*, sheet: Mapping[str, Any], total: Euro, now: datetime) -> tuple[str, str]:
    """Return subject and text of a reminder as it would leave now; its link is of the list, since it is not there yet."""
    return worded(
        template="reminder", subject=SUBJECT, values=_values(sheet, total, portal_link("portal:reminders")), now=now
    )


def _values(sheet: Mapping[str, Any], total: Euro, link: str) -> dict[str, object]:
    return {"sheet": sheet, "total": total, "link": link}


def plan_agreed(*, payer: Guardian, plan: PlanView, now: datetime) -> None:
    """Bring a plan, due by due."""
    queue(
        template="plan_agreed",
        key=f"plan:{plan.id}",
        guardian=payer,
        subject="Il tuo piano di rate",
        now=now,
        values={
            "plan": plan,
            "dues": [(due.place, due.due_on, Euro(due.cents)) for due in plan.dues],
            "link": portal_link("portal:plan", plan.id),
        },
    )


def paid(*, payer: Guardian, source: str, amount: Euro, surplus: Euro, left: Euro, link: str, now: datetime) -> None:
    """
    Tell that a payment of something in arrears has arrived, and what is left in all.

    :param surplus: what of the payment was asked for no more, and is credit
    """
    queue(
        template="arrears_paid",
        key=f"arrears_paid:{source}",
        guardian=payer,
        subject="Pagamento ricevuto",
        now=now,
        values={"amount": amount, "surplus": surplus, "left": left, "link": link},
    )
