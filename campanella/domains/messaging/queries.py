"""What was written to whom."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q

from campanella.domains.messaging.models import TO_LEAVE, UNSENT, AlsoTold
from campanella.domains.messaging.models import Message as Message
from campanella.domains.people.models import Guardian


def message(*, message_id: int) -> Message:
    """Return one message."""
    return Message.objects.get(pk=message_id)


def messages_to(*, guardian_id: int, limit: int = 50) -> list[Message]:
    """Return what was written to an adult, newest first."""
    return list(Message.objects.filter(_TO_READ, guardian_id=guardian_id).order_by("-queued_at", "-id")[:limit])


def message_to(*, guardian_id: int, message_id: int) -> Message | None:
    """Return one message written to this adult."""
    return Message.objects.filter(_TO_READ, guardian_id=guardian_id, pk=message_id).first()


def told_of(*, keys: Sequence[str]) -> set[str]:
    """Return those of these keys that a message answers to, as its first matter or a further one: two queries."""
    first = Message.objects.filter(key__in=list(keys)).values_list("key", flat=True)
    return {*first, *AlsoTold.objects.filter(key__in=list(keys)).values_list("key", flat=True)}


def is_any_told(*, prefix: str) -> bool:
    """Tell whether anybody was written to with a key that begins so: one query."""
    return Message.objects.filter(key__startswith=prefix).exists()


def by_key(*, keys: Sequence[str]) -> dict[str, Message]:
    """Return messages by the key they answer to, without their texts: one query."""
    return {one.key: one for one in Message.objects.filter(key__in=list(keys)).defer("text")}


def unread_count(*, guardian_id: int) -> int:
    """Count what was written to an adult and not opened in the portal yet: one query."""
    return Message.objects.filter(_TO_READ, guardian_id=guardian_id, read_at=None).count()


def failed(*, limit: int = 100) -> list[Message]:
    """Return the messages that nobody will try again and the office has not put aside."""
    rows = Message.objects.filter(UNSENT).exclude(failed_at=None)
    return list(rows.order_by("-failed_at")[:limit])


def waiting_since(*, before: datetime) -> bool:
    """Tell whether a message that somebody still tries to send was queued before an instant."""
    return Message.objects.filter(TO_LEAVE, queued_at__lt=before).exists()


def last_sent_at() -> datetime | None:
    """Return when the mail server last took a message."""
    return Message.objects.exclude(sent_at=None).order_by("-id").values_list("sent_at", flat=True).first()


def counts_of(*, beginning: str) -> dict[str, Any]:
    """Count the messages whose keys begin so, by what became of them, and tell when the last one leaves: one query."""
    rows = Message.objects.filter(key__startswith=beginning)
    return rows.aggregate(
        leaves_at=Max("leaves_at"),
        sent=Count("pk", filter=~Q(sent_at=None)),
        waiting=Count("pk", filter=TO_LEAVE),
        failed=Count("pk", filter=UNSENT & ~Q(failed_at=None)),
        called_off=Count("pk", filter=~Q(called_off_at=None)),
    )


def last_keys(*, beginning: str, guardian_ids: Sequence[int]) -> dict[int, str]:
    """Return, of the messages whose keys begin so, the key of the last one of each of these adults: one query."""
    rows = Message.objects.filter(key__startswith=beginning, guardian__in=guardian_ids).order_by("pk")
    return dict(rows.values_list("guardian_id", "key"))


def told(*, beginning: str, after: int, limit: int) -> list[Guardian]:
    """
    Return the adults who have a message whose key begins so, each once, in order of id: one query.

    :param after: the id of the last one of the piece before
    """
    theirs = Message.objects.filter(key__startswith=beginning, guardian=OuterRef("pk"))
    return list(Guardian.objects.filter(Exists(theirs), pk__gt=after).order_by("pk")[:limit])


def waiting_count() -> int:
    """Count the messages that are still to leave."""
    return Message.objects.filter(TO_LEAVE).count()


def failed_count() -> int:
    """Count the messages that nobody will try again and the office has not put aside."""
    return Message.objects.filter(UNSENT).exclude(failed_at=None).count()


# What was called off before it left was never written, as far as the family knows; what may still be taken back is not yet.
_TO_READ = ~Q(sent_at=None) | Q(called_off_at=None) & (Q(leaves_at=None) | ~Q(failed_at=None))
