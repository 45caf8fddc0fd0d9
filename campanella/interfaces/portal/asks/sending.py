"""What a family's form sends, as it reaches the use case: when it came, by which clock, for which day."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from campanella.domains.attendance.answers import Answer
from campanella.domains.attendance.asked import Line
from campanella.domains.attendance.judging import Arrival
from campanella.domains.attendance.moments import clock_error
from campanella.domains.attendance.rules import Action
from campanella.foundation.core import clock
from campanella.interfaces.doors import PersonRequest, received_at
from campanella.usecases import wishes


def ask(request: PersonRequest, *, lines: list[Line], days: Collection[date], action: Action, key: UUID) -> Answer:
    """Ask one thing for some days, as it came."""
    return wishes.ask(
        by=request.user, lines=lines, days=days, action=action, key=key, arrival=arrival_of(request), now=clock.now()
    )


def arrival_of(request: PersonRequest) -> Arrival:
    """Say when the request came; of a tap kept by the phone, when it was made by the server's clock."""
    received = received_at(request)
    tapped, sent = _instant(request.POST.get("toccato", "")), _instant(request.POST.get("inviato", ""))
    if tapped is None or sent is None:
        return Arrival(received)
    error = clock_error(sent - received)
    return Arrival(received, tapped_at=tapped - error, error=error)


def _instant(text: str) -> datetime | None:
    """Read an instant that a phone writes; what is none, or without its zone, is no instant."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    is_sane = instant.tzinfo is not None and 2000 <= instant.year <= 2099
    return instant if is_sane else None


def day_of(text: str | None) -> date | None:
    """Read a day that a form or an address names; None for what is none."""
    return clock.read_day(text) if text else None
