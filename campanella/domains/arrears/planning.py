"""Plans by instalments: agreed, ended, asked for. Whether one is kept is no row: it follows from what is paid."""

from collections.abc import Sequence
from datetime import date, datetime

from campanella.domains.arrears.models import Plan, PlanDebt, PlanDue, PlanEnd, PlanPosition
from campanella.domains.arrears.rules.debts import Debt
from campanella.domains.arrears.rules.plans import Due
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import operation

audit.sentences(
    {
        "plan.agreed": "ha concordato un piano di {count:rata|rate}, {total} in tutto",
        "plan.ended": "ha chiuso il piano di rate",
    }
)


@operation
def agree(
    *,
    by: Actor,
    payer_id: int,
    debts: Sequence[Debt],
    dues: Sequence[Due],
    note: str,
    until_entry: int,
    day: date,
    now: datetime,
) -> Plan:
    """Write a plan down: what it pays, and by when how much."""
    total = sum(debt.cents for debt in debts)
    plan = Plan.objects.create(
        payer_id=payer_id,
        agreed_on=day,
        made_at=now,
        made_by_id=by.actor_id,
        note=note[:200],
        total_cents=total,
        until_entry=until_entry,
    )
    PlanDebt.objects.bulk_create(
        PlanDebt(
            plan=plan,
            kind=debt.kind,
            key=debt.key,
            wallet_id=debt.wallet_id,
            invoice_id=debt.invoice_id,
            title=debt.title[:120],
            due_on=debt.due_on,
            cents=debt.cents,
        )
        for debt in debts
    )
    PlanDue.objects.bulk_create(PlanDue(plan=plan, place=due.place, due_on=due.due_on, cents=due.cents) for due in dues)
    data: dict[str, str | int] = {"count": len(dues), "total": str(Euro(total))}
    audit.record(by=by, action="plan.agreed", subjects=[f"guardian:{payer_id}", f"plan:{plan.pk}"], at=now, data=data)
    return plan


@operation
def end(*, by: Actor, plan_id: int, reason: str, now: datetime) -> Plan:
    """
    End a plan; one that was ended is left as it is.

    :raises NotFound: the town has none of this id
    """
    plan = Plan.objects.filter(pk=plan_id).first()
    if plan is None:
        raise NotFound
    defaults = {"at": now, "by_id": by.actor_id, "reason": reason[:200]}
    if PlanEnd.objects.get_or_create(plan=plan, defaults=defaults)[1]:
        subjects = [f"guardian:{plan.payer_id}", f"plan:{plan.pk}"]
        audit.record(by=by, action="plan.ended", subjects=subjects, at=now, why=reason[:200])
    return plan


@operation
def note_position(*, due_id: int, request_id: int) -> None:
    """Note that a position asks for what is left of an instalment."""
    PlanPosition.objects.create(due_id=due_id, request_id=request_id)
