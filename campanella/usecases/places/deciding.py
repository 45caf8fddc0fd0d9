"""The office offers what is free in the order of the line, gives a seat itself, and lets a child leave one."""

from datetime import date, datetime, timedelta

from campanella.domains.places import holding, offer_rules, operations, queries, rules
from campanella.domains.places.choices import PlaceChoices
from campanella.domains.places.operations import MovedMeanwhile, NothingLeft
from campanella.domains.places.queries import Place
from campanella.domains.transport import operations as transport
from campanella.domains.transport import queries as lines
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.scope import use_case
from campanella.foundation.tenants.queries import active_town
from campanella.usecases import reckoning
from campanella.usecases.places import asking, seats

A_DAY = timedelta(days=1)


class AfterItsEnd(Refusal):
    """The last day is not one of the place's."""

    message = "Il bambino quel giorno non ha più questo posto: scegli un giorno prima della sua fine."


@use_case
def offer_free(*, by: Actor, pool_id: int, now: datetime) -> list[Place]:
    """
    Offer the free places to who waits, in order, until the end of the last of the town's days for the answer.

    Who answers on the last of them has a day at least: what ends sooner is answered for sooner.

    :returns: what was offered; nothing where no place is free or nobody waits
    :raises NotFound: the town has none
    :raises NothingLeft: what has these places is over
    """
    today = clock.day_of(now)
    pool = holding.hold_pool(pool_id=pool_id)
    first = max(today + A_DAY, pool.days.lower)
    tally = queries.tallies(pools=[pool], day=first)[pool_id]
    chosen = rules.next_ones(
        asking=queries.asking(pool_id=pool_id),
        capacity=tally.capacity,
        reserved=tally.reserved,
        taken=tally.taken,
        taken_reserved=tally.taken_reserved,
    )
    days = active_town().chosen(PlaceChoices).offer_days
    ends_at = offer_rules.answer_until(offered_at=now, days=days, over=pool.days.upper)
    if ends_at is None:
        raise NothingLeft
    offered = []
    for place_id in chosen:
        place = holding.hold(place_id=place_id)
        wanted = max(first, place.first)
        # Who uses the service already goes on at its own price; one that the office has chosen stays.
        price = None if seats.used_until(place, wanted) else place.bracket or seats.price_of(place, wanted)
        offered.append(operations.offer(by=by, place=place, first=wanted, ends_at=ends_at, bracket=price, now=now))
    return offered


@use_case
def change_places(*, by: Actor, pool_id: int, capacity: int | None, reserved: int, now: datetime) -> None:
    """
    Change how many places there are; who has one keeps it, also where there are less now.

    :raises NotFound: the town has none
    :raises ReservedTooMany: more are reserved than there are
    """
    pool = holding.hold_pool(pool_id=pool_id)
    operations.change_pool(by=by, pool_id=pool_id, name=pool.name, capacity=capacity, reserved=reserved, now=now)


@use_case
def assign(
    *,
    by: Actor,
    child_id: int,
    ride_id: int,
    stop_id: int,
    first: date,
    is_reserved: bool,
    words: str,
    now: datetime,
) -> Place:
    """
    Give a child a seat at a stop from a day on, whether it has asked or not.

    :param words: why it comes before who has asked earlier; empty where nobody has
    :raises OthersWait: others have asked before, and nobody said why
    :raises ProlongFirst: it was offered one, and the time for its answer is over
    :raises NoPlaceLeft: every place is taken
    :raises NotFound, NotFromThere, AskedAlready, SameStop: as ``asking.ask``
    :raises NoPrice, NoClass, NotServed, PriceNotYet, NotAdmitted: as ``seats.seat``
    """
    reckoning.hold(child_ids=[child_id])
    ride = lines.ride(ride_id=ride_id)
    waits = [one for one in queries.live_of(child_ids=[child_id], day=first) if one.pool_id == ride.pool_id]
    place = next((one for one in waits if one.state in ("waiting", "offered")), None)
    if place is None:
        place = asking.ask(
            by=by,
            child_id=child_id,
            ride_id=ride_id,
            stop_id=stop_id,
            received_at=now,
            now=now,
            is_reserved=is_reserved,
        )
        if place.state == "held":
            return place
    held, others = seats.held_place(place.pk, child_id=child_id)
    if is_reserved:
        operations.reserve(place=held)
    seats.check_turn(held, words, now)
    seats.seat(by=by, place=held, others=others, first=first, words=words.strip(), now=now)
    transport.board(by=by, place=held, ride=ride, stop=lines.stop(ride_id=ride_id, stop_id=stop_id), first=first, now=now)
    return held


@use_case
def prolong(*, by: Actor, place_id: int, day: date, words: str, now: datetime) -> Place:
    """
    Let a family answer its offer until a later day, with a reason.

    :raises NotFound: the town has none
    :raises OfferOver, NobodySaidWhy, NotLonger: as ``places.offering.prolonged``
    """
    holding.hold_pool(pool_id=queries.place(place_id=place_id).pool_id)
    place = holding.hold(place_id=place_id)
    return operations.prolong(by=by, place=place, day=day, words=words, now=now)


@use_case
def let_go(*, by: Actor, place_id: int, last: date, words: str, now: datetime) -> None:
    """
    Let a child leave its seat after a day, or end its wait or the offer it has.

    :param last: the last day with the seat
    :raises NotFound: the town has none
    :raises AfterItsEnd: it has the seat no more on that day
    :raises MovedMeanwhile: there is nothing to end any more
    """
    place, _ = seats.held_place(place_id, child_id=queries.place(place_id=place_id).child_id)
    if place.state not in rules.LIVE:
        raise MovedMeanwhile
    if place.state != "held":
        operations.let_go(by=by, place=place, to="withdrawn", words=words, now=now)
        return
    if place.end is not None and last >= place.end:
        raise AfterItsEnd
    operations.leave(by=by, place=place, last=last, words=words, now=now)


@use_case
def change_stop(*, by: Actor, place_id: int, stop_id: int, first: date, now: datetime) -> None:
    """
    Let a child get on or off at another stop of its ride from a day on.

    :raises NotFound: the town has no such place, or the ride stops there no more
    :raises MovedMeanwhile: the child neither rides nor waits any more
    """
    ride = lines.ride_of_pool(pool_id=queries.place(place_id=place_id).pool_id)
    if ride is None:
        raise NotFound
    holding.hold_pools(pool_ids=[ride.pool_id])
    place = holding.hold(place_id=place_id)
    if place.state not in rules.LIVE:
        raise MovedMeanwhile
    stop = lines.stop(ride_id=ride.pk, stop_id=stop_id)
    transport.board(by=by, place=place, ride=ride, stop=stop, first=max(first, place.first), now=now)
