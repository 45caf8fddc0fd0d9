"""A family contests the charge of a day: which day a ticket is about, so that the office decides on it in one act."""

from datetime import date, datetime

from campanella.domains.attendance.models import Contest
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import operation

audit.sentences({"day.contested": "ha contestato l’addebito del {day}, segnalazione n. {number}"})


@operation
def contest(*, by: Actor, child_id: int, service_id: int, day: date, ticket_number: int, now: datetime) -> Contest:
    """Write down which day a ticket is about; whether it was accepted is told by the day's own corrections."""
    row = Contest.objects.create(
        child_id=child_id, service_id=service_id, day=day, ticket_number=ticket_number, at=now, by_id=by.actor_id
    )
    data: dict[str, str | int] = {"day": f"{day:%d/%m}", "number": ticket_number}
    audit.record(by=by, action="day.contested", subjects=[f"child:{child_id}"], at=now, data=data)
    return row
