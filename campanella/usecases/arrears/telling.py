"""Word to a family: its plan is agreed, money for a reminder or an instalment has arrived."""

from campanella.domains.arrears import agreed, reminders
from campanella.domains.ledger import queries as ledger
from campanella.domains.ledger.rules import Source
from campanella.domains.payments.queries import PaymentRequest
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import use_case
from campanella.readings.arrears.households import all_debts
from campanella.usecases.links import portal_link
from campanella.usecases.messages import arrears as letters


@use_case
def tell_plan(*, plan_id: int) -> None:
    """Bring a family its plan, due by due; the reaction to ``PlanAgreed``."""
    plan = agreed.plan(plan_id=plan_id)
    letters.plan_agreed(payer=people.guardian(guardian_id=plan.payer_id), plan=plan, now=clock.now())


def thank_for(*, request: PaymentRequest, receipt_id: str, amount: Euro, surplus: Euro) -> bool:
    """
    Tell a family that money for a reminder or an instalment has arrived, and what is left in all; part of ``thanks``.

    :param surplus: what of it was asked for no more
    :returns: False when the position asks for neither
    """
    reminder = reminders.of_position(request_id=request.pk)
    plan = agreed.of_position(request_id=request.pk)
    if reminder is None and plan is None:
        return False
    payer_id = reminder.payer_id if reminder else plan.payer_id if plan else 0
    source, now = Source.of_receipt(receipt_id), clock.now()
    if ledger.is_posted(source=source):
        left = Euro(sum(debt.cents for debt in all_debts(payer_id=payer_id, now=now)))
        link = (
            portal_link("portal:reminder", reminder.pk) if reminder else portal_link("portal:plan", plan.pk if plan else 0)
        )
        payer = people.guardian(guardian_id=payer_id)
        letters.paid(payer=payer, source=source, amount=amount, surplus=surplus, left=left, link=link, now=now)
    return True
