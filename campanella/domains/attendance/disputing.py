"""A family contests the charge of a day: which day a ticket is about, so that the office decides on it in one act."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from campanella.domains.attendance.models import Contest
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import operation

audit.sentences({"day.contested": "ha contestato l’addebito del {day}, segnalazione n. {number}"})


class ContestedBefore(Refusal):
    """Somebody of the family has contested this day already."""

    message = "Questo giorno è già stato contestato: trovi la risposta in Le tue segnalazioni."


@operation
def contest(*, by: Actor, child_id: int, service_id: int, day: date, ticket_number: int, now: datetime) -> Contest:
    """
    Write down which day a ticket is about; whether it was accepted is told by the day's own corrections.

    :raises ContestedBefore: it was contested already, in this very moment too
    """
    try:
        with transaction.atomic():
            row = Contest.objects.create(
                child_id=child_id, service_id=service_id, day=day, ticket_number=ticket_number, at=now, by_id=by.actor_id
            )
    except IntegrityError as problem:
        if "one_contest_per_child_service_day" not in str(problem):
            raise
        raise ContestedBefore from problem
    data: dict[str, str | int] = {"day": f"{day:%d/%m}", "number": ticket_number}
    audit.record(by=by, action="day.contested", subjects=[f"child:{child_id}"], at=now, data=data)
    return row
