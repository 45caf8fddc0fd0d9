"""Letting nothing leave for an adult until the office has spoken with the family, and letting letters leave again."""

from collections.abc import Sequence
from datetime import datetime

from campanella.domains.messaging.models import TO_LEAVE, WITH_LINK, Message, Silence
from campanella.domains.messaging.silences import silent
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import operation

audit.sentences({"silence.ended": "ha parlato con la famiglia: le lettere possono ripartire"})


class NotSilent(Refusal):
    """Letters leave already."""

    message = "A questo adulto le lettere partono già."


@operation
def silence(*, guardian_ids: Sequence[int], now: datetime) -> None:
    """Let nothing leave for these adults any more, what is on its way to the mail server included, but what they ask for."""
    if not guardian_ids:
        return
    Silence.objects.bulk_create(
        (Silence(guardian_id=pk, since=now) for pk in sorted(set(guardian_ids))), ignore_conflicts=True
    )
    waiting = Message.objects.filter(TO_LEAVE, guardian_id__in=list(guardian_ids)).exclude(template__in=WITH_LINK)
    waiting.update(called_off_at=now)


@operation
def end(*, by: Actor, guardian_id: int, now: datetime) -> None:
    """
    Let letters leave again: the office has spoken with the family. What was called off meanwhile stays so.

    :raises NotSilent: they leave already
    """
    living = Silence.objects.filter(guardian_id=guardian_id, ended_at=None)
    if not living.update(ended_at=now, ended_by_id=by.actor_id):
        raise NotSilent
    audit.record(by=by, action="silence.ended", at=now, subjects=[f"guardian:{guardian_id}"])


@operation
def call_off_where_silent(*, message: Message, now: datetime) -> bool:
    """
    Call a message off whose adult is silent, as it is about to leave.

    :returns: True when it must not leave
    """
    if message.guardian_id is None or message.template in WITH_LINK or not silent(guardian_ids=[message.guardian_id]):
        return False
    Message.objects.filter(TO_LEAVE, pk=message.pk).update(called_off_at=now)
    return True
