"""Queuing messages and noting what became of them."""

from datetime import datetime

from campanella.domains.messaging.models import Message
from campanella.domains.people.models import Guardian
from campanella.foundation.core import audit, jobs
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import active_town_id, operation

audit.sentences({"message.set_aside": "ha messo via l’e-mail non arrivata «{subject}»"})


@operation
def queue(
    *,
    key: str,
    guardian: Guardian | None,
    address: str,
    template: str,
    subject: str,
    text: str,
    now: datetime,
) -> Message | None:
    """
    Queue a message in this transaction; a key that was used before queues nothing.

    :param key: what it answers to, unique in the town
    :returns: None when it was queued before
    """
    message, made = Message.objects.get_or_create(
        key=key,
        defaults={
            "guardian": guardian, "address": address, "template": template, "subject": subject, "text": text,
            "queued_at": now,
        },
    )  # fmt: skip
    if not made:
        return None
    jobs.enqueue("deliver", town=active_town_id(), message_id=message.pk)
    return message


@operation
def note_sent(*, message_id: int, now: datetime) -> None:
    """Note that the mail server took a message."""
    Message.objects.filter(pk=message_id).update(sent_at=now, failed_at=None, failure="")


@operation
def note_failure(*, message_id: int, failure: str, now: datetime, is_final: bool) -> None:
    """
    Note that the mail server did not take a message.

    :param is_final: nobody will try again; the office sees it among what waits
    """
    message = Message.objects.get(pk=message_id)
    message.attempts += 1
    message.failure = failure[:200]
    message.failed_at = now if is_final or message.attempts >= GIVE_UP_AFTER else None
    message.save(update_fields=["attempts", "failure", "failed_at"])


@operation
def send_again(*, message_id: int) -> str:
    """
    Try a failed message again, at the address its adult has now.

    :returns: the address; nothing when no such message has failed, so that two presses send one
    """
    message = Message.objects.select_for_update(no_key=True, of=("self",)).select_related("guardian").filter(
        pk=message_id, sent_at=None, set_aside_at=None
    ).exclude(failed_at=None).first()  # fmt: skip
    if message is None:
        return ""
    if message.guardian and message.guardian.email:
        message.address = message.guardian.email
    message.failed_at, message.attempts = None, 0
    message.save(update_fields=["address", "failed_at", "attempts"])
    jobs.enqueue("deliver", town=active_town_id(), message_id=message_id)
    return message.address


@operation
def set_aside(*, by: Actor, message_id: int, now: datetime) -> None:
    """Note that the office wants nothing more of a failed message; the family still finds it in the portal."""
    failed = Message.objects.filter(pk=message_id, sent_at=None, set_aside_at=None).exclude(failed_at=None)
    message = failed.first()
    if message is None:
        return
    failed.update(set_aside_at=now)
    subjects = [f"message:{message.pk}", *([f"guardian:{message.guardian_id}"] if message.guardian_id else [])]
    audit.record(by=by, action="message.set_aside", subjects=subjects, at=now, data={"subject": message.subject})


GIVE_UP_AFTER = 10
