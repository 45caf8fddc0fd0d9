"""A family asks for a seat at a stop, or for another stop; it answers an offer, or takes back what it asked for."""

from datetime import date, datetime, timedelta

from campanella.domains.people import queries as people
from campanella.domains.places import holding, operations, queries
from campanella.domains.places.operations import AskedAlready, MovedMeanwhile
from campanella.domains.places.queries import Place
from campanella.domains.schools import queries as schools
from campanella.domains.services import queries as services
from campanella.domains.transport import operations as transport
from campanella.domains.transport import queries as lines
from campanella.domains.transport.queries import Ride
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.scope import use_case
from campanella.usecases.places import seats

A_DAY = timedelta(days=1)


class NotFromThere(Refusal):
    """No school of the child's has this ride."""

    message = "Questa corsa non serve la scuola del bambino."


class SameStop(Refusal):
    """The child gets on or off there already."""

    message = "È già la sua fermata."


@use_case
def ask(
    *,
    by: Actor,
    child_id: int,
    ride_id: int,
    stop_id: int,
    received_at: datetime,
    now: datetime,
    is_reserved: bool = False,
) -> Place:
    """
    Ask for a seat at a stop: the child is in the line, by the moment of receipt.

    A stop of a ride on which the child has its seat takes nobody's place: it changes from tomorrow.

    :raises NotFound: the town has no such ride, or it stops there no more
    :raises NotFromThere: the ride is of no service of the child's school
    :raises AskedAlready: the child waits for that ride already, or was offered a seat
    :raises SameStop: it gets on or off there already
    """
    child, ride = people.child(child_id=child_id), lines.ride(ride_id=ride_id)
    stop = lines.stop(ride_id=ride_id, stop_id=stop_id)
    tomorrow = clock.day_of(now) + A_DAY
    first = max(tomorrow, ride.pool.days.lower)
    if not is_for(ride=ride, child_id=child_id, day=first):
        raise NotFromThere
    # Held before it is read: two presses of one button, and a seat that the office is just taking away. All of the child's
    # at once, because an act that gives the seat goes on to hold its others.
    live = queries.live_of(child_ids=[child_id], day=clock.day_of(now))
    holding.hold_pools(pool_ids={ride.pool_id, *(one.pool_id for one in live)})
    mine = next((one for one in queries.live_of(child_ids=[child_id], day=first) if one.pool_id == ride.pool_id), None)
    if mine and mine.state == "held":
        if lines.boarding(place_ids=[mine.pk], day=first).get(mine.pk) == stop:
            raise SameStop
        transport.board(by=by, place=mine, ride=ride, stop=stop, first=max(first, mine.first), now=now)
        return mine
    if mine and mine.state != "given_back":
        raise AskedAlready
    place = operations.ask(
        by=by, pool=ride.pool, child=child, first=first, is_reserved=is_reserved, asked_at=received_at, now=now
    )
    transport.board(by=by, place=place, ride=ride, stop=stop, first=first, now=now)
    return place


@use_case
def accept(*, by: Actor, child_id: int, place_id: int, received_at: datetime, now: datetime) -> Place:
    """
    Accept an offer: the seat is the child's, it uses the service, and leaves its seat on another line the same way.

    :raises NotFound: the child has no such place
    :raises OfferOver: the answer was received after the term
    :raises MovedMeanwhile: nothing is offered any more
    :raises NoPrice, NoClass, NotServed, PriceNotYet, NotAdmitted: as ``seats.seat``
    """
    place, others = _held(child_id, place_id)
    if place.state != "offered":
        raise MovedMeanwhile
    first = max(place.first, clock.day_of(received_at) + A_DAY)
    return seats.seat(by=by, place=place, others=others, first=first, words="", now=received_at)


@use_case
def refuse(*, by: Actor, child_id: int, place_id: int, now: datetime) -> None:
    """
    Refuse an offer, or take back a request; the place is free for who comes next.

    :raises NotFound: the child has no such place
    :raises MovedMeanwhile: it neither waits nor was offered one
    """
    place, _ = _held(child_id, place_id)
    operations.let_go(by=by, place=place, to="refused" if place.state == "offered" else "withdrawn", words="", now=now)


def is_for(*, ride: Ride, child_id: int, day: date) -> bool:
    """Tell whether the school of a child has the service of a ride on a day or later: two queries."""
    place = schools.places_of(child_ids=[child_id], day=day).get(child_id)
    calendars = services.calendars(school_id=place.school_id) if place else []
    return any(one.service_id == ride.pool.service_id and one.days.upper > day for one in calendars)


def _held(child_id: int, place_id: int) -> tuple[Place, list[seats.Other]]:
    """
    Hold a child's own place.

    :raises NotFound: it is another child's
    """
    if queries.place(place_id=place_id).child_id != child_id:
        raise NotFound
    return seats.held_place(place_id, child_id=child_id)
