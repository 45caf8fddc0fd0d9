"""Runs and how far they are."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet

from campanella.domains.billing.models import Issue, Run
from campanella.domains.billing.rules import RUN_STATES, RunState
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro


@dataclass(frozen=True, slots=True)
class RecallView:
    """
    That somebody has asked to call a run back, and why.

    :ivar leaves_at: from when on it is done, None until whoever may has said yes
    """

    reason: str
    asked_by_id: int | None
    allowed_by_id: int | None
    leaves_at: datetime | None


@dataclass(frozen=True, slots=True)
class RunView:
    """A run, with how far it is."""

    id: int
    service_id: int
    service_name: str
    first: date
    last: date
    state: RunState
    prepared_at: datetime
    prepared_by_id: int | None
    confirmed_at: datetime | None
    confirmed_by_id: int | None
    ended_at: datetime | None
    allowed: int | None
    invoices: int
    total: Euro
    issued: int
    digest: str
    summary: dict[str, Any]
    recall: RecallView | None

    @property
    def unissued(self) -> int:
        """Return how many of its invoices have no number yet; of a run that was called back they never get one."""
        return self.invoices - self.issued if self.state != "prepared" else 0

    @property
    def is_waiting(self) -> bool:
        """Tell whether the first ones have left and somebody is to look before the rest."""
        return self.state == "issuing" and self.allowed is not None and self.issued >= self.allowed < self.invoices


def run(*, run_id: int) -> RunView:
    """
    Return a run of the town: two queries.

    :raises NotFound: the town has none of this id
    """
    for found in _runs(Run.objects.filter(pk=run_id)):
        return found
    raise NotFound


def runs(*, limit: int = 36) -> list[RunView]:
    """Return the last runs, newest first: two queries."""
    return _runs(Run.objects.order_by("-first", "-id")[:limit])


def run_of(*, service_id: int, first: date) -> RunView | None:
    """Return the living run of a service and month: two queries at most."""
    found = Run.objects.filter(service_id=service_id, first=first).exclude(state="recalled")
    return next(iter(_runs(found)), None)


def issued(*, run_id: int) -> int:
    """Return how many invoices of a run have a number: one query."""
    return Issue.objects.filter(invoice__run_id=run_id).count()


def is_other_open(*, service_id: int, run_id: int) -> bool:
    """Tell whether another run of the service is confirmed and not issued to its end: one query."""
    others = Run.objects.filter(service_id=service_id, state__in=("issuing", "stopped")).exclude(pk=run_id)
    return others.exists()


def billed_until(*, service_id: int) -> date | None:
    """Return the last day of the last month of a service that is confirmed, None without one: one query."""
    living = Run.objects.filter(service_id=service_id).exclude(state__in=("prepared", "recalled"))
    return living.order_by("-last").values_list("last", flat=True).first()


def _runs(rows: "QuerySet[Run]") -> list[RunView]:
    found = list(rows.select_related("service"))
    counted = Issue.objects.filter(invoice__run__in=[one.pk for one in found]).values_list("invoice__run_id")
    issued = dict(counted.annotate(count=Count("pk")).order_by())
    return [
        RunView(
            id=one.pk,
            service_id=one.service_id,
            service_name=one.service.name,
            first=one.first,
            last=one.last,
            state=_state(one.state),
            prepared_at=one.prepared_at,
            prepared_by_id=one.prepared_by_id,
            confirmed_at=one.confirmed_at,
            confirmed_by_id=one.confirmed_by_id,
            ended_at=one.ended_at,
            allowed=one.allowed,
            invoices=one.invoices,
            total=Euro(one.total_cents),
            issued=issued.get(one.pk, 0),
            digest=one.digest,
            summary=one.summary,
            recall=_recall(one),
        )
        for one in found
    ]


def _recall(one: Run) -> RecallView | None:
    if not one.recall_reason:
        return None
    return RecallView(one.recall_reason, one.recall_asked_by_id, one.recall_allowed_by_id, one.recall_leaves_at)


def _state(text: str) -> RunState:
    return next(state for state in RUN_STATES if state == text)
