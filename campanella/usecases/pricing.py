"""
What a child pays for a service from a day on.

One road for a child of a page and for thousands of a file: ``write_lines`` ends subscriptions and makes others, and charges
again what was charged already. The child's wallets are held before anything is read (``ledger/holding.py``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from campanella.domains.attendance import queries as attendance
from campanella.domains.enrolment import operations as enrolment
from campanella.domains.enrolment import queries as enrolled
from campanella.domains.enrolment.operations import NewSubscription
from campanella.domains.enrolment.queries import Enrolled
from campanella.domains.services import queries as services
from campanella.domains.services.models import Bracket, Service
from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.italian import day_figures, day_full, elided, the_day
from campanella.foundation.core.scope import use_case
from campanella.usecases import lasting, reckoning
from campanella.usecases.debiting import paying

audit.sentences(
    {
        "subscription.made": "ha iscritto il bambino a {service} dal {day}: {price}",
        "subscription.priced": "ha cambiato la tariffa di {service} dal {day}: {price}",
    }
)

A_DAY = timedelta(days=1)


class PriceNotYet(Refusal):
    """The tariff does not hold on that day."""


class ChangedMeanwhile(Refusal):
    """Somebody else has ended this subscription, or put another in its place."""

    message = "Intanto questa iscrizione è cambiata: guarda com’è adesso nella scheda del bambino, poi riprova se serve."


class WasThere(Refusal):
    """The child was there after the day on which the service should have ended."""


@use_case
def change_price(
    *, by: Actor, child_id: int, subscription_id: int, bracket: Bracket, reduction_percent: int, first: date, now: datetime
) -> int:
    """
    Change the price of a subscription from a day on; days already charged are charged again, only the difference moves.

    :param bracket: another price of the same service, with its tariff and service
    :returns: how many days were charged again
    :raises NotFound: the price is of another service
    :raises ChangedMeanwhile: the child has no such subscription any more
    :raises PriceNotYet: the tariff does not hold that day
    :raises WasThere: the new price ends with its season, and the child was there later
    """
    line = held_line(child_id, subscription_id)
    service = bracket.tariff.service
    if line.service_id != service.pk:
        raise NotFound
    first = max(first, line.first)
    check_price(bracket, first)
    ended, last = lasting.going_on(line)
    if last is not None and last <= first:
        raise PriceNotYet(f"L’iscrizione finisce {the_day(last - A_DAY)}: scegli un giorno prima.")
    note_price("subscription.priced", by=by, child_id=child_id, bracket=bracket, day=first, now=now)
    # The end of the service is kept: the office, or the season, has set it.
    ends = [end for end in (last, lasting.season_end(bracket)) if end]
    new = NewSubscription(child_id, service.pk, bracket.pk, min(ends, default=None), reduction_percent)
    (new, first), *then = lasting.pieces(new=new, bracket=bracket, first=first)
    return write_lines(by=by, ended=ended, lines=[new], then=then, first=first, now=now)


@use_case
def write_lines(
    *,
    by: Actor,
    ended: Sequence[int],
    lines: Sequence[NewSubscription],
    first: date,
    now: datetime,
    then: Sequence[tuple[NewSubscription, date]] = (),
) -> int:
    """
    End some subscriptions and make others from a day on: one road for a child of a page and for thousands of a file.

    A wallet is opened only where none pays the service; days already charged are charged again at the new price.

    :param ended: subscriptions whose place the new ones take
    :param then: how they go on at tariffs that take their tariff's place (``lasting.pieces``), each from its day
    :returns: how many days were charged again
    :raises WasThere: a new one ends before the one whose place it takes, and the child was there in between
    """
    ending = {line.child_id for line in enrolled.lines(subscription_ids=ended)}
    concerned = ending.union(line.child_id for line in lines)
    reckoning.hold(child_ids=concerned)
    # Of pieces of one subscription the last one says when it would have ended.
    going = sorted(enrolled.lines(subscription_ids=ended), key=lambda line: line.first)
    before = {(line.child_id, line.service_id): line for line in going}
    enrolment.end_many(subscription_ids=ended, on=first)
    come = [(_on_its_days(line, before), day) for line, day in (*((line, first) for line in lines), *then)]
    enrolment.put_in_place(gone=(), come=come)
    changed = reckoning.put_right(by=by, child_ids=concerned, now=now)
    after = {(line.child_id, line.service_id, day): line for line, day in then}
    for service in services.services():
        new = [line for line in lines if line.service_id == service.pk]
        if new:
            _check_covered(service, [_whole(line, after) for line in new], before)
            mine = changed.setdefault(service.pk, {})
            mine |= {line.child_id: min(first, mine.get(line.child_id, first)) for line in new}
    days = reckoning.charge_again(by=by, changed=changed, why="", now=now)
    # A line that takes another's place is no new service: it is paid as before.
    joined = {(line.child_id, line.service_id) for line in lines} - set(before)
    paying.join(by=by, owners=sorted(joined), first=first, now=now)
    return days


def _whole(line: NewSubscription, after: Mapping[tuple[int, int, date], NewSubscription]) -> NewSubscription:
    """Return a subscription until the end of what goes on after it."""
    while line.end and (one := after.get((line.child_id, line.service_id, line.end))):
        line = replace(line, end=one.end)
    return line


def _on_its_days(line: NewSubscription, before: Mapping[tuple[int, int], Enrolled]) -> NewSubscription:
    """Let a subscription that takes another's place keep its days of the week, unless it brings its own."""
    old = before.get((line.child_id, line.service_id))
    return replace(line, weekdays=old.weekdays) if old and line.weekdays is None else line


def subscription(*, child_id: int, subscription_id: int) -> Enrolled:
    """
    Return one subscription of a child.

    :raises NotFound: the child has no such subscription
    """
    found = [line for line in enrolled.subscriptions_of(child_id=child_id) if line.id == subscription_id]
    if not found:
        raise NotFound
    return found[0]


def held_line(child_id: int, subscription_id: int) -> Enrolled:
    """
    Return one subscription of a child, whose wallets are held.

    :raises ChangedMeanwhile: the child has no such subscription any more
    """
    reckoning.hold(child_ids=[child_id])
    try:
        return subscription(child_id=child_id, subscription_id=subscription_id)
    except NotFound:
        raise ChangedMeanwhile


def _check_covered(service: Service, new: Sequence[NewSubscription], before: Mapping[tuple[int, int], Enrolled]) -> None:
    """Make sure that no day on which a child was there is left without a price."""
    shorter = {
        line.child_id: (line.end, old.end or clock.LAST_DAY)
        for line in new
        if line.end and (old := before.get((line.child_id, line.service_id))) and (old.end is None or line.end < old.end)
    }
    if shorter:
        first = min(end for end, _ in shorter.values())
        there = attendance.charged_days(child_ids=list(shorter), service_id=service.pk, first=first, last=clock.LAST_DAY)
        for mark in there:
            end, until = shorter[mark.child_id]
            if end <= mark.day < until:
                raise WasThere(
                    f"{the_day(mark.day).capitalize()} il bambino risulta presente, e la tariffa scelta vale fino "
                    f"{elided(f'al {day_full(end - A_DAY)}')}: scegli un giorno e una tariffa dello stesso anno."
                )


def check_price(bracket: Bracket, first: date) -> None:
    """
    Make sure that a price holds on a day.

    :raises PriceNotYet: its tariff begins later, or is over
    """
    days = bracket.tariff.days
    if days.lower and first < days.lower:
        raise PriceNotYet(f"La tariffa «{bracket.tariff.name}» vale {elided(f'dal {day_full(days.lower)}')}.")
    if days.upper and first >= days.upper:
        raise PriceNotYet(f"La tariffa «{bracket.tariff.name}» vale fino {elided(f'al {day_full(days.upper - A_DAY)}')}.")


def note_price(action: str, *, by: Actor, child_id: int, bracket: Bracket, day: date, now: datetime) -> None:
    """Write down that a subscription was made at a price, or got another one."""
    data = {"service": bracket.tariff.service.name, "day": day_figures(day), "price": bracket.name}
    audit.record(by=by, action=action, subjects=[f"child:{child_id}"], at=now, data=data)
