"""The office opens a direction of a line with its places and stops, and changes them: one road for page and file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.places import holding
from campanella.domains.places import operations as places
from campanella.domains.services.models import Service
from campanella.domains.transport import operations as transport
from campanella.domains.transport import queries
from campanella.domains.transport.operations import StopData
from campanella.domains.transport.queries import Ride
from campanella.domains.transport.rules import ride_name
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import use_case


@dataclass(frozen=True, slots=True)
class RideData:
    """
    What is said of a direction of a line.

    :ivar end: the first day after
    :ivar capacity: None where there is no limit
    """

    code: str
    name: str
    way: str
    service: Service
    first: date
    end: date
    capacity: int | None
    reserved: int
    stops: Sequence[StopData]


@use_case
def open_ride(*, by: Actor, data: RideData, now: datetime) -> Ride:
    """
    Let a line run in a direction, with its places and stops; a line that is not there yet is made.

    :raises NotItsService: the service is of the other direction, or no bus
    :raises RideKnown: the line has this direction in that time already
    :raises ReservedTooMany: more places are reserved than there are
    :raises StopsNotInOrder: a stop is reached before the one before it, or stands there twice
    """
    line = transport.write_line(by=by, code=data.code, name=data.name, now=now)
    _name(by=by, line_id=line.pk, name=data.name, day=data.first, now=now)
    pool = places.open_pool(
        by=by,
        service=data.service,
        name=ride_name(line=data.name, way=data.way),
        first=data.first,
        end=data.end,
        capacity=data.capacity,
        reserved=data.reserved,
        now=now,
    )
    ride = transport.open_ride(by=by, line=line, way=data.way, pool=pool, now=now)
    transport.set_stops(by=by, ride=ride, stops=data.stops, now=now)
    return ride


@use_case
def change_ride(
    *,
    by: Actor,
    ride_id: int,
    name: str,
    capacity: int | None,
    reserved: int,
    stops: Sequence[StopData],
    now: datetime,
) -> None:
    """
    Change name, places and stops of a ride; who has a place keeps it.

    :param name: of the line, in both its directions
    :raises NotFound: the town has none
    :raises ReservedTooMany, StopsNotInOrder: as ``open_ride``
    :raises StopInUse: children get on or off where it would stop no more
    """
    ride = queries.ride(ride_id=ride_id)
    transport.write_line(by=by, code=ride.line.code, name=name, now=now)
    _name(by=by, line_id=ride.line_id, name=name, day=ride.pool.days.lower, now=now)
    named = ride_name(line=name, way=ride.way)
    places.change_pool(by=by, pool_id=ride.pool_id, name=named, capacity=capacity, reserved=reserved, now=now)
    transport.set_stops(by=by, ride=ride, stops=stops, now=now)


def _name(*, by: Actor, line_id: int, name: str, day: date, now: datetime) -> None:
    """Let the places of a line's rides bear its name, in both directions; call it with the line held."""
    mine = {one.pool_id: one.way for one in queries.rides(day=day) if one.line_id == line_id}
    for pool in holding.hold_pools(pool_ids=mine):
        named = ride_name(line=name, way=mine[pool.pk])
        places.change_pool(by=by, pool_id=pool.pk, name=named, capacity=pool.capacity, reserved=pool.reserved, now=now)
