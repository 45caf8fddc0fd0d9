"""Facts of support."""

from dataclasses import dataclass

from campanella.foundation.core.events import Event


@dataclass(frozen=True)
class NewsPublished(Event):
    """
    A piece of news may be read, and the office wants families to know by mail.

    ``after`` is the last adult who was written to: a large town is written to in pieces, each told as the fact again.
    """

    urgency = -10

    news_id: int
    after: int = 0


@dataclass(frozen=True)
class TicketOpened(Event):
    """Somebody wrote to the office for the first time about something."""

    ticket_id: int
    message_id: int


@dataclass(frozen=True)
class TicketContinued(Event):
    """Whoever opened a ticket wrote again."""

    ticket_id: int
    message_id: int


@dataclass(frozen=True)
class TicketAnswered(Event):
    """The office answered a ticket."""

    ticket_id: int
    message_id: int
