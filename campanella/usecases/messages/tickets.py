"""What somebody who has written to the office is told of it."""

from datetime import datetime

from campanella.domains.support.models import Ticket, TicketMessage
from campanella.usecases.messages.queuing import queue


def ticket_received(*, ticket: Ticket, text: str, link: str, now: datetime) -> None:
    """
    Confirm that the office has a ticket.

    :param text: what was written; empty for an address nobody has verified, so that our mail carries no stranger's words
    """
    queue(
        template="ticket_received",
        key=f"ticket_received:{ticket.pk}",
        guardian=ticket.guardian,
        address=ticket.email,
        subject=f"Segnalazione n. {ticket.number} ricevuta",
        now=now,
        values={"number": ticket.number, "text": text, "link": link},
    )


def ticket_answered(*, ticket: Ticket, message: TicketMessage, link: str, now: datetime) -> None:
    """Bring the office's answer to whoever wrote."""
    queue(
        template="ticket_answered",
        key=f"ticket_answered:{message.pk}",
        guardian=ticket.guardian,
        address=ticket.email,
        now=now,
        subject=f"Risposta alla segnalazione n. {ticket.number}",
        values={"number": ticket.number, "has_page": ticket.user_id is not None, "text": message.text, "link": link},
    )
