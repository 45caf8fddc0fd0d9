"""What a family contests: which day a ticket is about, and doubtful requests that the office lets count."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from campanella.domains.attendance.fact_rules import REQUEST
from campanella.domains.attendance.models import Contest, DayEvent, FamilyRequest
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import day_short
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
    data: dict[str, str | int] = {"day": day_short(day), "number": ticket_number}
    audit.record(by=by, action="day.contested", subjects=[f"child:{child_id}"], at=now, data=data)
    return row


@operation
def let_count(*, by: Actor, doubtful: Sequence[DayEvent], note: str, now: datetime) -> None:
    """
    Let days of doubtful requests count, as if they had come in time: an event each, beside the one that did not.

    :param note: why, for the history
    """
    DayEvent.objects.bulk_create(
        DayEvent(
            service_id=event.service_id,
            day=event.day,
            child_id=event.child_id,
            kind=event.kind,
            channel="office",
            level=REQUEST,
            by_id=by.actor_id,
            received_at=now,
            # The office believes the tap.
            made_at=made_at,
            cut_off=event.cut_off,
            request_id=event.request_id,
            seq=event.seq,
            is_on=event.is_on,
            is_white=event.is_white,
            is_packed=event.is_packed,
            note=note,
        )
        for event, made_at in _with_their_taps(doubtful)
    )


def _with_their_taps(doubtful: Sequence[DayEvent]) -> list[tuple[DayEvent, datetime]]:
    """Pair events of requests with the moment at which each was tapped; what is taken back is of another's number."""
    tapped = dict(FamilyRequest.objects.filter(pk__in={event.seq for event in doubtful}).values_list("pk", "made_at"))
    return [(event, tapped[event.seq]) for event in doubtful if event.seq]
