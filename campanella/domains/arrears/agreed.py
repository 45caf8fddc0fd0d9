"""Questions about plans as they were agreed; what is paid of them, ``readings/arrears`` says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from campanella.domains.arrears.models import Plan, PlanDebt, PlanDue, PlanEnd, PlanPosition
from campanella.domains.arrears.rules.plans import Due
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro


@dataclass(frozen=True, slots=True)
class PlanDebtView:
    """One thing that a plan pays."""

    kind: str
    key: str
    wallet_id: int
    invoice_id: int | None
    title: str
    due_on: date
    cents: int


@dataclass(frozen=True, slots=True)
class PlanView:
    """
    A plan as it was agreed.

    :ivar due_ids: of each due, in their places
    :ivar request_ids: by due, the positions that were made for it, the oldest first
    """

    id: int
    payer_id: int
    agreed_on: date
    made_at: datetime
    note: str
    total: Euro
    until_entry: int
    debts: tuple[PlanDebtView, ...]
    dues: tuple[Due, ...]
    due_ids: tuple[int, ...]
    request_ids: dict[int, list[int]]
    ended_at: datetime | None
    end_reason: str


def plan(*, plan_id: int) -> PlanView:
    """
    Return one plan: five queries.

    :raises NotFound: the town has none of this id
    """
    for found in _views(Plan.objects.filter(pk=plan_id)):
        return found
    raise NotFound


def plans(*, payer_ids: Sequence[int] | None = None) -> list[PlanView]:
    """Return the plans of households, or all of the town, the oldest first: five queries."""
    rows = Plan.objects.all() if payer_ids is None else Plan.objects.filter(payer_id__in=list(payer_ids))
    return _views(rows)


def _views(rows: "QuerySet[Plan]") -> list[PlanView]:
    found = list(rows.order_by("id"))
    ids = [one.pk for one in found]
    debts: dict[int, list[PlanDebtView]] = {}
    fields = ("kind", "key", "wallet_id", "invoice_id", "title", "due_on", "cents")
    for plan_id, *rest in PlanDebt.objects.filter(plan_id__in=ids).order_by("id").values_list("plan_id", *fields):
        debts.setdefault(plan_id, []).append(PlanDebtView(*rest))
    dues: dict[int, list[tuple[int, Due]]] = {}
    of_these = PlanDue.objects.filter(plan_id__in=ids).order_by("place")
    for pk, plan_id, place, due_on, cents in of_these.values_list("id", "plan_id", "place", "due_on", "cents"):
        dues.setdefault(plan_id, []).append((pk, Due(place, due_on, cents)))
    made: dict[int, list[int]] = {}
    positions = PlanPosition.objects.filter(due__plan_id__in=ids).order_by("id")
    for due_id, request_id in positions.values_list("due_id", "request_id"):
        made.setdefault(due_id, []).append(request_id)
    ends = {
        pk: (at, reason) for pk, at, reason in PlanEnd.objects.filter(plan_id__in=ids).values_list("plan_id", "at", "reason")
    }
    views = []
    for one in found:
        mine = dues.get(one.pk, [])
        ended_at, reason = ends.get(one.pk, (None, ""))
        views.append(
            PlanView(
                id=one.pk,
                payer_id=one.payer_id,
                agreed_on=one.agreed_on,
                made_at=one.made_at,
                note=one.note,
                total=Euro(one.total_cents),
                until_entry=one.until_entry,
                debts=tuple(debts.get(one.pk, ())),
                dues=tuple(due for _, due in mine),
                due_ids=tuple(pk for pk, _ in mine),
                request_ids={pk: made.get(pk, []) for pk, _ in mine},
                ended_at=ended_at,
                end_reason=reason,
            )
        )
    return views


def of_position(*, request_id: int) -> Plan | None:
    """Return the plan of whose instalments a position asks for one, None for any other position: one query."""
    return Plan.objects.filter(dues__positions__request_id=request_id).first()
