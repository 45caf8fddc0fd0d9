"""Letters of a ticket: to the office when somebody writes; to whoever wrote, on arrival and with the answer."""

from campanella.domains.support import queries as support
from campanella.foundation.core import clock
from campanella.foundation.core.scope import use_case
from campanella.foundation.tenants.queries import active_town
from campanella.usecases.links import portal_link
from campanella.usecases.messages import office
from campanella.usecases.messages import tickets as letters


@use_case
def confirm(*, ticket_id: int, message_id: int) -> None:
    """Tell whoever wrote that the office has it, with the number to quote."""
    ticket, message = support.ticket_and_message(ticket_id=ticket_id, message_id=message_id)
    letters.ticket_received(
        ticket=ticket,
        text=message.text if ticket.user_id else "",
        link=_own_link(ticket.user_id, ticket.number),
        now=clock.now(),
    )


@use_case
def tell_office(*, ticket_id: int, message_id: int) -> None:
    """Bring what was written to the office's address."""
    ticket, message = support.ticket_and_message(ticket_id=ticket_id, message_id=message_id)
    office.ticket_for_office(
        address=active_town().choices.office_email,
        ticket=ticket,
        message=message,
        link=portal_link("office:ticket", ticket.number),
        now=clock.now(),
    )


@use_case
def tell_answer(*, ticket_id: int, message_id: int) -> None:
    """Bring the office's answer to whoever wrote."""
    ticket, message = support.ticket_and_message(ticket_id=ticket_id, message_id=message_id)
    letters.ticket_answered(ticket=ticket, message=message, link=_own_link(ticket.user_id, ticket.number), now=clock.now())


def _own_link(user_id: int | None, number: int) -> str:
    """Somebody who wrote without signing in has no page of the ticket, only Contattaci."""
    return portal_link("portal:ticket", number) if user_id else portal_link("portal:contact")
