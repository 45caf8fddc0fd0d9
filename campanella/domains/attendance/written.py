"""Whether anybody has written anything of some days yet."""

from collections.abc import Collection
from datetime import date

from django.db.models import Max, Min

from campanella.domains.attendance.models import Booking, DayEvent, Presence, RollCall


def first_day_written(*, since: date) -> date | None:
    """Return the first day, from one on, of which there is a mark, a request, a booking or a roll-call: four queries."""
    tables = (DayEvent.objects, Booking.objects, RollCall.objects, Presence.objects)
    found = [rows.filter(day__gte=since).aggregate(first=Min("day"))["first"] for rows in tables]
    return min((day for day in found if day), default=None)


def last_day_called(*, class_group_ids: Collection[int], since: date) -> date | None:
    """Return the last day, from one on, of which a roll-call of these classes is confirmed: one query."""
    calls = RollCall.objects.filter(class_group_id__in=list(class_group_ids), day__gte=since).exclude(confirmed_at=None)
    found: date | None = calls.aggregate(last=Max("day"))["last"]
    return found
