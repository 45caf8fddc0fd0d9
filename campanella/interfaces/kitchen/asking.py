"""
What an open board asks, and what it is told: the parts that are other than it shows.

The question waits with the server where it can (``interfaces/waiting.py``); another server answers at once, and is asked
less often.
"""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.template.loader import get_template

from campanella.domains.accounts.queries import User
from campanella.foundation.core import clock
from campanella.interfaces import waiting
from campanella.interfaces.doors import PersonRequest, number
from campanella.interfaces.kitchen import drawn
from campanella.interfaces.kitchen.drawn import Drawn
from campanella.interfaces.waiting import Again, Outcome
from campanella.readings import counted
from campanella.readings.counted import CountedDay

# Milliseconds between an answer and the next question: one that waits is answered twice a second at most.
PAUSE, PAUSE_OF_WHO_WAITS = 700, 200


@dataclass(frozen=True)
class Asked:
    """
    Which board somebody looks at; the schools that whoever looks is held to are asked for with each answer.

    :ivar opened: the school whose classes are wanted
    """

    day: date
    user: User
    service_code: str
    opened: int | None
    pause: int

    def drawn(self, of_day: CountedDay) -> Drawn:
        """Draw the board, or take the one that is drawn."""
        return drawn.of(
            of_day=of_day,
            service_code=self.service_code,
            seen=of_day.held_to(user=self.user),
            opened=self.opened,
            today=clock.today(),
            now=clock.now(),
        )


def asked_by(request: PersonRequest, day: date) -> tuple[Asked, Drawn]:
    """Return what a page asks, and the board it is shown."""
    of_day = counted.on(day=day)
    pause = PAUSE_OF_WHO_WAITS if waiting.may_wait(request) else PAUSE
    opened = number(request.GET.get("scuola", ""))
    asked = Asked(day, request.user, request.GET.get("servizio", ""), opened, pause)
    return asked, asked.drawn(of_day)


def again(found: Drawn) -> str:
    """Write what the page asks for next: its service, the school that is open, and what it shows."""
    service = found.board.service
    asked = {"servizio": service.code if service else None, "scuola": found.opened, "visto": found.shown}
    return urlencode({name: value for name, value in asked.items() if value}, safe=",")


def changed(asked: Asked, found: Drawn, shown: str) -> str | None:
    """
    Return the parts that differ from what a page shows, None when it is to be drawn anew.

    Without the request: nobody's token or name stands in what every page of the same numbers is sent.
    """
    at = f"{updated_at()} {asked.pause} {shown}"
    told = found.told.get(at)
    if told is None and (differing := found.differing(shown)) is not None:
        known = {"differing": differing, "asked": again(found), "updated_at": updated_at(), "pause": asked.pause}
        found.tell(at, told := get_template("kitchen/parts/changed.html").render(known))
    return told


def outcome(asked: Asked, found: Drawn | None, shown: str) -> Outcome:
    """
    Return what a page is told whose question has waited.

    That the day is over, or that all of it is to be drawn anew, the page itself tells.
    """
    if found is None:
        return Again.AGAIN
    if shown == found.shown:
        return None
    told = changed(asked, found, shown)
    return Again.AGAIN if told is None else told.encode()


def updated_at() -> str:
    """Return the time of day that a board says of itself."""
    return f"{clock.now().astimezone(clock.ROME):%-H:%M:%S}"
