"""What families are told of a closure: that it is, that it is no more, and what it has given back; each once."""

from collections.abc import Sequence

from campanella.domains.attendance import queries as sheets
from campanella.domains.messaging import queries as messages
from campanella.domains.people import queries as people
from campanella.domains.people.models import Guardian
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
def tell(*, closure_id: int, after: int, act: int = 0) -> None:
    """
    Write to each family that was told of a closure, or has a child concerned, what it does not know yet; then to the next
    piece of them.

    What a family was told last decides: the same days are not told again, days that came back are, and to whom none is left
    to come it is told that the closure is no more. Nobody is written to about a closure that was withdrawn meanwhile.
    """
    closure, now = schools.closure_of_before(closure_id=closure_id), clock.now()
    if closure.withdrawn_at:
        return
    today = clock.day_of(now)
    is_to_come = closure.days.upper > today
    beginning = letters.of_closure(closure_id)
    concerned = closures.readers_of(closure=closure, after=after, limit=PIECE) if is_to_come else []
    readers = _together(concerned, messages.told(beginning=beginning, after=after, limit=PIECE))
    known = messages.last_keys(beginning=beginning, guardian_ids=[guardian.pk for guardian in readers])
    names = _names(closure)
    for guardian in readers:
        before = letters.days_told(known.get(guardian.pk, ""))
        if is_to_come and before != closure.days:
            letters.entered(closure=closure, names=names, guardian=guardian, before=before, act=act, now=now)
        elif not is_to_come and before and before.upper > today:
            letters.withdrawn(closure=closure, names=names, guardian=guardian, days=before, act=act, now=now)
    if len(readers) == PIECE:
        publish(ClosureEntered(closure_id=closure_id, after=readers[-1].pk, act=act))


@use_case
def tell_withdrawn(*, closure_id: int, after: int) -> None:
    """Write to each family that was told of days to come that they are closed no more, once; then to the next piece."""
    closure, now = schools.closure_of_before(closure_id=closure_id), clock.now()
    beginning, today = letters.of_closure(closure_id), clock.day_of(now)
    told = messages.told(beginning=beginning, after=after, limit=PIECE)
    known = messages.last_keys(beginning=beginning, guardian_ids=[guardian.pk for guardian in told])
    names = _names(closure)
    for guardian in told:
        days = letters.days_told(known[guardian.pk])
        if days and days.upper > today:
            letters.withdrawn(closure=closure, names=names, guardian=guardian, days=days, act=0, now=now)
    if len(told) == PIECE:
        publish(ClosureWithdrawn(closure_id=closure_id, after=told[-1].pk))


def _together(some: Sequence[Guardian], others: Sequence[Guardian]) -> list[Guardian]:
    """Return the first piece of both, each adult once, in order of id."""
    both = {guardian.pk: guardian for guardian in (*some, *others)}
    return [both[pk] for pk in sorted(both)][:PIECE]


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
