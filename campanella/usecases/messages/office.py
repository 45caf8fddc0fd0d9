"""Every message to the office, one function each; the text is a template beside it."""

from collections.abc import Sequence
from datetime import datetime

from campanella.domains.support.models import Ticket, TicketMessage
from campanella.usecases.messages.queuing import queue


def ticket_for_office(*, address: str, ticket: Ticket, message: TicketMessage, link: str, now: datetime) -> None:
    """Bring what somebody wrote to the office."""
    queue(
        template="ticket_for_office",
        key=f"ticket_for_office:{message.pk}",
        guardian=None,
        address=address,
        subject=f"Segnalazione n. {ticket.number}",
        now=now,
        values={
            "ticket": ticket,
            "child": ticket.child.full_name if ticket.child else "",
            "text": message.text,
            "link": link,
        },
    )


def choice_waits(*, addresses: Sequence[str], key: str, label: str, who: str, link: str, now: datetime) -> None:
    """
    Tell the office that a change waits for its second person: what and who, never to what.

    :param addresses: the office's and its people's, each once
    """
    for number, address in enumerate(addresses):
        queue(
            template="choice_waits",
            key=f"choice_waits:{key}:{number}",
            guardian=None,
            address=address,
            subject=f"Da confermare: {label}",
            now=now,
            values={"label": label, "who": who, "link": link},
        )
