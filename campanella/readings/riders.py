"""
A ride, or an hour before or after school, in one list over all classes: who comes, and who takes it home.

Where the bus has lines the list goes by line and stop, in the order of the ride; who has no stop yet comes last.
"""

from dataclasses import dataclass
from datetime import date

from campanella.domains.accounts.models import User
from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.queries import SheetLine
from campanella.domains.people import delegates
from campanella.domains.people.delegates import PickUp
from campanella.domains.schools import queries as schools
from campanella.domains.schools.queries import Place
from campanella.domains.services.models import Service
from campanella.domains.services.rules import BUS_KINDS
from campanella.domains.transport import queries as lines
from campanella.domains.transport.queries import OnBoard, Ride
from campanella.foundation.core.errors import NotFound
from campanella.readings import serving

# From these a child goes home.
LEADS_HOME = ("bus", "bus_back", "after", "camp", "nursery")


@dataclass(frozen=True, slots=True)
class Rider:
    """
    A child of the list.

    :ivar pick_up: who takes it home, None where nobody has to: on the way to school
    :ivar seats: where it gets on or off; both ways where one service is for both
    """

    line: SheetLine
    place: Place
    pick_up: PickUp | None
    seats: tuple[OnBoard, ...] = ()


@dataclass(frozen=True, slots=True)
class RiderList:
    """A service of a day, in the classes that a member of staff sees; ``closed`` are classes that stay at home."""

    service: Service
    day: date
    riders: tuple[Rider, ...]
    closed: tuple[str, ...]
    # The rides of the lines that day; none where the service has no lines.
    rides: tuple[Ride, ...] = ()

    def on(self, ride: Ride) -> list[tuple[OnBoard, Rider]]:
        """Return who is on a ride, stop by stop and by name."""
        found = [(seat, rider) for rider in self.riders for seat in rider.seats if seat.ride.pk == ride.pk]
        return sorted(found, key=lambda one: (one[0].stop.position, one[0].stop.pk, _name(one[1])))

    def without_stop(self) -> list[Rider]:
        """Return who has no seat on any ride."""
        return [rider for rider in self.riders if not rider.seats]

    @property
    def coming(self) -> int:
        """How many come."""
        return sum(1 for rider in self.riders if rider.line.eats)

    @property
    def leads_home(self) -> bool:
        """Whether somebody has to take the children over."""
        return self.service.kind in LEADS_HOME


def riders(*, user: User, service_code: str, day: date) -> RiderList:
    """
    Return the list of a service, by school, class and name: eight queries, eleven where the bus has lines.

    :raises NotFound: the service does not run that day in any of this person's schools
    """
    mine = schools.classes_for(user=user, day=day)
    today = serving.on(day=day)
    service = next((found for group in mine if (found := today.service(code=service_code, school_id=group.school_id))), None)
    if service is None:
        raise NotFound
    used = [group for group in mine if today.uses(service_id=service.pk, school_id=group.school_id, class_group_id=group.pk)]
    closed = [
        group
        for group in used
        if today.closed_because(school_id=group.school_id, class_group_id=group.pk, service_id=service.pk)
    ]
    open_ones = [group.pk for group in used if group not in closed]
    sheet = sheets.sheet_of(class_group_ids=open_ones, service_id=service.pk, day=day) if open_ones else []
    places = schools.places_of(child_ids=[line.child_id for line in sheet], day=day)
    leads_home = service.kind in LEADS_HOME
    levels = {line.child_id: places[line.child_id].level for line in sheet if line.child_id in places}
    takers = delegates.pick_ups(levels=levels, today=day) if leads_home and levels else {}
    rides, seats = _on_board(service, day)
    all_riders = [
        Rider(line, places[line.child_id], takers.get(line.child_id), tuple(seats.get(line.child_id, ())))
        for line in sheet
        if line.child_id in places
    ]
    all_riders.sort(key=lambda one: (one.place.school_name, one.place.class_name))
    names = tuple(f"{one.name}, {one.school.name}" for one in closed)
    return RiderList(service, day, tuple(all_riders), names, tuple(rides))


def _on_board(service: Service, day: date) -> tuple[list[Ride], dict[int, list[OnBoard]]]:
    rides = lines.rides_of(service_ids=[service.pk], day=day) if service.kind in BUS_KINDS else []
    seats: dict[int, list[OnBoard]] = {}
    for one in lines.on_board(rides=rides, day=day) if rides else ():
        seats.setdefault(one.child_id, []).append(one)
    return rides, seats


def _name(rider: Rider) -> tuple[str, str]:
    return rider.line.family_name, rider.line.given_name
