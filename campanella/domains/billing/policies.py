"""How somebody pays: the rules as they were written, and what holds on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from campanella.domains.billing import rules
from campanella.domains.billing.models import PayPolicy
from campanella.domains.billing.rules import Kind, Policy, Span
from campanella.foundation.core import clock


def spans_by_service() -> dict[int, list[Span]]:
    """Return how each service is paid, from when until when, where anybody pays after the month: one query."""
    rows = PayPolicy.objects.order_by("id").values_list("service_id", "child_id", "kind", "first", "made_at")
    by_service: dict[int, list[Policy]] = {}
    for service_id, child_id, kind, first, made_at in rows:
        by_service.setdefault(service_id, []).append(Policy(child_id, kind, first, clock.day_of(made_at)))
    return {service_id: rules.spans(found) for service_id, found in by_service.items()}


def kinds_on(*, owners: Sequence[tuple[int, int]], day: date) -> dict[tuple[int, int], Kind]:
    """Return how each (child, service) pays on a day: one query."""
    children, services = {child for child, _ in owners}, {service for _, service in owners}
    rows = PayPolicy.objects.filter(Q(child=None) | Q(child_id__in=children), service_id__in=services, first__lte=day)
    found: dict[int, list[Policy]] = {}
    for service_id, child_id, kind, first in rows.order_by("id").values_list("service_id", "child_id", "kind", "first"):
        found.setdefault(service_id, []).append(Policy(child_id, kind, first))
    spans = {service_id: rules.spans(policies) for service_id, policies in found.items()}
    return {
        (child, service): rules.kind_on(spans=spans.get(service, []), child_id=child, day=day) for child, service in owners
    }


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """A rule of payment as it was written, for its history."""

    service_id: int
    service_name: str
    child_id: int | None
    kind: str
    first: date
    made_at: datetime
    reason: str


def policies_of(*, child_id: int | None) -> list[PolicyLine]:
    """Return the rules of a child, or (None) those of all, newest first: one query."""
    mine = PayPolicy.objects.filter(child=None) if child_id is None else PayPolicy.objects.filter(child_id=child_id)
    rows = mine.order_by("service__position", "service_id", "-first", "-id")
    fields = ("service_id", "service__name", "child_id", "kind", "first", "made_at", "reason")
    return [PolicyLine(*row) for row in rows.values_list(*fields)]
