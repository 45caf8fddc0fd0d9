"""What is behind one day of a child: each service's mark, price, postings, corrections, and what is contested."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from campanella.domains.accounts import queries as accounts
from campanella.domains.accounts.models import User
from campanella.domains.attendance import contested
from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.queries import DayMark
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.enrolment.queries import Enrolled
from campanella.domains.ledger import queries as ledger
from campanella.domains.ledger.queries import Step
from campanella.domains.ledger.rules import Source
from campanella.domains.people import queries as people
from campanella.domains.people.queries import FamilyChild
from campanella.domains.support import queries as support
from campanella.domains.support.words import TicketState
from campanella.foundation.core import audit, clock
from campanella.foundation.core.money import Euro
from campanella.readings.explained import Explained, explained
from campanella.readings.family.month import services_of
from campanella.readings.month import DayCell, cells_of


@dataclass(frozen=True, slots=True)
class ContestedDay:
    """
    The charge of a day is contested.

    :ivar is_open: the office has not answered yet
    :ivar is_own: by whoever looks, who may read the ticket
    """

    number: int
    at: datetime
    is_open: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class ServiceDay:
    """
    What is behind one day of one service: the mark, its price and why, the postings, the corrections.

    :ivar left: the credit right after the last posting; None when nothing was posted
    """

    service_id: int
    service_name: str
    kind: str
    unit: str
    cell: DayCell
    mark: DayMark | None
    confirmed_by: str
    subscription: Enrolled | None
    steps: tuple[Step, ...]
    corrections: tuple[audit.Act, ...]
    left: Euro | None
    because: str
    requests: tuple[str, ...]
    can_change: bool
    contest: ContestedDay | None = None


def family_day(*, user: User, child_id: int, day: date, now: datetime) -> tuple[FamilyChild, list[ServiceDay]]:
    """
    Tell what one day was for a child: one part for each service it was enrolled in or marked for.

    :raises NotFound: the child is not this user's
    """
    child = people.child_for(user=user, child_id=child_id)
    subscriptions = enrolment.subscriptions_of(child_id=child_id)
    marks = {mark.service_id: mark for mark in sheets.marks_of(child_id=child_id, first=day, last=day) if mark.confirmed_at}
    today, services = clock.day_of(now), services_of(subscriptions)
    why = {
        one.service_id: one
        for one in explained(lines=[(child_id, service.service_id) for service in services], day=day, now=now)
    }
    parts = []
    for service in services:
        mine = [line for line in subscriptions if line.service_id == service.service_id]
        on_day = next((line for line in mine if line.holds_on(day)), None)
        mark = marks.get(service.service_id)
        if on_day is None and mark is None:
            continue
        (cell,) = cells_of(child_id=child_id, service_id=service.service_id, first=day, last=day, today=today)
        parts.append(_behind(service, cell, mark, on_day, why.get(service.service_id)))
    contests = _contests(user, child_id, day)
    return child, [replace(part, contest=contests.get(part.service_id)) for part in parts]


def _contests(user: User, child_id: int, day: date) -> dict[int, ContestedDay]:
    """Return what is contested of a day, by service: one query, one more where something is."""
    found = contested.contests_on(child_id=child_id, day=day)
    tickets = support.tickets_numbered(numbers=[one.ticket_number for one in found.values()]) if found else {}
    return {
        service_id: ContestedDay(
            number=one.ticket_number,
            at=one.at,
            is_open=tickets[one.ticket_number].state == TicketState.OPEN,
            is_own=tickets[one.ticket_number].user_id == user.pk,
        )
        for service_id, one in found.items()
    }


def _behind(
    service: Enrolled, cell: DayCell, mark: DayMark | None, subscription: Enrolled | None, why: Explained | None
) -> ServiceDay:
    steps: list[Step] = []
    corrections: list[audit.Act] = []
    confirmed_by = ""
    if mark:
        source = Source.of_presence(mark.presence_id)
        steps = ledger.steps_of(source=source)
        corrections = audit.acts_on(subjects=[source])
        confirmed_by = accounts.first_role(user_id=mark.confirmed_by_id) if mark.confirmed_by_id else ""
    return ServiceDay(
        service_id=service.service_id,
        service_name=service.service_name,
        kind=service.kind,
        unit=service.unit,
        cell=cell,
        mark=mark,
        confirmed_by=confirmed_by,
        subscription=subscription,
        steps=tuple(steps),
        corrections=tuple(corrections),
        left=_left_after(service, Source.of_presence(mark.presence_id)) if mark and steps else None,
        because=why.because if why else "",
        requests=why.requests if why else (),
        can_change=why is not None and why.can_change,
    )


def _left_after(service: Enrolled, source: Source) -> Euro | None:
    """Return where the wallet that paid stood right after a day: the service's own, or the one for all."""
    for wallet in ledger.wallets_of(child_ids=[service.child_id]):
        if wallet.service_id in (None, service.service_id):
            moment = ledger.moment_of(wallet_id=wallet.id, source=source)
            if moment:
                return moment.balance
    return None
