"""What children use when a school year ends, and what has changed since it was rolled over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from campanella.domains.enrolment.models import RollLine, Subscription


@dataclass(frozen=True, slots=True)
class Use:
    """A child's use of a service at the end of a year; ``end`` is the first day after it, None where it has none."""

    subscription_id: int
    child_id: int
    service_id: int
    bracket_id: int
    bracket_code: str
    is_reckoned: bool
    tariff_id: int
    reduction_percent: int
    weekdays: int
    end: date | None


def uses_until(*, child_ids: Sequence[int], first: date) -> list[Use]:
    """
    Return what these children use or have used before a day, of each service the last piece: one query.

    :param first: of the new year
    """
    rows = Subscription.objects.filter(child_id__in=list(child_ids), days__startswith__lt=first)
    last = rows.order_by("child_id", "service_id", "-days").distinct("child_id", "service_id").select_related("bracket")
    return [
        Use(
            row.pk,
            row.child_id,
            row.service_id,
            row.bracket_id,
            row.bracket.code,
            row.bracket.is_reckoned,
            row.bracket.tariff_id,
            row.reduction_percent,
            row.weekdays,
            row.days.upper,
        )
        for row in last
    ]


def changed_since(*, roll_id: int, first: date, among: Sequence[int]) -> list[int]:
    """
    Return the children among these whose services of the new year are not those that the roll-over has made: two queries.

    Prices may have been reckoned anew since: that is nobody's act on a child.
    """
    made = set(RollLine.objects.filter(roll_id=roll_id, bracket__isnull=False).values_list("child_id", "service_id"))
    rows = Subscription.objects.filter(Q(days__endswith__gt=first) | Q(days__upper_inf=True))
    mine = set(rows.filter(child_id__in=list(among)).values_list("child_id", "service_id"))
    return sorted({child_id for child_id, _ in made ^ mine})
