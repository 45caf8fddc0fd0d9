"""The town's fees: which there are, what each would ask, and what was charged for them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Count, Max, Q, Sum

from campanella.domains.billing.fee_reckoning import Plan, plan_of, reckon
from campanella.domains.billing.models import Fee, FeeDue, FeePrice, Instalment
from campanella.domains.ledger.rules import Source
from campanella.domains.services.rules import BY_SCHEME
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro


@dataclass(frozen=True)
class FeeView:
    """A fee with what it was confirmed by whom, and what it asks for now."""

    id: int
    service_id: int
    service_name: str
    plan: Plan
    made_at: datetime
    made_by_id: int | None
    confirmed_at: datetime | None
    withdrawn_at: datetime | None
    reason: str
    children: int
    total: Euro


@dataclass(frozen=True)
class PartTold:
    """An instalment: how many children owe it, and how much in all; how many owe the same days under another name."""

    number: int
    first: date
    last: date
    charged_on: date
    children: int
    total: Euro
    passed: int


class PriceAsked(NamedTuple):
    """
    A price of a tariff of which a fee asks something.

    :ivar price: its name, empty for the whole of a tariff that reckons
    :ivar last: the last day of the fee, None where it was withdrawn
    """

    tariff_id: int
    price: str
    fee: str
    last: date | None


def prices_asked() -> list[PriceAsked]:
    """Return of which prices the town's fees ask something, withdrawn ones too: two queries."""
    lasts = dict(Instalment.objects.values_list("fee_id").annotate(last=Max("last")).order_by())
    rows = FeePrice.objects.select_related("bracket__tariff", "fee").order_by("pk")
    return [
        PriceAsked(
            one.bracket.tariff_id,
            "" if one.bracket.code == BY_SCHEME and one.bracket.tariff.scheme else one.bracket.name,
            one.fee.name,
            None if one.fee.withdrawn_at else lasts.get(one.fee_id),
        )
        for one in rows
    ]


def fees() -> list[FeeView]:
    """Return all fees, newest first: five queries."""
    return _views(Fee.objects.order_by("-id").values_list("pk", flat=True))


def fee(*, fee_id: int) -> FeeView:
    """
    Return one fee: five queries.

    :raises NotFound: the town has none of this id
    """
    for found in _views([fee_id]):
        return found
    raise NotFound


def services_with_fees() -> set[int]:
    """Return the services that have a confirmed fee: one query."""
    return set(Fee.objects.exclude(confirmed_at=None).values_list("service_id", flat=True).distinct())


def services_asking_by_tariff() -> set[int]:
    """Return the services of which a standing fee asks what the whole of a tariff says: one query."""
    rows = FeePrice.objects.filter(bracket__code=BY_SCHEME, fee__withdrawn_at=None).exclude(bracket__tariff__scheme="")
    return set(rows.exclude(fee__confirmed_at=None).values_list("fee__service_id", flat=True).distinct().order_by())


def edges_of(*, service_id: int) -> set[str]:
    """Return by which rules the fees of a service end for who leaves it: one query."""
    charging = Fee.objects.filter(service_id=service_id, withdrawn_at=None).exclude(confirmed_at=None)
    return set(charging.values_list("edges", flat=True))


def total_of(*, fee_id: int) -> Euro:
    """Return what a fee asks in all, as children use the service now: six queries."""
    return Euro(sum(part.total.cents for part in parts_of(fee_id=fee_id)))


def parts_of(*, fee_id: int) -> list[PartTold]:
    """Return the instalments of a fee with what they ask, also those to come and of a draft: six queries."""
    found = Fee.objects.filter(pk=fee_id).prefetch_related("instalments", "prices").first()
    if found is None:
        raise NotFound
    plan = plan_of(found)
    if not plan.parts:
        return []
    until = max(part.charged_on for part in plan.parts)
    reckoned = reckon(service_id=found.service_id, until=until, with_draft=fee_id)
    mine = [one for one in reckoned.owed if one.plan.id == fee_id and one.cents]
    told = []
    for part in plan.parts:
        owed = [one for one in mine if one.part.number == part.number]
        passed = sum(one.fee_id == fee_id and one.part.number == part.number for one in reckoned.passed)
        total = Euro(sum(one.cents for one in owed))
        told.append(PartTold(part.number, part.first, part.last, part.charged_on, len(owed), total, passed))
    return told


def titles(*, sources: Iterable[str]) -> dict[str, tuple[str, date, date]]:
    """Return of what is owed of fees, by source, the fee's name and the days it is for, both included: one query."""
    ids = {pk: source for source in sources if (pk := Source(source).fee_due_id)}
    if not ids:
        return {}
    rows = FeeDue.objects.filter(pk__in=list(ids)).values_list("pk", "fee__name", "days")
    return {ids[pk]: (name, days.lower, date.fromordinal(days.upper.toordinal() - 1)) for pk, name, days in rows}


def _views(ids: Sequence[int] | Iterable[int]) -> list[FeeView]:
    rows = Fee.objects.filter(pk__in=list(ids)).select_related("service").prefetch_related("instalments", "prices")
    dues = FeeDue.objects.filter(fee_id__in=[row.pk for row in rows]).values("fee_id")
    sums = dues.annotate(total=Sum("cents"), children=Count("child", distinct=True, filter=Q(cents__gt=0)))
    asked = {row["fee_id"]: (row["children"], row["total"]) for row in sums.order_by()}
    return [
        FeeView(
            id=row.pk,
            service_id=row.service_id,
            service_name=row.service.name,
            plan=plan_of(row),
            made_at=row.made_at,
            made_by_id=row.made_by_id,
            confirmed_at=row.confirmed_at,
            withdrawn_at=row.withdrawn_at,
            reason=row.reason,
            children=asked.get(row.pk, (0, 0))[0],
            total=Euro(asked.get(row.pk, (0, 0))[1]),
        )
        for row in sorted(rows, key=lambda row: -row.pk)
    ]
