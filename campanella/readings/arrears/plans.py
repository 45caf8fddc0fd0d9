"""Plans as they stand: what is paid of each, from wherever it came, and which dues it meets."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from campanella.domains.arrears import agreed
from campanella.domains.arrears.agreed import PlanView
from campanella.domains.arrears.choices import ArrearsChoices
from campanella.domains.arrears.rules import plans
from campanella.domains.arrears.rules.plans import Met, PlanState
from campanella.domains.billing import queries as billing
from campanella.foundation.core import sql
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id
from campanella.foundation.tenants.queries import active_town
from campanella.readings.arrears import statements


@dataclass(frozen=True, slots=True)
class PlanStanding:
    """
    A plan with what is paid of it.

    :ivar left: by (key, wallet) what is left of each debt, in cents
    """

    plan: PlanView
    met: tuple[Met, ...]
    state: PlanState
    left: Mapping[tuple[str, int], int]

    @property
    def paid(self) -> Euro:
        """Return what is paid of it."""
        return Euro(sum(one.paid for one in self.met))

    @property
    def open(self) -> Euro:
        """Return what is left of it."""
        return Euro(sum(one.open for one in self.met))

    @property
    def gone(self) -> Euro:
        """Return what of it nobody owes any more, and nobody paid: called back, or written off."""
        return Euro(sum(one.gone for one in self.met))

    @property
    def next_due(self) -> Met | None:
        """Return the first due that is not paid in full."""
        return next((one for one in self.met if one.open), None)

    @property
    def is_alive(self) -> bool:
        """Tell whether somebody still pays it."""
        return self.state in ("kept", "missed")

    @property
    def words(self) -> str:
        """Say how it stands."""
        return plans.PLAN_WORDS[self.state]


def standing(*, plan_id: int, today: date) -> PlanStanding:
    """
    Return one plan as it stands: at most eleven queries.

    :raises NotFound: the town has none of this id
    """
    return _standings([agreed.plan(plan_id=plan_id)], today)[0]


def standings(*, payer_ids: Sequence[int] | None, today: date) -> list[PlanStanding]:
    """Return the plans of households, or all of the town, as they stand: at most eleven queries."""
    return _standings(agreed.plans(payer_ids=payer_ids), today)


def _standings(found: Sequence[PlanView], today: date) -> list[PlanStanding]:
    if not found:
        return []
    invoice_ids = sorted({debt.invoice_id for plan in found for debt in plan.debts if debt.invoice_id})
    invoices = billing.invoices(invoice_ids=invoice_ids) if invoice_ids else []
    open_of = {(one.id, share.wallet_id): share.open.cents for one in invoices for share in one.shares}
    recalled = {one.id for one in invoices if one.credit_note}
    wanted = sorted({(plan.id, debt.wallet_id, plan.until_entry) for plan in found for debt in plan.debts})
    values = {
        "town": active_town_id(),
        "plans": [plan_id for plan_id, _, _ in wanted],
        "wallets": [wallet_id for _, wallet_id, _ in wanted],
        "since": [since for _, _, since in wanted],
    }
    came = {
        (plan_id, wallet_id): (all_of_it, given)
        for plan_id, wallet_id, all_of_it, given in sql.rows(statements.CAME_IN, values)
    }
    grace = active_town().chosen(ArrearsChoices).plan_grace_days
    return [_standing(plan, open_of, recalled, came, today, grace) for plan in found]


def _standing(
    plan: PlanView,
    open_of: Mapping[tuple[int, int], int],
    recalled: Collection[int],
    came: Mapping[tuple[int, int], tuple[int, int]],
    today: date,
    grace_days: int,
) -> PlanStanding:
    left: dict[tuple[str, int], int] = {}
    # What came into a wallet has paid its invoices first; what is beyond them pays its credit below zero and the costs.
    beyond = {debt.wallet_id: came.get((plan.id, debt.wallet_id), (0, 0))[0] for debt in plan.debts}
    for debt in plan.debts:
        if debt.invoice_id is not None and debt.invoice_id not in recalled:
            open_now = min(debt.cents, open_of.get((debt.invoice_id, debt.wallet_id), 0))
            left[debt.key, debt.wallet_id] = open_now
            beyond[debt.wallet_id] -= debt.cents - open_now
    for debt in plan.debts:
        if debt.invoice_id is None:
            paid = min(debt.cents, max(0, beyond[debt.wallet_id]))
            left[debt.key, debt.wallet_id] = debt.cents - paid
            beyond[debt.wallet_id] -= paid
    settled: dict[int, int] = {}
    for debt in plan.debts:
        if debt.invoice_id in recalled:
            left[debt.key, debt.wallet_id] = 0
            # What was paid of it before it was called back is credit now, and stays paid.
            paid = min(debt.cents, max(0, beyond[debt.wallet_id]))
            beyond[debt.wallet_id] -= paid
        else:
            paid = debt.cents - left[debt.key, debt.wallet_id]
        settled[debt.wallet_id] = settled.get(debt.wallet_id, 0) + paid
    # What the office has given is no payment of the family.
    paid_of_all = sum(
        cents - min(cents, max(0, came.get((plan.id, wallet_id), (0, 0))[1])) for wallet_id, cents in settled.items()
    )
    gone = plan.total.cents - sum(left.values()) - paid_of_all
    met = plans.met(dues=plan.dues, paid=paid_of_all, gone=gone, today=today, grace_days=grace_days)
    return PlanStanding(plan, tuple(met), plans.state_of(dues=met, is_ended=plan.ended_at is not None), left)
