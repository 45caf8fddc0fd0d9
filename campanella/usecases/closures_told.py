"""What families are told of a closure: that it is, that it is no more, and what it has given back; each once."""

from campanella.domains.attendance import queries as sheets
from campanella.domains.messaging import queries as messages
from campanella.domains.people import queries as people
from campanella.domains.schools import queries as schools
from campanella.domains.schools.events import ClosureEntered, ClosureWithdrawn
from campanella.domains.schools.models import Closure
from campanella.domains.services import queries as services
from campanella.foundation.core import clock
from campanella.foundation.core.events import publish
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import use_case
from campanella.readings.office import closures
from campanella.usecases.messages import closures as letters
from campanella.usecases.messages.closures import GivenLine

# Adults written to in one transaction.
PIECE = 500


@use_case
def tell(*, closure_id: int, after: int) -> None:
    """
    Write to each family that has a child concerned, once for the days as they are; then to the next piece of them.

    Nobody is written to about a closure that was withdrawn meanwhile.
    """
    closure, now = schools.closure_of_before(closure_id=closure_id), clock.now()
    if closure.withdrawn_at or closure.days.upper <= clock.day_of(now):
        return
    readers = closures.readers_of(closure=closure, after=after, limit=PIECE)
    is_changed = messages.is_told(beginning=letters.of_closure(closure_id), but=letters.of_days(closure))
    names = _names(closure)
    for guardian in readers:
        letters.entered(closure=closure, names=names, guardian=guardian, is_changed=is_changed, now=now)
    if len(readers) == PIECE:
        publish(ClosureEntered(closure_id=closure_id, after=readers[-1].pk))


@use_case
def tell_withdrawn(*, closure_id: int, after: int) -> None:
    """Write to each family that was told of a closure that it does not hold any more, once; then to the next piece."""
    closure, now = schools.closure_of_before(closure_id=closure_id), clock.now()
    told = messages.told(beginning=letters.of_closure(closure_id), after=after, limit=PIECE)
    names = _names(closure)
    for guardian in told:
        letters.withdrawn(closure=closure, names=names, guardian=guardian, now=now)
    if len(told) == PIECE:
        publish(ClosureWithdrawn(closure_id=closure_id, after=told[-1].pk))


@use_case
def tell_given_back(*, closure_id: int, moment: int, presence_ids: list[int], cents: list[int]) -> None:
    """Write to each payer, in one letter, what a closure has given back: child by child, service by service, in all."""
    closure = schools.closure_of_before(closure_id=closure_id)
    names = {service.pk: service.name for service in services.services()}
    marks = sheets.marks_by_id(presence_ids=presence_ids)
    child_ids = sorted({mark.child_id for mark in marks.values()})
    payers, children = people.payers_of(child_ids=child_ids), people.called(child_ids=child_ids)
    lines: dict[int, list[GivenLine]] = {}
    for presence_id, amount in zip(presence_ids, cents, strict=True):
        mark = marks[presence_id]
        payer = payers.get(mark.child_id)
        if payer:
            line = GivenLine(children[mark.child_id], names[mark.service_id], mark.day, Euro(amount))
            lines.setdefault(payer.pk, []).append(line)
    guardians = {payer.pk: payer for payer in payers.values()}
    closed = _names(closure)
    for guardian_id, given in lines.items():
        payer = guardians[guardian_id]
        letters.given_back(closure=closure, names=closed, payer=payer, given=given, act=moment, now=clock.now())


def _names(closure: Closure) -> list[str]:
    """Return what the services are called that it closes, in the town's order; none for every one."""
    return [service.name for service in services.services() if service.pk in (closure.service_ids or ())]
