"""Delivers queued messages; no transaction is held while the mail server answers."""

from campanella.domains.messaging import operations, queries
from campanella.domains.messaging.channels import mail
from campanella.foundation.core import clock, jobs
from campanella.foundation.core.scope import active_town_id, scope
from campanella.foundation.tenants.queries import active_town


@jobs.job("deliver")
def deliver(*, message_id: int) -> None:
    """
    Deliver one message; one that was sent is left alone.

    A crash between the mail server's yes and our note sends it twice under one Message-ID: better twice than never.
    """
    with scope(active_town_id()):
        message = queries.message(message_id=message_id)
        town = active_town()
    if message.sent_at:
        return
    choices = town.choices
    try:
        mail.send(
            address=message.address, subject=message.subject, text=message.text,
            sender_name=f"{choices.office_name}, {town.name}", reply_to=choices.office_email,
            message_id=f"{town.slug}.{message.pk}",
        )  # fmt: skip
    except mail.MailRefused as refused:
        operations.note_failure(message_id=message_id, failure=str(refused), now=clock.now(), is_final=True)
    except mail.MailUnavailable as silent:
        operations.note_failure(message_id=message_id, failure=str(silent), now=clock.now(), is_final=False)
        raise
    else:
        operations.note_sent(message_id=message_id, now=clock.now())
