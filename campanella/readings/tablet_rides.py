"""The bus lines of a tablet's days: each ride with its stops in order, and which of its children get on or off there."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from campanella.domains.services.models import Service, ServiceCalendar
from campanella.domains.services.rules import BUS_KINDS
from campanella.domains.transport import queries as lines
from campanella.domains.transport.queries import OnBoard, Ride, Stop


@dataclass(frozen=True)
class RideOfDay:
    """
    A ride on which children of the tablet's classes are.

    :ivar service: that is called with it
    :ivar stops: in the order of the ride, each with the ids of the children who get on or off there
    """

    ride: Ride
    service: Service
    stops: Sequence[tuple[Stop, Sequence[int]]]


def rides_on(
    *, calendars: Iterable[ServiceCalendar], known: Mapping[date, Collection[tuple[int, int]]]
) -> dict[date, list[RideOfDay]]:
    """
    Return the rides of each day: one query where a service is a bus, however many the days; none where none is.

    :param known: (service, child) of every day that the tablet has a list of
    """
    buses = {one.service_id for one in calendars if one.service.kind in BUS_KINDS}
    if not buses:
        return {}
    found = lines.riding(service_ids=sorted(buses), days=sorted(known))
    return {
        day: _rides([one for one in found[day] if (one.place.pool.service_id, one.child_id) in pairs])
        for day, pairs in known.items()
    }


def _rides(seats: Sequence[OnBoard]) -> list[RideOfDay]:
    rides: dict[tuple[Ride, Service], dict[Stop, list[int]]] = {}
    for seat in seats:
        stops = rides.setdefault((seat.ride, seat.place.pool.service), {})
        stops.setdefault(seat.stop, []).append(seat.child_id)
    return [RideOfDay(ride, service, list(stops.items())) for (ride, service), stops in rides.items()]
