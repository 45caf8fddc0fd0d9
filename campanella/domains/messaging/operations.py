"""Queuing messages and noting what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q

from campanella.domains.messaging.models import TO_LEAVE, UNSENT, AlsoTold, Message
from campanella.domains.people.models import Guardian
from campanella.foundation.core import audit, jobs
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import active_town_id, operation

audit.sentences(
    {
        "message.set_aside": "ha messo via l’e-mail non arrivata «{subject}»",
        "message.again": "ha fatto partire di nuovo l’e-mail «{subject}»",
    }
)


@dataclass(frozen=True)
class Told:
    """What a message says about money: where a wallet stood right after an entry of the book (None: before the first)."""

    wallet_id: int
    entry_id: int | None
    balance_cents: int


@dataclass(frozen=True)
class Also:
    """A further matter of a message: the key it answers to, and what it says about money."""

    key: str
    entry_id: int
    wallet_id: int
    balance_cents: int


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
    child_id: int | None = None,
    told: Told | None = None,
    also: Sequence[Also] = (),
    urgency: int = 0,
    papers: str = "",
    wait_seconds: int = 0,
) -> Message | None:
    """
    Queue a message in this transaction; a key that was used before queues nothing, unless that message was called off.

    :param key: what it answers to, unique in the town
    :param child_id: whom it speaks of
    :param told: what it says about money
    :param also: further matters of the same letter
    :param papers: what goes with it, such as ``invoice:12``
    :param urgency: letters of less go after all letters of more
    :param wait_seconds: it leaves no earlier than so much later, and can be called off until then
    :returns: None when it was queued before
    """
    fields = {
        "guardian": guardian,
        "address": address,
        "template": template,
        "subject": subject,
        "text": text,
        "queued_at": now,
        "leaves_at": now + timedelta(seconds=wait_seconds) if wait_seconds else None,
        "child_id": child_id,
        "wallet_id": told.wallet_id if told else None,
        "entry_id": told.entry_id if told else None,
        "balance_cents": told.balance_cents if told else None,
        "papers": papers,
    }
    message, made = Message.objects.get_or_create(key=key, defaults=fields)
    if not made:
        called_off = Message.objects.filter(pk=message.pk, sent_at=None).exclude(called_off_at=None)
        if not called_off.update(**fields, called_off_at=None, failed_at=None, attempts=0):
            return None
        message.refresh_from_db()
    else:
        AlsoTold.objects.bulk_create(
            AlsoTold(
                message=message,
                key=one.key,
                wallet_id=one.wallet_id,
                entry_id=one.entry_id,
                balance_cents=one.balance_cents,
            )
            for one in also
        )
    jobs.enqueue("deliver", town=active_town_id(), urgency=urgency, wait_seconds=wait_seconds, message_id=message.pk)
    return message


@operation
def call_off(*, keys: Sequence[str], now: datetime) -> int:
    """
    Let messages leave no more whose keys begin so: what they speak of has ended.

    :returns: how many had not left
    """
    beginnings = Q()
    for key in keys:
        beginnings |= Q(key__startswith=key)
    return Message.objects.filter(beginnings & UNSENT).update(called_off_at=now) if keys else 0


@operation
def call_off_about_child(*, child_id: int, guardian_id: int, now: datetime) -> int:
    """
    Let messages about a child leave no more to an adult who no longer answers for it.

    :returns: how many had not left
    """
    about = Q(child_id=child_id) | Q(pk__in=AlsoTold.objects.filter(wallet__child_id=child_id).values("message_id"))
    return Message.objects.filter(UNSENT, about, guardian_id=guardian_id).update(called_off_at=now)


@operation
def note_sent(*, message_id: int, now: datetime) -> None:
    """Note that the mail server took a message."""
    Message.objects.filter(pk=message_id).update(sent_at=now, failed_at=None, failure="")


@operation
def note_read(*, message_id: int, now: datetime) -> None:
    """Note that its adult has opened a message in the portal; the first time counts."""
    Message.objects.filter(pk=message_id, read_at=None).update(read_at=now)


@operation
def note_failure(*, message_id: int, failure: str, now: datetime, is_final: bool = False) -> None:
    """
    Note that a message did not leave this time.

    :param is_final: nobody will try again; the office sees it among what waits
    """
    fields = {"failed_at": now} if is_final else {}
    Message.objects.filter(pk=message_id).update(attempts=F("attempts") + 1, failure=failure[:200], **fields)


@operation
def give_up(*, now: datetime) -> int:
    """
    Note as failed what still waits and what no job will deliver any more, however its job ended.

    The job's attempts are the only count: whether somebody tries again is asked of the queue, not counted here once more.

    :returns: how many
    """
    # First those that wait, then the jobs: one that is delivered in between is noted as sent before its job ends.
    waiting = set(Message.objects.filter(TO_LEAVE).values_list("pk", flat=True))
    lost = waiting - jobs.alive("deliver", town=active_town_id(), argument="message_id") if waiting else ()
    return Message.objects.filter(TO_LEAVE, pk__in=lost).update(failed_at=now) if lost else 0


@operation
def send_again(*, by: Actor, message_id: int, now: datetime) -> str:
    """
    Try a failed message again, at the address its adult has now.

    :returns: the address; nothing when no such message has failed, so that two presses send one
    """
    failed = Message.objects.filter(UNSENT, pk=message_id).exclude(failed_at=None)
    message = failed.select_for_update(no_key=True, of=("self",)).select_related("guardian").first()
    if message is None:
        return ""
    if message.guardian and message.guardian.email:
        message.address = message.guardian.email
    message.failed_at, message.attempts = None, 0
    message.save(update_fields=["address", "failed_at", "attempts"])
    _note("message.again", by=by, message=message, now=now)
    jobs.enqueue("deliver", town=active_town_id(), message_id=message_id)
    return message.address


@operation
def set_aside(*, by: Actor, message_id: int, now: datetime) -> None:
    """Note that the office wants nothing more of a failed message; the family still finds it in the portal."""
    failed = Message.objects.filter(UNSENT, pk=message_id).exclude(failed_at=None)
    message = failed.first()
    if message is None:
        return
    failed.update(set_aside_at=now)
    _note("message.set_aside", by=by, message=message, now=now)


def _note(action: str, *, by: Actor, message: Message, now: datetime) -> None:
    subjects = [f"message:{message.pk}", *([f"guardian:{message.guardian_id}"] if message.guardian_id else [])]
    audit.record(by=by, action=action, subjects=subjects, at=now, data={"subject": message.subject})
