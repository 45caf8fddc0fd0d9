"""
A day without service: entered once, told once, and withdrawn again.

A day that was charged already, as on the morning of a strike, is given back in one act. What families, schools and office
had said of it stays on record: a closure that is withdrawn leaves the day as if it had never been.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campanella.domains.attendance import closing
from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.closing import GivenDay
from campanella.domains.attendance.events import DaysGivenBack
from campanella.domains.attendance.queries import DayMark
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.ledger import holding
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger import queries as charges
from campanella.domains.ledger.operations import Due
from campanella.domains.ledger.rules import Source
from campanella.domains.people import queries as people
from campanella.domains.schools import operations as schools
from campanella.domains.schools import queries as closures
from campanella.domains.schools.events import ClosureEntered, ClosureWithdrawn, DaysOpened
from campanella.domains.schools.models import ClassGroup, Closure, School
from campanella.domains.services import queries as services
from campanella.domains.services.models import Service
from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.events import publish
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import use_case
from campanella.usecases import mealtime

A_DAY = timedelta(days=1)
# Adults written to by one job.
PIECE = 200

audit.sentences(
    {"closure.given_back": "ha restituito gli addebiti dei giorni chiusi: {amount} a {children:bambino|bambini}"}
)


@dataclass(frozen=True)
class GivenBack:
    """What went back, and to how many children."""

    amount: Euro
    children: int


@use_case
def enter(
    *,
    by: Actor,
    first: date,
    last: date,
    reason: str,
    now: datetime,
    school: School | None = None,
    class_group: ClassGroup | None = None,
    only: Sequence[Service] = (),
    tells: bool = True,
) -> Closure:
    """
    Close from a day to another, both included, and tell the families concerned; of days that are over nobody is told.

    :param only: these services, none is every one: after a half-day the meal goes on, the bus of the afternoon does not

    :raises AlreadyClosed: the same days of the same place and service
    """
    closure = schools.close(
        by=by,
        first=first,
        last=last,
        reason=reason,
        now=now,
        school=school,
        class_group=class_group,
        service_ids=[service.pk for service in only],
    )
    if tells and last >= clock.day_of(now):
        publish(ClosureEntered(closure_id=closure.pk))
    return closure


@use_case
def change(*, by: Actor, closure_id: int, first: date, last: date, reason: str, now: datetime, tells: bool = True) -> int:
    """
    Put the days or the words of a closure right; days that it no longer closes come to what was on record of them.

    Who is told is who was told before, and who is concerned now: each by what it was told last.

    :returns: how many days of children are charged again
    :raises NotFound: it was withdrawn
    :raises AlreadyClosed: another closure of its place has these very days
    """
    before, found = _held(closure_id)
    schools.change_closure(by=by, closure_id=closure_id, first=first, last=last, reason=reason, now=now)
    if tells and (before.days.lower, before.days.upper) != (first, last + A_DAY):
        publish(ClosureEntered(closure_id=closure_id, act=int(now.timestamp() * 1_000_000)))
    _tell_opened(before, now)
    return _take_again(by=by, before=before, held=found, why=f"chiusura cambiata: {reason}", now=now)


@use_case
def withdraw(*, by: Actor, closure_id: int, why: str, now: datetime) -> int:
    """
    Withdraw a closure: what it had given back is charged again as the day's own facts say, and who was told is told.

    :returns: how many days of children are charged again
    :raises NotFound: it was withdrawn before
    """
    before, found = _held(closure_id)
    schools.reopen(by=by, closure_id=closure_id, why=why, now=now)
    publish(ClosureWithdrawn(closure_id=closure_id))
    _tell_opened(before, now)
    return _take_again(by=by, before=before, held=found, why=f"chiusura tolta: {why}", now=now)


@use_case
def give_back(*, by: Actor, closure_id: int, now: datetime) -> GivenBack:
    """
    Give back what the roll-calls of the days of a closure have charged; who pays is told, once, of all of it.

    Set-based: the number of statements grows with the services, not with the children. A second press gives nothing back.

    :raises NotFound: the closure was withdrawn
    """
    before = closures.closure(closure_id=closure_id)
    holding.hold_children(child_ids=sorted({mark.child_id for mark in called_in(before)}))
    # Whoever withdraws it, or changes its days, comes before what is read from here on, or waits.
    closure = closures.closure(closure_id=closure_id)
    # Read again under the lock; who was confirmed in this very moment is left to a second press.
    marks = [mark for mark in called_in(closure) if holding.are_held(child_ids=[mark.child_id])]
    if not marks:
        return GivenBack(Euro(0), 0)
    charged = charges.charged_for(sources=[Source.of_presence(mark.presence_id) for mark in marks])
    closing.give_back(by=by, marks=marks, reason=closure.reason, now=now)
    for service in services.services():
        mine = [mark for mark in marks if mark.service_id == service.pk]
        if mine:
            payers = holding.hold_payers(child_ids=sorted({mark.child_id for mark in mine}), service_id=service.pk)
            revenue = ledger.account(kind="revenue", code=service.code).pk
            dues = [
                Due(Source.of_presence(mark.presence_id), payers[mark.child_id], revenue, Euro(0), mark.day) for mark in mine
            ]
            ledger.settle(dues=dues, kind="charge", day=mine[0].day, memo=service.name, by_id=by.actor_id, now=now)
    given = GivenBack(sum(charged.values(), Euro(0)), len({mark.child_id for mark in marks}))
    audit.record(
        by=by,
        action="closure.given_back",
        subjects=[f"closure:{closure_id}", "closures"],
        at=now,
        why=closure.reason,
        data={"amount": str(given.amount), "children": given.children},
    )
    _tell_payers(closure_id, {mark: charged.get(Source.of_presence(mark.presence_id), Euro(0)) for mark in marks}, now)
    return given


def called_in(closure: Closure) -> list[DayMark]:
    """Return who is charged, by confirmed roll-calls, for the days of a closure: one query."""
    return sheets.due_between(
        first=closure.days.lower,
        last=closure.days.upper - A_DAY,
        school_id=closure.school_id,
        class_group_id=closure.class_group_id,
        service_ids=closure.service_ids,
    )


def _tell_opened(before: Closure, now: datetime) -> None:
    """Tell that the days of a closure from today on are open again: their cut-off may be over, and nobody else looks."""
    first = max(before.days.lower, clock.day_of(now))
    if first < before.days.upper:
        publish(DaysOpened(day=first.isoformat(), count=(before.days.upper - first).days))


def _held(closure_id: int) -> tuple[Closure, set[int]]:
    """
    Hold the wallets of all whose days a closure may have given back; return it as it is then, and who they are.

    :raises NotFound: it was withdrawn
    """
    closure = closures.closure(closure_id=closure_id)
    children = sheets.children_called(
        first=closure.days.lower,
        last=closure.days.upper - A_DAY,
        school_id=closure.school_id,
        class_group_id=closure.class_group_id,
        service_ids=closure.service_ids,
    )
    holding.hold_children(child_ids=sorted(children))
    return closures.closure(closure_id=closure_id), children


def _take_again(*, by: Actor, before: Closure, held: set[int], why: str, now: datetime) -> int:
    """Fold the days again that nothing closes any more, service by service and day by day, and charge what they say."""
    days = closing.given_back(
        first=before.days.lower,
        last=before.days.upper - A_DAY,
        school_id=before.school_id,
        class_group_id=before.class_group_id,
        service_ids=before.service_ids,
    )
    days = _still_used([day for day in days if day.child_id in held])
    if not days:
        return 0
    closing.take_again(by=by, days=days, why=why[:300], now=now)
    again = 0
    for service in services.services():
        for day, children in _by_day(days, service.pk).items():
            again += mealtime.fold_again(by=by, child_ids=children, service=service, day=day, why=why, now=now)
    return again


def _still_used(days: Sequence[GivenDay]) -> list[GivenDay]:
    """Leave out the days of who has been taken off the service since: they stay given back. A query a service."""
    found: list[GivenDay] = []
    for service_id in sorted({day.service_id for day in days}):
        mine = [day for day in days if day.service_id == service_id]
        lines = enrolment.uses_of(child_ids=sorted({day.child_id for day in mine}), service_id=service_id)
        found += [day for day in mine if any(one.child_id == day.child_id and one.holds_on(day.day) for one in lines)]
    return found


def _by_day(days: Iterable[GivenDay], service_id: int) -> dict[date, list[int]]:
    found: dict[date, list[int]] = {}
    for one in days:
        if one.service_id == service_id:
            found.setdefault(one.day, []).append(one.child_id)
    return found


def _tell_payers(closure_id: int, given: dict[DayMark, Euro], now: datetime) -> None:
    """Tell the facts of one act payer by payer, so that nobody gets two letters, in pieces that a job can write."""
    payers = people.payers_of(child_ids=sorted({mark.child_id for mark in given}))
    of_payer: dict[int, list[DayMark]] = {}
    for mark in given:
        payer = payers.get(mark.child_id)
        if payer is not None and given[mark].cents:
            of_payer.setdefault(payer.pk, []).append(mark)
    for piece in _pieces(sorted(of_payer)):
        marks = [mark for payer_id in piece for mark in of_payer[payer_id]]
        presence_ids, cents = [mark.presence_id for mark in marks], [given[mark].cents for mark in marks]
        moment = int(now.timestamp() * 1_000_000)
        publish(DaysGivenBack(closure_id=closure_id, moment=moment, presence_ids=presence_ids, cents=cents))


def _pieces(payers: Sequence[int]) -> list[Sequence[int]]:
    return [payers[at : at + PIECE] for at in range(0, len(payers), PIECE)]
