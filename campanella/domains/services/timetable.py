"""When a service runs in a school, and on which days of the week a class uses it: past and to come."""

from collections.abc import Sequence
from datetime import date

from campanella.domains.services.models import ClassCalendar, ServiceCalendar

WEEKDAYS = ("lun", "mar", "mer", "gio", "ven", "sab", "dom")


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


def replaced(*, known: Sequence[ServiceCalendar], first: date, last: date) -> list[ServiceCalendar]:
    """Return which seasons that begin later a new one replaces, whole or up to its last day."""
    return [one for one in known if first <= one.days.lower <= last]
