"""The month of one child and service as the office sees it, by week: the family's own days, and which could be corrected."""

from dataclasses import dataclass
from datetime import date, timedelta

from campanella.domains.enrolment import queries as enrolment
from campanella.readings.month import DayCell, cells_of, month_after

SATURDAY = 5


@dataclass(frozen=True)
class Month:
    """
    The school days of a month by week, for one service; None fills days of other months.

    :ivar before: first day of the month before, None when the child used nothing then
    :ivar after: first day of the month after, None when it is still to come
    :ivar services: id and name of every service the child uses or has used
    """

    first: date
    service_id: int
    service_name: str
    weeks: list[list[DayCell | None]]
    weekdays: int
    before: date | None
    after: date | None
    services: list[tuple[int, str]]


def month(*, child_id: int, service_id: int | None, day: date, today: date) -> Month | None:
    """
    Return the month of a day.

    :param service_id: None or one the child never used shows its first service
    :returns: None for a child that never used a service
    """
    lines = enrolment.subscriptions_of(child_id=child_id)
    names = {line.service_id: line.service_name for line in lines}
    if not names:
        return None
    chosen = service_id if service_id in names else next(iter(names))
    mine = [line for line in lines if line.service_id == chosen]
    first = day.replace(day=1)
    before, after = (first - timedelta(days=1)).replace(day=1), month_after(first)
    last = after - timedelta(days=1)
    cells = cells_of(child_id=child_id, service_id=chosen, first=first, last=last, today=today)
    quiet = ("no_service", "not_enrolled")
    length = 6 if any(cell.day.weekday() == SATURDAY and cell.state not in quiet for cell in cells) else 5
    by_day = {cell.day: cell for cell in cells}
    weeks = [[by_day.get(one) for one in week] for week in _weeks(first, after, length)]
    return Month(
        first=first,
        service_id=chosen,
        service_name=names[chosen],
        weeks=[week for week in weeks if any(week)],
        weekdays=length,
        before=before if any(line.first < first for line in mine) else None,
        after=after if after <= today else None,
        services=list(names.items()),
    )


def _weeks(first: date, after: date, length: int) -> list[list[date]]:
    monday = first - timedelta(days=first.weekday())
    count = (after - timedelta(days=1) - monday).days // 7 + 1
    return [[monday + timedelta(days=7 * week + day) for day in range(length)] for week in range(count)]
