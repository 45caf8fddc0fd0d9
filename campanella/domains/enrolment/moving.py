"""Who goes on paying a tariff from a day on, as whoever takes its place finds it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from campanella.domains.enrolment import queries
from campanella.domains.enrolment.models import Subscription
from campanella.domains.enrolment.queries import Enrolled


@dataclass(frozen=True, slots=True)
class Going:
    """
    A child's use of a service at one tariff, from a day on.

    :ivar ids: of its pieces, that a reckoned tariff has cut
    :ivar first: not before the day asked for
    :ivar end: first day after, None while it lasts
    """

    ids: tuple[int, ...]
    child_id: int
    service_id: int
    bracket_id: int
    reduction: int
    weekdays: int
    first: date
    end: date | None


def payers_from(*, tariff_id: int, day: date) -> list[int]:
    """Return the children that pay a tariff on a day or later: one query."""
    return sorted(_paying(tariff_id, day).values_list("child_id", flat=True).distinct())


def going_on(*, tariff_id: int, day: date) -> list[Going]:
    """Return what children go on using at a tariff from a day on, in order: two queries."""
    found = queries.lines(subscription_ids=list(_paying(tariff_id, day).values_list("pk", flat=True)))
    return list(_joined(sorted(found, key=lambda one: (one.child_id, one.first)), day))


def is_paid_before(*, tariff_id: int, day: date) -> bool:
    """Tell whether a child's use at a tariff begins before a day: one query."""
    return Subscription.objects.filter(bracket__tariff_id=tariff_id, days__startswith__lt=day).exists()


def _paying(tariff_id: int, day: date) -> "QuerySet[Subscription]":
    reaching = Q(days__endswith__gt=day) | Q(days__upper_inf=True)
    return Subscription.objects.filter(reaching, bracket__tariff_id=tariff_id).order_by()


def _joined(lines: Iterable[Enrolled], day: date) -> Iterator[Going]:
    last: Going | None = None
    for line in lines:
        bracket = 0 if line.reckoned_by else line.bracket_id
        mine = (line.child_id, bracket, line.reduction_percent, line.weekdays)
        if last and last.end == line.first and (last.child_id, last.bracket_id, last.reduction, last.weekdays) == mine:
            last = Going((*last.ids, line.id), last.child_id, last.service_id, *mine[1:], last.first, line.end)
            continue
        if last:
            yield last
        last = Going((line.id,), line.child_id, line.service_id, *mine[1:], max(line.first, day), line.end)
    if last:
        yield last
