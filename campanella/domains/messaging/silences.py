"""Adults to whom nothing leaves until the office has spoken with the family."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campanella.domains.messaging.models import TO_LEAVE, WITH_LINK, Message, Silence
from campanella.domains.people.models import Guardian
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import operation

audit.sentences({"silence.ended": "ha parlato con la famiglia: le lettere possono ripartire"})


class NotSilent(Refusal):
    """Letters leave already."""

    message = "A questo adulto le lettere partono già."


@dataclass(frozen=True, slots=True)
class SilenceView:
    """An adult to whom nothing leaves, and since when."""

    guardian_id: int
    name: str
    since: datetime


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


def silent(*, guardian_ids: Sequence[int]) -> set[int]:
    """Return those of these adults to whom nothing leaves: one query."""
    rows = Silence.objects.filter(ended_at=None, guardian_id__in=list(guardian_ids))
    return set(rows.values_list("guardian_id", flat=True))


def all_silent() -> list[SilenceView]:
    """Return all adults to whom nothing leaves, the first one first: two queries."""
    rows = list(Silence.objects.filter(ended_at=None).order_by("id").values_list("guardian_id", "since"))
    names = {one.pk: one.full_name for one in Guardian.objects.filter(pk__in=[pk for pk, _ in rows])}
    return [SilenceView(pk, names[pk], since) for pk, since in rows]


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
