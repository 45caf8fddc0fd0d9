"""When a service runs: its season and weekdays in a school, and the days of the week on which a class uses it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Func, Q, QuerySet, Value

from campanella.domains.services.events import CalendarChanged
from campanella.domains.services.models import ClassCalendar, ServiceCalendar
from campanella.domains.services.timetable import named, subject_of
from campanella.foundation.core import audit, clock, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.events import publish
from campanella.foundation.core.italian import day_figures
from campanella.foundation.core.scope import active_town_id, operation

A_DAY = timedelta(days=1)

audit.sentences(
    {
        "season.begun": "ha aperto il servizio dal {first} al {last}, {weekdays}",
        "season.changed": "ha cambiato i giorni del servizio: dal {first} al {last}, {weekdays}",
        "class_days.changed": "ha cambiato i giorni della settimana di {class_name} dal {first}: {weekdays}",
    }
)


class NotToCome(Refusal):
    """A calendar was to change on a day that is under way, or over."""

    message = "Scegli un giorno da domani in poi: i giorni passati restano come erano."


@operation
def set_season(
    *,
    by: Actor,
    service_id: int,
    school_id: int,
    first: date,
    last: date,
    weekdays: int,
    now: datetime,
    seen: int | None = None,
) -> None:
    """
    Let a service run in a school from a day to another, both included.

    The season of the first day ends before it; of those that begin later only what falls into the new one is replaced, so
    that next year's stays. Families that notice are told.

    :param weekdays: seven bits, bit 0 is Monday
    :param seen: the last act on this service of the school that the page has shown
    :raises NotToCome: the first day is not to come
    :raises ChangedMeanwhile: somebody has changed it since
    """
    if first <= clock.day_of(now):
        raise NotToCome
    _take_turns(service_id, school_id)
    audit.check_unchanged(subject=subject_of(service_id=service_id, school_id=school_id), seen=seen)
    end = last + A_DAY
    rows = ServiceCalendar.objects.filter(service_id=service_id, school_id=school_id)
    before = _from(rows, first)
    rows.filter(days__startswith__gte=first, days__endswith__lte=end).delete()
    rows.filter(days__startswith__gte=first, days__startswith__lt=end).update(days=_since(end))
    rows.filter(days__contains=first).update(days=_until(first))
    ServiceCalendar.objects.create(service_id=service_id, school_id=school_id, days=DateRange(first, end), weekdays=weekdays)
    audit.record(
        by=by,
        action="season.changed",
        subjects=[subject_of(service_id=service_id, school_id=school_id)],
        at=now,
        data={"first": day_figures(first), "last": day_figures(last), "weekdays": named(weekdays)},
    )
    if _from(rows, first) != before:
        _tell(service_id, school_id, 0, first, last.isoformat(), weekdays, now)


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
    seen: int | None = None,
) -> None:
    """
    Let a class use a service on these days of the week from a day on; what was to come after is replaced.

    Families that notice are told.

    :param weekdays: seven bits, bit 0 is Monday; None gives it all those of the school
    :param seen: the last act on this service of the school that the page has shown
    :raises NotToCome: the day is not to come
    :raises ChangedMeanwhile: somebody has changed it since
    """
    if first <= clock.day_of(now):
        raise NotToCome
    _take_turns(service_id, school_id)
    audit.check_unchanged(subject=subject_of(service_id=service_id, school_id=school_id), seen=seen)
    rows = ClassCalendar.objects.filter(service_id=service_id, class_group_id=class_group_id)
    before = _from(rows, first)
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
            "first": day_figures(first),
            "weekdays": "tutti quelli della scuola" if weekdays is None else named(weekdays),
        },
    )
    if _from(rows, first) != before:
        _tell(service_id, school_id, class_group_id, first, "", -1 if weekdays is None else weekdays, now)


@operation
def begin(
    *,
    by: Actor,
    pairs: Sequence[tuple[int, int]],
    first: date,
    last: date,
    weekdays: int,
    is_told: bool,
    now: datetime,
) -> None:
    """
    Let services begin in schools, in which they run on none of these days: two statements, however many.

    :param pairs: (service, school)
    :param is_told: families that use it there already are written to, where it ran before
    """
    rows = ServiceCalendar.objects.filter(service_id__in={service_id for service_id, _ in pairs})
    before = set(rows.values_list("service_id", "school_id")) if is_told else set()
    days = DateRange(first, last + A_DAY)
    ServiceCalendar.objects.bulk_create(
        ServiceCalendar(service_id=service_id, school_id=school_id, days=days, weekdays=weekdays)
        for service_id, school_id in pairs
    )
    data = {"first": day_figures(first), "last": day_figures(last), "weekdays": named(weekdays)}
    told = [(subject_of(service_id=service_id, school_id=school_id), data) for service_id, school_id in pairs]
    audit.record_each(by=by, action="season.begun", at=now, told=told)
    for pair in before.intersection(pairs):
        _tell(*pair, 0, first, last.isoformat(), weekdays, now)


@operation
def end_in_school(*, school_id: int, first: date) -> None:
    """Let every service run in a school no more from a day on: what was to come goes, what goes on ends."""
    rows = ServiceCalendar.objects.filter(school_id=school_id)
    rows.filter(days__startswith__gte=first).delete()
    rows.filter(days__contains=first).update(days=_until(first))


def _take_turns(service_id: int, school_id: int) -> None:
    """Let one change of a school's service wait for the other: where there is no row yet, there is none to hold."""
    sql.take_turns(f"calendar:{school_id}:{service_id}", active_town_id())


def _from(rows: QuerySet[ServiceCalendar] | QuerySet[ClassCalendar], first: date) -> list[tuple[date, date | None, int]]:
    """Return what the rows say of the days from one on."""
    found = (
        rows.filter(Q(days__upper_inf=True) | Q(days__endswith__gt=first)).order_by("days").values_list("days", "weekdays")
    )
    return [(max(first, days.lower), days.upper, weekdays) for days, weekdays in found]


def _tell(
    service_id: int, school_id: int, class_group_id: int, first: date, last: str, weekdays: int, now: datetime
) -> None:
    """Let the families that use it there know (``CalendarChanged`` says what each value means)."""
    place = {"service_id": service_id, "school_id": school_id, "class_group_id": class_group_id}
    act = int(now.timestamp() * 1_000_000)
    publish(CalendarChanged(**place, first=first.isoformat(), last=last, weekdays=weekdays, act=act))


def _until(first: date) -> Func:
    return Func(Func(F("days"), function="lower"), Value(first), function="daterange")


def _since(first: date) -> Func:
    return Func(Value(first), Func(F("days"), function="upper"), function="daterange")
