"""
Weeks of a camp: each has a number of places, is asked for, offered, accepted and left by itself, by the rule of places.

A child that gets a week uses the service in that week alone, and owes the weekly share of its price (``billing/fees``); the
first week that it has costs less where the town says so.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from campanella.domains.enrolment import queries as enrolled
from campanella.domains.people import queries as people
from campanella.domains.places import holding, operations, queries, rules
from campanella.domains.places.queries import Place, Pool
from campanella.domains.schools import queries as schools
from campanella.domains.services import queries as services
from campanella.domains.services.models import Service
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.italian import days_to
from campanella.foundation.core.scope import use_case
from campanella.usecases import enrolling, reckoning
from campanella.usecases.places import seats

A_DAY = timedelta(days=1)
MOST_WEEKS = 20


class NoWeeks(Refusal):
    """No working week lies between the two days."""

    message = "Tra questi due giorni non c’è nessuna settimana da lunedì a venerdì."


class WeeksKnown(Refusal):
    """The camp has weeks in that time already."""

    message = "In quei giorni questo centro ha già delle settimane."


class NotForThisChild(Refusal):
    """No camp of the child's school."""

    message = "Questo centro non c’è per la scuola del bambino."


class UsedForLonger(Refusal):
    """The office has subscribed the child to the camp for more than this week."""

    message = (
        "Il bambino è iscritto al centro per più settimane insieme: prima l’ufficio cambia l’iscrizione nei suoi servizi."
    )


class NoWeekChosen(Refusal):
    """Nobody said which week."""

    message = "Scegli almeno una settimana."


@use_case
def open_weeks(
    *, by: Actor, service: Service, first: date, last: date, capacity: int | None, reserved: int, now: datetime
) -> list[Pool]:
    """
    Open the weeks of a camp, Monday to Friday, each with so many places; a week that begins or ends within is shorter.

    :raises NoWeeks: there is none, or there are more than a summer has
    :raises WeeksKnown: the camp has weeks in that time already
    :raises ReservedTooMany: more places are reserved than there are
    """
    found = rules.working_weeks(first=first, last=last)
    if not found or len(found) > MOST_WEEKS:
        raise NoWeeks
    # Two presses of one button wait for each other at the camp.
    holding.hold_service(service_id=service.pk)
    known = queries.pools_of(service_id=service.pk, day=first)
    if any(one.days.lower <= last and first < one.days.upper for one in known):
        raise WeeksKnown
    return [
        operations.open_pool(
            by=by,
            service=service,
            name=f"{service.name}, {days_to(begin, end)}",
            first=begin,
            end=end + A_DAY,
            capacity=capacity,
            reserved=reserved,
            now=now,
        )
        for begin, end in found
    ]


@use_case
def ask(
    *, by: Actor, child_id: int, pool_ids: Sequence[int], received_at: datetime, now: datetime, is_reserved: bool = False
) -> list[Place]:
    """
    Ask for weeks of a camp: the child is in the line of each, by the moment of receipt.

    :raises NoWeekChosen: none is named
    :raises NotFound: one of them is no week of a camp, or is over
    :raises NotForThisChild: the child's school has no such camp
    :raises AskedAlready: it has a place in one of them, or waits for it
    """
    if not pool_ids:
        raise NoWeekChosen
    child, today = people.child(child_id=child_id), clock.day_of(now)
    made = []
    for pool_id in sorted(set(pool_ids)):
        pool = week(pool_id=pool_id)
        if pool.days.upper <= today + A_DAY:
            raise NotFound
        if not is_for(pool=pool, child_id=child_id):
            raise NotForThisChild
        first = max(pool.days.lower, today + A_DAY)
        made.append(
            operations.ask(
                by=by, pool=pool, child=child, first=first, is_reserved=is_reserved, asked_at=received_at, now=now
            )
        )
    return made


@use_case
def assign(
    *,
    by: Actor,
    child_id: int,
    pool_id: int,
    is_reserved: bool,
    words: str,
    now: datetime,
) -> Place:
    """
    Give a child a week, whether it has asked or not.

    :param words: why it comes before who has asked earlier; empty where nobody has
    :raises OthersWait: others have asked before, and nobody said why
    :raises ProlongFirst: it was offered one, and the time for its answer is over
    :raises NoPlaceLeft: every place is taken
    :raises NotFound, NotForThisChild, AskedAlready: as ``ask``
    :raises NoPrice, NoClass, NotServed, PriceNotYet, NotAdmitted, AlreadySubscribed: as ``seats.seat``
    """
    reckoning.hold(child_ids=[child_id])
    live = queries.live_of(child_ids=[child_id], day=clock.day_of(now))
    place = next((one for one in live if one.pool_id == pool_id and one.state in ("waiting", "offered")), None)
    if place is None:
        (place,) = ask(by=by, child_id=child_id, pool_ids=[pool_id], received_at=now, now=now, is_reserved=is_reserved)
    held, _ = seats.held_place(place.pk, child_id=child_id)
    if is_reserved:
        operations.reserve(place=held)
    seats.check_turn(held, words, now)
    return seats.seat(by=by, place=held, others=[], first=held.first, words=words.strip(), now=now)


@use_case
def leave(*, by: Actor, child_id: int, place_id: int, words: str, now: datetime) -> None:
    """
    Let a child leave a week, end its wait or the offer it has; a week that has begun ends today.

    What it owes of the week follows from its subscription, which ends with it: of a week that has not begun it owes nothing.

    :raises NotFound: the child has no such place, or it is of no camp
    :raises MovedMeanwhile: there is nothing to end any more
    :raises UsedForLonger: the child uses the camp by a subscription of more weeks, which would end with this one
    :raises WasThere: a roll-call says that the child was there later
    """
    found = queries.place(place_id=place_id)
    if found.child_id != child_id or found.pool.service.kind != "camp":
        raise NotFound
    place, _ = seats.held_place(place_id, child_id=child_id)
    if place.state != "held":
        to = "refused" if place.state == "offered" else "withdrawn"
        operations.let_go(by=by, place=place, to=to, words=words, now=now)
        return
    last = max(place.first - A_DAY, min(clock.day_of(now), place.pool.days.upper - A_DAY))
    lines = enrolled.uses_of(child_ids=[child_id], service_id=place.pool.service_id)
    mine = next((one for one in lines if one.holds_on(place.first)), None)
    if mine and (mine.end is None or mine.end > place.pool.days.upper):
        raise UsedForLonger
    operations.leave(by=by, place=place, last=last, words=words, now=now)
    if mine and (mine.last is None or last < mine.last):
        enrolling.end(by=by, child_id=child_id, subscription_id=mine.id, last=last, now=now)


def week(*, pool_id: int) -> Pool:
    """
    Return a week of a camp.

    :raises NotFound: the town has none
    """
    pool = queries.pool(pool_id=pool_id)
    if pool.service.kind != "camp":
        raise NotFound
    return pool


def is_for(*, pool: Pool, child_id: int) -> bool:
    """Tell whether the school of a child has a camp in a week: two queries."""
    place = schools.places_of(child_ids=[child_id], day=pool.days.lower).get(child_id)
    calendars = services.calendars(school_id=place.school_id) if place else []
    return any(
        one.service_id == pool.service_id and one.days.lower < pool.days.upper and pool.days.lower < one.days.upper
        for one in calendars
    )
