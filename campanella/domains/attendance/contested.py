"""What families contest of their days, and the doubtful requests that the office decides on."""

from collections.abc import Sequence
from datetime import date

from campanella.domains.attendance.fact_rules import REQUEST
from campanella.domains.attendance.models import Contest, DayEvent, FamilyRequest
from campanella.foundation.core.errors import NotFound


def doubtful_on(*, child_id: int, service_id: int, day: date) -> list[DayEvent]:
    """Return what was asked of a day by a clock that is too wrong, decided by the office or not: one query."""
    rows = DayEvent.objects.filter(child_id=child_id, service_id=service_id, day=day, answer="doubtful")
    return list(rows.order_by("received_at", "id"))


def undecided_on(*, child_id: int, service_id: int, day: date) -> list[DayEvent]:
    """Return what of that the office has not let count: two queries."""
    found = doubtful_on(child_id=child_id, service_id=service_id, day=day)
    if not found:
        return []
    rows = DayEvent.objects.filter(child_id=child_id, service_id=service_id, day=day, level=REQUEST, counts=True)
    taken = set(rows.values_list("seq", flat=True))
    return [event for event in found if event.seq not in taken]


def requests_behind(events: Sequence[DayEvent]) -> list[FamilyRequest]:
    """Return the requests that these events came with, in their order: one query."""
    return list(FamilyRequest.objects.filter(pk__in={event.seq for event in events}).order_by("pk"))


def contest_of(*, child_id: int, service_id: int, day: date) -> Contest | None:
    """Return how a day was contested, if it was."""
    return Contest.objects.filter(child_id=child_id, service_id=service_id, day=day).first()


def contests_on(*, child_id: int, day: date) -> dict[int, Contest]:
    """Return how a day of a child was contested, by service: one query."""
    return {one.service_id: one for one in Contest.objects.filter(child_id=child_id, day=day).order_by("pk")}


def contested_by(*, ticket_number: int) -> Contest:
    """
    Return which day a ticket contests.

    :raises NotFound: none
    """
    found = contest_about(ticket_number=ticket_number)
    if found is None:
        raise NotFound
    return found


def contest_about(*, ticket_number: int) -> Contest | None:
    """Return which day a ticket contests, None when it is about something else: one query."""
    return Contest.objects.filter(ticket_number=ticket_number).select_related("child", "service").first()
