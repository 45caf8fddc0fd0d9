"""
What the class register says of children, put on record as marks of its own, and what their families answer.

Where a school goes by its register, the family of a child that it calls absent before the cut-off is asked. Who wants the
meal all the same says so, and a mark of the family follows the register's; a teacher's mark is followed by none.
"""

from collections.abc import Sequence
from datetime import date, datetime, time

from campanella.domains.attendance.fact_rules import MARK
from campanella.domains.attendance.models import DayEvent
from campanella.domains.attendance.registered import REGISTER, Word
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import operation

CONFIRMED = "Chi era in classe aveva già confermato l’appello, e vale quello: il registro non cambia il giorno."


@operation
def note(
    *,
    by: Actor,
    service_id: int,
    day: date,
    words: Sequence[Word],
    now: datetime,
    channel: str = REGISTER,
    request_id: int | None = None,
) -> None:
    """
    Put marks of the register, or of a family that answers it, on record: one statement. Whoever notes them folds again.

    A file does not say when its lesson was, and what somebody at school has seen of that day holds, whichever came first:
    marks of the register are of the day's beginning, and the last one that came holds among them. Where somebody had
    confirmed the class with the child, its word changes nothing. One that says otherwise names the other's, so that the
    office sees both.

    :param now: when they came
    :param request_id: of the family's request that they follow from
    """
    DayEvent.objects.bulk_create(
        DayEvent(
            service_id=service_id,
            day=day,
            class_group_id=word.class_group_id,
            child_id=word.child_id,
            kind="marked",
            channel=channel,
            level=MARK,
            by_id=by.actor_id,
            received_at=now,
            made_at=min(now, clock.rome(day, time.min)),
            counts=not word.is_confirmed,
            against=word.against,
            answer="kept" if word.is_confirmed and word.against else "accepted",
            sentence=CONFIRMED if word.is_confirmed and word.against else "",
            is_on=word.is_present,
            is_white=None,
            is_late=word.is_late,
            request_id=request_id,
        )
        for word in words
    )
