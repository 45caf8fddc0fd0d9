"""What a ticket contests, as the office decides on it."""

from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.attendance import contested
from campanella.domains.people import queries as people
from campanella.foundation.core.money import Euro
from campanella.readings.explained import explained


@dataclass(frozen=True, slots=True)
class Contested:
    """
    A day that a family contests, as the office decides on it.

    :ivar charged: what may be given back; None once nothing is charged any more, and where requests are decided on
    :ivar requests: numbers of doubtful requests that the office may let count
    :ivar is_of_requests: it is about requests, decided or not
    """

    child: str
    service: str
    day: date
    because: str
    charged: Euro | None
    requests: tuple[str, ...] = ()
    is_of_requests: bool = False


def contest_about(*, number: int, now: datetime) -> Contested | None:
    """Return what the ticket of this number contests, None when it contests no day: one query, about ten for a contest."""
    found = contested.contest_about(ticket_number=number)
    if found is None:
        return None
    lines = explained(lines=[(found.child_id, found.service_id)], day=found.day, now=now)
    because, charged = (lines[0].because, lines[0].charged) if lines else ("", None)
    is_of_requests = bool(contested.doubtful_on(child_id=found.child_id, service_id=found.service_id, day=found.day))
    undecided = contested.undecided_on(child_id=found.child_id, service_id=found.service_id, day=found.day)
    return Contested(
        people.full_names(child_ids=[found.child_id])[found.child_id],
        found.service.name,
        found.day,
        because,
        charged if charged and charged.cents and not is_of_requests else None,
        tuple(request.number for request in contested.requests_behind(undecided)) if undecided else (),
        is_of_requests,
    )
