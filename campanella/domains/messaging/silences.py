"""Adults to whom nothing leaves until the office has spoken with the family: who they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campanella.domains.messaging.models import Silence
from campanella.domains.people.models import Guardian


@dataclass(frozen=True, slots=True)
class SilenceView:
    """An adult to whom nothing leaves, and since when."""

    guardian_id: int
    name: str
    since: datetime


def silent(*, guardian_ids: Sequence[int]) -> set[int]:
    """Return those of these adults to whom nothing leaves: one query."""
    rows = Silence.objects.filter(ended_at=None, guardian_id__in=list(guardian_ids))
    return set(rows.values_list("guardian_id", flat=True))


def all_silent() -> list[SilenceView]:
    """Return all adults to whom nothing leaves, the first one first: two queries."""
    rows = list(Silence.objects.filter(ended_at=None).order_by("id").values_list("guardian_id", "since"))
    names = {one.pk: one.full_name for one in Guardian.objects.filter(pk__in=[pk for pk, _ in rows])}
    return [SilenceView(pk, names[pk], since) for pk, since in rows]
