"""Interest that reminders add today: on what invoices still ask, from the day after they were due, or were last counted."""

from collections.abc import Sequence
from datetime import date, timedelta

from campanella.domains.arrears import accrued
from campanella.domains.arrears.rules.debts import Household
from campanella.domains.arrears.rules.interest import Accruing, interest
from campanella.domains.arrears.rules.ladder import Step

A_DAY = timedelta(days=1)


def accruing(going: Sequence[tuple[Step, Household]], *, day: date) -> dict[int, list[Accruing]]:
    """
    Return by payer the interest that its reminder adds: one query, none where no step asks for any.

    What was paid bears none: it is counted on what is open on the day. Less than a cent waits for the next reminder.
    """
    asking = [(step.interest, house) for step, house in going if step.interest is not None]
    ids = sorted({debt.invoice_id for _, house in asking for debt in house.debts if debt.invoice_id})
    until = accrued.last_days(invoice_ids=ids) if ids else {}
    found: dict[int, list[Accruing]] = {}
    for points, house in asking:
        for debt in house.debts:
            if debt.invoice_id is None:
                continue
            first = max(debt.due_on, until.get((debt.invoice_id, debt.wallet_id), debt.due_on)) + A_DAY
            cents = interest(principal=debt.cents, first=first, until=day, points=points)
            if cents:
                found.setdefault(house.payer_id, []).append(
                    Accruing(
                        invoice_id=debt.invoice_id,
                        wallet_id=debt.wallet_id,
                        child_id=debt.child_id,
                        title=debt.title,
                        number=debt.number,
                        first=first,
                        until=day,
                        principal=debt.cents,
                        points=points,
                        cents=cents,
                    )
                )
    return found
