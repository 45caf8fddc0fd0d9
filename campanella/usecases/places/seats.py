"""
A child gets a seat on a ride: it uses the service from that day, and gives back its seat on another line the same way.

Wallets are held first, then the pools in the order of their numbers, then the place: who gives, accepts or leaves goes by
here.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from campanella.domains.enrolment import queries as enrolled
from campanella.domains.people import queries as people
from campanella.domains.places import holding, offering, operations, queries
from campanella.domains.places.choices import CampChoices
from campanella.domains.places.queries import Place
from campanella.domains.schools import queries as schools
from campanella.domains.services.models import Bracket
from campanella.domains.transport import queries as transport
from campanella.domains.transport.queries import Ride
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import operation
from campanella.foundation.tenants.queries import active_town
from campanella.readings import fitting
from campanella.usecases import enrolling, reckoning

A_DAY = timedelta(days=1)
# A seat that was left may still last for some days.
SEATED = ("held", "given_back")


class NoPrice(Refusal):
    """The child does not use the service, and no price fits by itself."""

    message = "Nessuna tariffa va bene da sola per questo bambino: prima l’ufficio lo iscrive al servizio."


class OthersWait(Refusal):
    """Others have asked before, and nobody said why they are passed over."""

    message = "In lista c’è chi ha chiesto prima: offri i posti in ordine, oppure scrivi perché questo bambino passa avanti."


@dataclass(frozen=True, slots=True)
class Other:
    """A child's seat on another line the same way."""

    place: Place
    ride: Ride


def held_place(place_id: int, *, child_id: int) -> tuple[Place, list[Other]]:
    """
    Hold the wallets of a child, the pools concerned and its place; return it with its seats on other lines the same way.

    :raises NotFound: the town has none
    """
    reckoning.hold(child_ids=[child_id])
    found = queries.place(place_id=place_id)
    others = _others(found)
    holding.hold_pools(pool_ids={found.pool_id, *(one.place.pool_id for one in others)})
    place = holding.hold(place_id=place_id)
    return place, [Other(holding.hold(place_id=one.place.pk), one.ride) for one in others]


# Part of an act that gives a seat: it joins that act's transaction.
@operation
def seat(*, by: Actor, place: Place, others: list[Other], first: date, words: str, now: datetime) -> Place:
    """
    Give the place, let the child use the service from then on, and let it leave its seat on another line the same way.

    :param place: held, as ``held_place`` returns it
    :raises NoPlaceLeft, OfferOver, MovedMeanwhile: as the place says
    :raises NoPrice: it does not use the service, and no price fits by itself
    :raises NoClass, NotServed, PriceNotYet, NotAdmitted: as ``enrolling.subscribe``
    """
    first = max(first, place.pool.days.lower)
    for other in others:
        _leave(other.place, by=by, place=place, last=first - A_DAY, now=now)
    operations.give(by=by, place=place, first=first, end=place.pool.days.upper, words=words, now=now)
    end = used_until(place, first)
    if end is None:
        _subscribe(by, place, first, now)
        end = used_until(place, first)
    operations.end_no_later(place=place, end=min(end or place.pool.days.upper, place.pool.days.upper))
    return place


def check_turn(place: Place, words: str, now: datetime) -> None:
    """
    Make sure that nobody is passed over without a reason; call it with the pool held.

    :raises ProlongFirst: the child was offered a place, and the time for the answer is over: it goes to the next
    :raises OthersWait: others have asked before, and nobody said why
    """
    offering.check_not_over(is_open=place.state == "offered", until=place.offer_ends_at, now=now)
    # Who was offered the place has had its turn.
    if place.state == "waiting" and not words.strip() and any(queries.before(places=[place]).values()):
        raise OthersWait


def fitting_price(*, child_id: int, service_id: int, day: date) -> Bracket | None:
    """Return the price at which a child would begin to use a service, None where none fits by itself: four queries."""
    place = schools.places_of(child_ids=[child_id], day=day).get(child_id)
    brackets = fitting.prices(service_id=service_id, level=place.level if place else "", day=day)
    payer = people.payer_of(child_id=child_id)
    return fitting.fitting(brackets=brackets, payer_id=payer.pk if payer else None, day=day)


def price_of(place: Place, day: date) -> Bracket | None:
    """Return the price at which the child of a place would begin to use its service on a day."""
    return fitting_price(child_id=place.child_id, service_id=place.pool.service_id, day=day)


def used_until(place: Place, first: date) -> date | None:
    """Return the first day on which the child does not use the service any more, None where it does not on that day."""
    lines = enrolled.uses_of(child_ids=[place.child_id], service_id=place.pool.service_id)
    end: date | None = None
    for line in sorted(lines, key=lambda one: one.first):
        if line.first <= (end or first) and (line.end is None or line.end > (end or first)):
            end = line.end or clock.LAST_DAY
    return end


def _leave(other: Place, *, by: Actor, place: Place, last: date, now: datetime) -> None:
    """Let a child leave its seat on another line, or sooner the one that it was leaving already: it sits in one."""
    if other.state == "held":
        operations.leave(by=by, place=other, last=last, words=f"Ha un posto su {place.pool.name}.", now=now)
    elif other.state == "given_back" and other.end and other.end > last + A_DAY:
        operations.end_no_later(place=other, end=max(other.first, last + A_DAY))


def _others(place: Place) -> list[Other]:
    """Find the seats of a place's child in the same service, the same way, on other rides."""
    mine = transport.ride_of_pool(pool_id=place.pool_id)
    if mine is None:
        return []
    rides = {one.pool_id: one for one in transport.rides(day=place.first)}
    live = queries.live_of(child_ids=[place.child_id], day=place.first)
    return [
        Other(one, rides[one.pool_id])
        for one in live
        if one.pk != place.pk and one.state in SEATED and one.pool_id in rides and rides[one.pool_id].way == mine.way
    ]


def _subscribe(by: Actor, place: Place, first: date, now: datetime) -> None:
    bracket = place.bracket or price_of(place, first)
    if bracket is None:
        raise NoPrice
    acting: dict[str, Any] = {"by": by, "child_id": place.child_id, "bracket": bracket, "first": first, "now": now}
    if place.pool.service.kind == "camp":
        percent = _first_week_percent(place)
        enrolling.subscribe_for(reduction_percent=percent, end=place.pool.days.upper, **acting)
    else:
        enrolling.subscribe(reduction_percent=0, **acting)


def _first_week_percent(place: Place) -> int:
    """Return what the town takes off the first week of a camp that a child gets, in percent."""
    is_first = not queries.had_before(child_id=place.child_id, service_id=place.pool.service_id, apart_from=place.pk)
    return active_town().chosen(CampChoices).first_week_percent if is_first else 0
