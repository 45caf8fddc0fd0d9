"""The calendars of a school year are carried into the next one, looked at, and taken back with the roll-over."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.schools.models import YearRoll
from campanella.domains.services.models import ClassCalendar, ServiceCalendar
from campanella.domains.services.shifted import Season
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import operation

audit.sentences(
    {"seasons.confirmed": "ha guardato e confermato {count:calendario|calendari} dell’anno che comincia il {day}"}
)


@operation
def shift(*, roll: YearRoll, seasons: Sequence[Season], class_days: Sequence[tuple[int, int, int]], first: date) -> None:
    """
    Write the calendars of the new year, as a roll-over has reckoned them: two statements.

    :param class_days: (service, class of the new year, weekdays)
    :param first: the first day of the new year
    """
    ServiceCalendar.objects.bulk_create(
        ServiceCalendar(
            service_id=one.service_id,
            school_id=one.school_id,
            days=DateRange(one.first, one.end),
            weekdays=one.weekdays,
            rolled_by=roll,
            is_to_confirm=True,
        )
        for one in seasons
    )
    ClassCalendar.objects.bulk_create(
        ClassCalendar(
            service_id=service_id, class_group_id=class_id, days=DateRange(first, None), weekdays=weekdays, rolled_by=roll
        )
        for service_id, class_id, weekdays in class_days
    )


@operation
def confirm(*, by: Actor, roll: YearRoll, day: str, now: datetime) -> int:
    """
    Note that somebody has looked at the calendars that a roll-over has carried, and lets them stand.

    :param day: the first of the new year, for the history
    :returns: how many there were
    """
    count = ServiceCalendar.objects.filter(rolled_by=roll, is_to_confirm=True).update(is_to_confirm=False)
    if count:
        data: dict[str, str | int] = {"count": count, "day": day}
        audit.record(by=by, action="seasons.confirmed", subjects=["town", f"roll:{roll.pk}"], at=now, data=data)
    return count


@operation
def undo(*, roll: YearRoll) -> None:
    """Take away what a roll-over has carried; what the office has entered itself stays."""
    ClassCalendar.objects.filter(rolled_by=roll).delete()
    ServiceCalendar.objects.filter(rolled_by=roll).delete()
