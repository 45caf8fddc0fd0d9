"""What was written to whom."""

from datetime import datetime

from campanella.domains.messaging.models import Message


def message(*, message_id: int) -> Message:
    """Return one message."""
    return Message.objects.get(pk=message_id)


def messages_to(*, guardian_id: int, limit: int = 50) -> list[Message]:
    """Return what was written to an adult, newest first."""
    return list(Message.objects.filter(guardian_id=guardian_id).order_by("-queued_at", "-id")[:limit])


def message_to(*, guardian_id: int, message_id: int) -> Message | None:
    """Return one message written to this adult."""
    return Message.objects.filter(guardian_id=guardian_id, pk=message_id).first()


def failed(*, limit: int = 100) -> list[Message]:
    """Return the messages that nobody will try again and the office has not put aside."""
    rows = Message.objects.exclude(failed_at=None).filter(sent_at=None, set_aside_at=None)
    return list(rows.order_by("-failed_at")[:limit])


def waiting_since(*, before: datetime) -> bool:
    """Tell whether a message that somebody still tries to send was queued before an instant."""
    return Message.objects.filter(sent_at=None, failed_at=None, queued_at__lt=before).exists()


def last_sent_at() -> datetime | None:
    """Return when the mail server last took a message."""
    return Message.objects.exclude(sent_at=None).order_by("-id").values_list("sent_at", flat=True).first()


def failed_count() -> int:
    """Count the messages that nobody will try again and the office has not put aside."""
    return Message.objects.exclude(failed_at=None).filter(sent_at=None, set_aside_at=None).count()
