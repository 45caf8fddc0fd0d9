"""Delivers queued messages; no transaction and no connection is held while the mail server answers."""

from campanella.domains.messaging import operations, papers, queries, silencing
from campanella.domains.messaging.channels import mail
from campanella.foundation.core import clock, jobs
from campanella.foundation.core.scope import active_town_id, let_go, scope
from campanella.foundation.tenants.queries import active_town, all_towns


@jobs.job("deliver", queue=jobs.MAIL)
def deliver(*, message_id: int) -> None:
    """
    Deliver one message; one that was sent, given up, put aside or called off is left alone.

    A crash between the mail server's yes and our note sends it twice under one Message-ID: better twice than never.
    """
    with scope(active_town_id()):
        message = queries.message(message_id=message_id)
        town = active_town()
        is_silenced = message.is_to_leave and silencing.call_off_where_silent(message=message, now=clock.now())
    if is_silenced or not message.is_to_leave:
        return
    choices = town.choices
    going = papers.made(message.papers)
    let_go()
    try:
        mail.send(
            address=message.address,
            subject=message.subject,
            text=message.text,
            sender_name=f"{choices.office_name}, {town.name}",
            reply_to=choices.office_email,
            message_id=f"{town.slug}.{message.pk}",
            papers=going,
        )
    except mail.MailRefused as refused:
        operations.note_failure(message_id=message_id, failure=str(refused), now=clock.now(), is_final=True)
    except mail.MailUnavailable as silent:
        operations.note_failure(message_id=message_id, failure=str(silent), now=clock.now())
        raise
    else:
        operations.note_sent(message_id=message_id, now=clock.now())


@jobs.regularly("give_up", cron="* * * * *")
def give_up() -> None:
    """Let the office see, within a minute, the messages that nobody tries to deliver any more."""
    for town in all_towns():
        with scope(town.id):
            operations.give_up(now=clock.now())
