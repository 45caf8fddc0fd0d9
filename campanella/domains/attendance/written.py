"""Whether anybody has written anything of some days yet."""

from datetime import date

from django.db.models import Min

from campanella.domains.attendance.models import Booking, DayEvent, Presence, RollCall


def first_day_written(*, since: date) -> date | None:
    """Return the first day, from one on, of which there is a mark, a request, a booking or a roll-call: four queries."""
    tables = (DayEvent.objects, Booking.objects, RollCall.objects, Presence.objects)
    found = [rows.filter(day__gte=since).aggregate(first=Min("day"))["first"] for rows in tables]
    return min((day for day in found if day), default=None)
