"""A child's month of one service, day by day: for the family's calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campanella.domains.accounts.models import User
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.enrolment.queries import Enrolled
from campanella.domains.people import queries as people
from campanella.domains.people.queries import FamilyChild
from campanella.domains.schools import queries as schools
from campanella.domains.schools.queries import Place
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.readings.month import DayCell, Stay, cells_of, month_after, place_on


@dataclass(frozen=True, slots=True)
class FamilyMonth:
    """A month of one child and service; ``stays`` are its classes, newest first, ``services`` those it ever used."""

    child: FamilyChild
    siblings: tuple[FamilyChild, ...]
    place: Place | None
    service: Enrolled | None
    services: tuple[Enrolled, ...]
    cells: tuple[DayCell, ...]
    stays: tuple[Stay, ...]
    first_day: date | None


def family_month(
    *, user: User, child_id: int | None, service_id: int | None, month: date, now: datetime
) -> FamilyMonth | None:
    """
    Gather one month: six queries, whatever the number of days.

    :param child_id: None takes the first child; the answer is None when the family has no child
    :param service_id: None takes the first service of the month, else the first one ever used
    :param month: any day of it
    :raises NotFound: the child is not this user's, or never used the service
    """
    children = people.children_of(user=user)
    child = _chosen(children, child_id)
    if child is None:
        return None
    first = month.replace(day=1)
    last = month_after(first) - timedelta(days=1)
    subscriptions = enrolment.subscriptions_of(child_id=child.id)
    used = services_of(subscriptions)
    service = _service_of(used, subscriptions, service_id, first, last)
    stays = schools.history_of(child_id=child.id)
    today = clock.day_of(now)
    cells: tuple[DayCell, ...] = ()
    if service:
        cells = tuple(cells_of(child_id=child.id, service_id=service.service_id, first=first, last=last, today=today))
    return FamilyMonth(
        child=child,
        siblings=tuple(other for other in children if other.id != child.id),
        place=place_on(stays, min(last, max(first, today))),
        service=service,
        services=tuple(used),
        cells=cells,
        stays=tuple(stays),
        first_day=min((line.first for line in subscriptions), default=None),
    )


def _chosen(children: Sequence[FamilyChild], child_id: int | None) -> FamilyChild | None:
    if child_id is None:
        return children[0] if children else None
    for child in children:
        if child.id == child_id:
            return child
    raise NotFound


def services_of(subscriptions: Sequence[Enrolled]) -> list[Enrolled]:
    """Return one line for each service, the newest, the meal first."""
    found: dict[int, Enrolled] = {}
    for line in subscriptions:
        found.setdefault(line.service_id, line)
    return sorted(found.values(), key=lambda line: line.kind not in ("meal", "nursery"))


def _service_of(
    used: Sequence[Enrolled], subscriptions: Sequence[Enrolled], service_id: int | None, first: date, last: date
) -> Enrolled | None:
    if service_id is not None:
        for service in used:
            if service.service_id == service_id:
                return service
        raise NotFound
    now_used = {line.service_id for line in subscriptions if line.first <= last and (line.end is None or line.end > first)}
    return next((service for service in used if service.service_id in now_used), used[0] if used else None)
