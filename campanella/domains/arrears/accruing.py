"""Writing down interest that reminders ask for, and that the office waives it. No money moves here."""

from collections.abc import Sequence
from datetime import date, datetime

from campanella.domains.arrears.models import Accrual, InterestWaiver, Reminder, ReminderDebt
from campanella.domains.arrears.rules.debts import interest_key
from campanella.domains.arrears.rules.interest import Accruing
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import operation

audit.sentences({"reminder.waived": "ha tolto gli interessi del sollecito {number}: {amount}"})


@operation
def write(*, found: Sequence[tuple[Reminder, Sequence[Accruing]]], day: date) -> list[ReminderDebt]:
    """Write the interest of reminders, and return what they ask for it; whoever issues them keeps that."""
    told = [(reminder, one) for reminder, mine in found for one in mine]
    made = Accrual.objects.bulk_create(
        Accrual(
            reminder=reminder,
            invoice_id=one.invoice_id,
            wallet_id=one.wallet_id,
            first=one.first,
            until=one.until,
            principal_cents=one.principal,
            points=one.points,
            cents=one.cents,
        )
        for reminder, one in told
    )
    return [
        ReminderDebt(
            reminder=reminder,
            kind="interest",
            key=interest_key(accrual.pk),
            wallet_id=one.wallet_id,
            title=f"Interessi su {one.title}"[:120],
            due_on=day,
            cents=one.cents,
        )
        for accrual, (reminder, one) in zip(made, told, strict=True)
    ]


@operation
def waive(*, by: Actor, reminder: Reminder, amount: str, reason: str, now: datetime) -> bool:
    """
    Write down that the interest of a reminder is asked for no more.

    :returns: False where it was written before
    """
    made = {"reason": reason[:200], "at": now, "by_id": by.actor_id}
    is_new = InterestWaiver.objects.get_or_create(reminder=reminder, defaults=made)[1]
    if is_new:
        audit.record(
            by=by,
            action="reminder.waived",
            subjects=[f"guardian:{reminder.payer_id}", f"reminder:{reminder.pk}"],
            at=now,
            why=reason[:200],
            data={"number": reminder.written, "amount": amount},
        )
    return is_new
