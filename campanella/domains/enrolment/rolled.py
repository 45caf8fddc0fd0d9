"""What becomes of the uses of services when the school year changes, and taking that back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Func, Q, Value

from campanella.domains.enrolment.models import RollLine, Subscription
from campanella.foundation.core.scope import operation


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


@operation
def note(*, roll_id: int, lines: Sequence[tuple[int, int, int | None, bool]]) -> None:
    """Write down what a roll-over does: child, service, the price at which it goes on or None, whether it had no end."""
    RollLine.objects.bulk_create(
        RollLine(roll_id=roll_id, child_id=child, service_id=service, bracket_id=bracket, was_open=was_open)
        for child, service, bracket, was_open in lines
    )


def changed_since(*, roll_id: int, first: date, among: Sequence[int]) -> list[int]:
    """
    Return the children among these whose services of the new year are not those that the roll-over has made: two queries.

    Prices may have been reckoned anew since: that is nobody's act on a child.
    """
    made = set(RollLine.objects.filter(roll_id=roll_id, bracket__isnull=False).values_list("child_id", "service_id"))
    rows = Subscription.objects.filter(Q(days__endswith__gt=first) | Q(days__upper_inf=True))
    mine = set(rows.filter(child_id__in=list(among)).values_list("child_id", "service_id"))
    return sorted({child_id for child_id, _ in made ^ mine})


@operation
def undo(*, roll_id: int, first: date) -> None:
    """Take away what goes on by a roll-over, and let go on without an end what had none."""
    lines = RollLine.objects.filter(roll_id=roll_id)
    for service_id in lines.order_by().values_list("service_id", flat=True).distinct():
        mine = lines.filter(service_id=service_id)
        uses = Subscription.objects.filter(service_id=service_id)
        uses.filter(child_id__in=mine.values("child_id"), days__startswith__gte=first).delete()
        uses.filter(child_id__in=mine.filter(was_open=True).values("child_id"), days__endswith=first).update(
            days=Func(Func(F("days"), function="lower"), Value(None), function="daterange")
        )
    lines.delete()
