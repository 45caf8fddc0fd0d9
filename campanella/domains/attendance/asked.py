"""What is known of a day that is asked for, and what was asked of it so far."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from campanella.domains.attendance.fact_rules import Fact
from campanella.domains.attendance.models import Booking, DayEvent, Presence
from campanella.domains.attendance.rules import Mode, is_booked_by_default
from campanella.domains.attendance.statements import wishes
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id

# A child and a service it is enrolled in.
Line = tuple[int, int]
DayOfLine = tuple[int, int, date]


class DayAsked(NamedTuple):
    """
    One day of a child's service, before it is asked for.

    :ivar is_served: the service runs that day for this child; closures apart
    :ivar confirmed_at: when the roll-call of the day was confirmed, None as long as it is not
    :ivar is_booked: what the family has said so far, None when nothing
    :ivar is_marked: somebody at school has said whether the child is there
    """

    child_id: int
    service_id: int
    day: date
    class_group_id: int
    school_id: int
    is_served: bool
    closed_because: str
    confirmed_at: datetime | None
    is_booked: bool | None
    is_white: bool
    is_packed: bool
    mode: Mode
    is_marked: bool = False

    @property
    def is_wanted(self) -> bool:
        """What the family has said, else what the mode says."""
        return is_booked_by_default(self.mode) if self.is_booked is None else self.is_booked

    @property
    def key(self) -> DayOfLine:
        """Which day of which line it is."""
        return self.child_id, self.service_id, self.day


def days_of(*, lines: Sequence[Line], days: Sequence[date]) -> list[DayAsked]:
    """Return what is known of these days of these lines, each once, those without enrolment left out: one query."""
    lines, days = list(dict.fromkeys(lines)), list(dict.fromkeys(days))
    values = {
        "town": active_town_id(),
        "children": [child_id for child_id, _ in lines],
        "services": [service_id for _, service_id in lines],
        "days": days,
    }
    return [DayAsked(*row) for row in sql.rows(wishes.DAYS, values)]


def wishes_of(*, days: Sequence[DayOfLine]) -> dict[DayOfLine, list[Fact]]:
    """Return what was asked and taken back of these days: one query."""
    found: dict[DayOfLine, list[Fact]] = {key: [] for key in days}
    rows = DayEvent.objects.filter(
        child_id__in={child_id for child_id, _, _ in days},
        service_id__in={service_id for _, service_id, _ in days},
        day__in={day for _, _, day in days},
        kind__in=("asked", "undone"),
    )
    for row in rows:
        key = (row.child_id or 0, row.service_id, row.day)
        if key in found:
            found[key].append(
                Fact(
                    kind=row.kind,
                    level=row.level,
                    made_at=row.made_at,
                    event_id=row.event_id,
                    is_on=row.is_on,
                    counts=row.counts,
                    seq=row.seq or row.pk,
                    request=row.request_id or 0,
                    is_white=bool(row.is_white),
                    is_packed=row.is_packed,
                )
            )
    return found


def white_days(*, lines: Sequence[Line], first: date, last: date) -> dict[Line, set[date]]:
    """
    Return the days between two with a white meal, by line, as sheet and kitchen count each of them (R3): what the school
    has said of a child, confirmed or not, else what its family asks for. Two queries.
    """
    days = {"child_id__in": {child_id for child_id, _ in lines}, "day__range": (first, last)}
    found: dict[Line, set[date]] = {line: set() for line in lines}
    decided: set[DayOfLine] = set()
    own = ("child_id", "service_id", "day", "is_present", "is_white")
    for child_id, service_id, day, is_present, is_white in Presence.objects.filter(**days).values_list(*own):
        decided.add((child_id, service_id, day))
        if is_present and is_white:
            found.setdefault((child_id, service_id), set()).add(day)
    booked = Booking.objects.filter(**days, is_white=True, is_booked=True)
    for child_id, service_id, day in booked.values_list("child_id", "service_id", "day"):
        if (child_id, service_id, day) not in decided:
            found.setdefault((child_id, service_id), set()).add(day)
    return found


def reasons_of(*, days: Sequence[DayOfLine]) -> dict[DayOfLine, str]:
    """Return why the office has last corrected these days, by day; those it has not are missing. One query."""
    rows = DayEvent.objects.filter(
        child_id__in={child_id for child_id, _, _ in days}, day__in={day for _, _, day in days}, kind="corrected"
    )
    found = rows.order_by("received_at", "id").values_list("child_id", "service_id", "day", "note")
    wanted = set(days)
    return {
        (child_id, service_id, day): note
        for child_id, service_id, day, note in found
        if child_id is not None and (child_id, service_id, day) in wanted
    }
