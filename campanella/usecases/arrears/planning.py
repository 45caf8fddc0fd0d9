"""
Plans by instalments, agreed between the office and a family.

The wallets are held first, so that the dues make exactly what is owed at that moment. What is paid afterwards, from
wherever it comes, meets the oldest due; while all dues are met in time the ladder sleeps.
"""

from datetime import date, datetime

from campanella.domains.arrears import agreed, issuing, planning
from campanella.domains.arrears.choices import ArrearsChoices
from campanella.domains.arrears.events import PlanAgreed
from campanella.domains.arrears.models import Plan
from campanella.domains.arrears.rules import plans
from campanella.domains.ledger.holding import hold_children
from campanella.domains.payments import operations as payments
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.events import publish
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import use_case
from campanella.foundation.tenants.queries import active_town
from campanella.readings.arrears import members
from campanella.readings.arrears.households import for_plan
from campanella.readings.arrears.plans import standings


class BadPlan(Refusal):
    """The instalments cannot be; each fault is a sentence."""


class OwedChanged(Refusal):
    """What is owed is no longer what was told."""


class PlanThere(Refusal):
    """A plan of this household is under way."""

    message = "Questa famiglia ha già un piano in corso: chiudilo, poi fanne un altro."


class ReasonMissing(Refusal):
    """A plan is ended with a reason."""

    message = "Scrivi perché il piano si chiude: la famiglia lo può chiedere."


@use_case
def agree(
    *, by: Actor, payer_id: int, count: int, first: date, months: int, note: str, now: datetime, told: Euro | None = None
) -> Plan:
    """
    Agree that a household pays what it owes in dues.

    :param first: the day of the first due, the others as many months later each
    :param told: the sum that was told before, None when none was
    :raises BadPlan: too many dues, or too small ones, or nothing is owed
    :raises OwedChanged: it is not the sum that was told
    :raises PlanThere: the household has a plan that is not over
    :raises NotFound: the town has no such adult
    """
    payer, day = people.guardian(guardian_id=payer_id), clock.day_of(now)
    hold_children(child_ids=members.children_of(payer_ids=[payer.pk]))
    if any(one.is_alive for one in standings(payer_ids=[payer.pk], today=day)):
        raise PlanThere
    debts = for_plan(payer_id=payer.pk, now=now)
    total = sum(debt.cents for debt in debts)
    if told is not None and told.cents != total:
        raise OwedChanged(
            f"Intanto qualcosa è stato pagato, o è scaduto altro: ora sono {Euro(total)}. Controlla e conferma."
        )
    choices = active_town().chosen(ArrearsChoices)
    faults = plans.faults(cents=total, count=count, first=first, today=day, most=choices.plan_most, least=choices.plan_least)
    if faults:
        raise BadPlan(" ".join(faults))
    plan = planning.agree(
        by=by,
        payer_id=payer.pk,
        debts=debts,
        dues=plans.split(cents=total, count=count, first=first, months=max(months, 1)),
        note=note.strip(),
        until_entry=issuing.last_entry(),
        day=day,
        now=now,
    )
    publish(PlanAgreed(plan_id=plan.pk))
    return plan


@use_case
def end(*, by: Actor, plan_id: int, reason: str, now: datetime) -> Plan:
    """
    End a plan: the ladder wakes, and nothing asks for its instalments any more. One that was ended is left as it is.

    :raises NotFound: the town has none of this id
    :raises ReasonMissing: without a reason
    """
    if not reason.strip():
        raise ReasonMissing
    ended = planning.end(by=by, plan_id=plan_id, reason=reason.strip(), now=now)
    asked = agreed.plan(plan_id=plan_id).request_ids.values()
    payments.cancel_positions(by=by, request_ids=[pk for made in asked for pk in made], now=now)
    return ended
