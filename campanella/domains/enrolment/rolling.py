"""What becomes of the uses of services when the school year changes, and taking that back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Func, Q, Value

from campanella.domains.enrolment.models import RollLine, Subscription
from campanella.foundation.core.scope import operation


@dataclass(frozen=True, slots=True)
class Noted:
    """
    What a roll-over does with a child's use of a service.

    :ivar bracket_id: the price at which it goes on, None where it does not
    :ivar is_cut: the roll-over gives it an earlier end than ``was_end``, None where it had none
    """

    child_id: int
    service_id: int
    bracket_id: int | None
    is_settled: bool
    is_to_ask: bool
    is_cut: bool
    was_end: date | None
    reduction_percent: int


@operation
def note(*, roll_id: int, lines: Sequence[Noted]) -> None:
    """Write down what a roll-over does."""
    RollLine.objects.bulk_create(
        RollLine(
            roll_id=roll_id,
            child_id=line.child_id,
            service_id=line.service_id,
            bracket_id=line.bracket_id,
            is_settled=line.is_settled,
            is_to_ask=line.is_to_ask,
            was_open=line.is_cut and line.was_end is None,
            was_end=line.was_end if line.is_cut else None,
            reduction_percent=line.reduction_percent,
        )
        for line in lines
    )


@operation
def undo(*, roll_id: int, first: date) -> None:
    """Take away what goes on by a roll-over, and let what it has ended end when it did, or go on without an end."""
    lines = RollLine.objects.filter(roll_id=roll_id)
    for service_id in lines.order_by().values_list("service_id", flat=True).distinct():
        mine = lines.filter(service_id=service_id)
        uses = Subscription.objects.filter(service_id=service_id)
        uses.filter(child_id__in=mine.filter(is_settled=False).values("child_id"), days__startswith__gte=first).delete()
        cut = mine.filter(Q(was_open=True) | Q(was_end__isnull=False))
        for end in cut.order_by().values_list("was_end", flat=True).distinct():
            theirs = cut.filter(was_end=end).values("child_id")
            uses.filter(child_id__in=theirs, days__endswith=first).update(
                days=Func(Func(F("days"), function="lower"), Value(end), function="daterange")
            )
    lines.delete()
