"""Which calendars of a school year the next one would have, and which of them nobody has looked at yet."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from campanella.domains.schools.models import YearRoll
from campanella.domains.services import rules
from campanella.domains.services.models import ClassCalendar, ServiceCalendar

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Season:
    """
    When a service is to run in a school in the new year.

    :ivar end: first day after
    :ivar weekdays: seven bits, bit 0 is Monday
    :ivar was: the same of the year before, first day and first day after (None where it has no end)
    """

    service_id: int
    service_name: str
    service_code: str
    school_id: int
    school_name: str
    school_code: str
    first: date
    end: date
    weekdays: int
    was: tuple[date, date | None]

    @property
    def last(self) -> date:
        """The last day."""
        return self.end - A_DAY

    @property
    def was_first(self) -> date:
        """The first day of the year before."""
        return self.was[0]

    @property
    def was_last(self) -> date | None:
        """The last day of the year before, None where it had no end."""
        return self.was[1] - A_DAY if self.was[1] else None


def seasons_to_shift(*, year: tuple[date, date], into: tuple[date, date]) -> list[Season]:
    """
    Return the seasons of a year as they would be in the next one, where nobody has entered any: two queries.

    :param year: first day and first day after, as are those of ``into``
    """
    rows = ServiceCalendar.objects.filter(days__overlap=year, school__closed_from=None).select_related("service", "school")
    entered = set(ServiceCalendar.objects.filter(days__overlap=into).values_list("service_id", "school_id"))
    found = []
    for one in rows.order_by("school__name", "school_id", "service__position", "service_id", "days"):
        span = rules.season_after(first=one.days.lower, end=one.days.upper, year=year, into=into)
        if span is None or (one.service_id, one.school_id) in entered:
            continue
        service, school, was = one.service, one.school, (one.days.lower, one.days.upper)
        who = (service.pk, service.name, service.code, school.pk, school.name, school.code)
        found.append(Season(*who, *span, one.weekdays, was))
    return found


def class_days_at_end(*, class_ids: Collection[int], last: date) -> list[ClassCalendar]:
    """Return the days of the week of these classes that hold on the last day of their year: one query."""
    return list(
        ClassCalendar.objects.filter(class_group_id__in=list(class_ids), days__contains=last).select_related("service")
    )


def to_look_at(*, roll: YearRoll) -> list[ServiceCalendar]:
    """Return the seasons that a roll-over has carried and nobody has confirmed, by school and service: one query."""
    rows = ServiceCalendar.objects.filter(rolled_by=roll, is_to_confirm=True).select_related("service", "school")
    return list(rows.order_by("school__name", "school_id", "service__position", "service_id", "days"))
