"""What becomes of the uses of services when the school year changes, and taking that back."""

from collections.abc import Sequence
from datetime import date

from django.db.models import F, Func, Value

from campanella.domains.enrolment.models import RollLine, Subscription
from campanella.foundation.core.scope import operation


@operation
def note(*, roll_id: int, lines: Sequence[tuple[int, int, int | None, bool]]) -> None:
    """Write down what a roll-over does: child, service, the price at which it goes on or None, whether it had no end."""
    RollLine.objects.bulk_create(
        RollLine(roll_id=roll_id, child_id=child, service_id=service, bracket_id=bracket, was_open=was_open)
        for child, service, bracket, was_open in lines
    )


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
