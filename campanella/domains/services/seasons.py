"""When a service runs: its season and weekdays in a school, and the days of the week on which a class uses it."""

from datetime import date, datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Func, Value

from campanella.domains.services.models import ClassCalendar, ServiceCalendar
from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import operation

A_DAY = timedelta(days=1)
WEEKDAYS = ("lun", "mar", "mer", "gio", "ven", "sab", "dom")

audit.sentences(
    {
        "season.changed": "ha cambiato i giorni del servizio: dal {first} al {last}, {weekdays}",
        "class_days.changed": "ha cambiato i giorni della settimana di {class_name} dal {first}: {weekdays}",
    }
)


class NotToCome(Refusal):
    """A calendar was to change on a day that is under way, or over."""

    message = "Scegli un giorno da domani in poi: i giorni passati restano come erano."


def named(weekdays: int) -> str:
    """Write seven bits as one says them: ``lun, mer, ven``."""
    return ", ".join(name for bit, name in enumerate(WEEKDAYS) if weekdays >> bit & 1) or "nessun giorno"


def subject_of(*, service_id: int, school_id: int) -> str:
    """Return what the history of a school's service is filed under; the same as that of its day's rules."""
    return f"day_rule:{school_id}:{service_id}"


def seasons_of(*, service_id: int, school_id: int) -> list[ServiceCalendar]:
    """Return when a service runs in a school, by first day: one query."""
    return list(ServiceCalendar.objects.filter(service_id=service_id, school_id=school_id).order_by("days"))


def class_days_of(*, service_id: int, class_group_ids: list[int]) -> list[ClassCalendar]:
    """Return the days of the week of these classes, by first day: one query."""
    return list(ClassCalendar.objects.filter(service_id=service_id, class_group_id__in=class_group_ids).order_by("days"))


@operation
def set_season(*, by: Actor, service_id: int, school_id: int, first: date, last: date, weekdays: int, now: datetime) -> None:
    """
    Let a service run in a school from a day to another, both included; what was to come after the first is replaced.

    :param weekdays: seven bits, bit 0 is Monday
    :raises NotToCome: the first day is not to come
    """
    if first <= clock.day_of(now):
        raise NotToCome
    rows = ServiceCalendar.objects.filter(service_id=service_id, school_id=school_id).select_for_update()
    rows.filter(days__startswith__gte=first).delete()
    rows.filter(days__contains=first).update(days=_until(first))
    days = DateRange(first, last + A_DAY)
    ServiceCalendar.objects.create(service_id=service_id, school_id=school_id, days=days, weekdays=weekdays)
    audit.record(
        by=by,
        action="season.changed",
        subjects=[subject_of(service_id=service_id, school_id=school_id)],
        at=now,
        data={"first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}", "weekdays": named(weekdays)},
    )


@operation
def set_class_days(
    *,
    by: Actor,
    service_id: int,
    school_id: int,
    class_group_id: int,
    class_name: str,
    first: date,
    weekdays: int | None,
    now: datetime,
) -> None:
    """
    Let a class use a service on these days of the week from a day on; what was to come after is replaced.

    :param weekdays: seven bits, bit 0 is Monday; None gives it all those of the school
    :raises NotToCome: the day is not to come
    """
    if first <= clock.day_of(now):
        raise NotToCome
    rows = ClassCalendar.objects.filter(service_id=service_id, class_group_id=class_group_id).select_for_update()
    rows.filter(days__startswith__gte=first).delete()
    rows.filter(days__contains=first).update(days=_until(first))
    if weekdays is not None:
        days = DateRange(first, None)
        ClassCalendar.objects.create(service_id=service_id, class_group_id=class_group_id, days=days, weekdays=weekdays)
    audit.record(
        by=by,
        action="class_days.changed",
        subjects=[subject_of(service_id=service_id, school_id=school_id)],
        at=now,
        data={
            "class_name": class_name,
            "first": f"{first:%d/%m/%Y}",
            "weekdays": "tutti quelli della scuola" if weekdays is None else named(weekdays),
        },
    )


def _until(first: date) -> Func:
    return Func(Func(F("days"), function="lower"), Value(first), function="daterange")
