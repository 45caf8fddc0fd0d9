"""The bus lines as the office works on them: each ride with its places, who rides, who waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campanella.domains.people import queries as people
from campanella.domains.places import queries as places
from campanella.domains.places.queries import Place, Tally
from campanella.domains.schools import queries as schools
from campanella.domains.schools.queries import Place as ClassPlace
from campanella.domains.transport import queries as lines
from campanella.domains.transport.queries import Ride, Stop
from campanella.foundation.core import clock

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RideLine:
    """A ride in the list; ``to_offer`` places are free while somebody waits."""

    ride: Ride
    tally: Tally
    stops: int

    @property
    def to_offer(self) -> int:
        """How many of the free places somebody waits for."""
        left = self.tally.free(is_reserved=True)
        return self.tally.waiting if left is None else min(left, self.tally.waiting)


@dataclass(frozen=True, slots=True)
class Rider:
    """
    A child that rides or waits.

    :ivar name: as a register writes it
    :ivar school: its class and school, None where it has none
    :ivar later: another stop from a later day on, and that day
    :ivar is_late: the time to answer its offer is over
    """

    place: Place
    name: str
    school: ClassPlace | None
    stop: Stop | None
    later: tuple[Stop, date] | None
    is_late: bool

    @property
    def last(self) -> date | None:
        """The last day with the seat."""
        return self.place.end - A_DAY if self.place.end else None


@dataclass(frozen=True, slots=True)
class OfficeRide:
    """
    One ride with all who ride or wait.

    :ivar day: today, or the first day of the ride
    :ivar by_stop: the stops in order, each with who gets on or off there on that day or later
    """

    ride: Ride
    day: date
    tally: Tally
    stops: tuple[Stop, ...]
    by_stop: tuple[tuple[Stop, tuple[Rider, ...]], ...]
    waiting: tuple[Rider, ...]

    @property
    def on_board(self) -> list[tuple[Stop, list[Rider]]]:
        """Who rides on the day, stop by stop; who gets a seat later is not waited for at its stop."""
        found = [(stop, [one for one in riders if one.place.first <= self.day]) for stop, riders in self.by_stop]
        return [(stop, riders) for stop, riders in found if riders]


def ride_lines(*, now: datetime) -> list[RideLine]:
    """Return the rides of today and later with their places: three queries."""
    today = clock.day_of(now)
    rides = lines.rides(day=today)
    tallies = places.tallies(pools=[one.pool for one in rides], day=today + A_DAY)
    stops = lines.stops(ride_ids=[one.pk for one in rides])
    return [RideLine(one, tallies[one.pool_id], len(stops[one.pk])) for one in rides]


def office_ride(*, ride_id: int, now: datetime) -> OfficeRide:
    """
    Gather a ride: nine queries, whatever the number of children.

    :raises NotFound: the town has none
    """
    ride, today = lines.ride(ride_id=ride_id), clock.day_of(now)
    day = max(today, ride.pool.days.lower)
    stops = lines.stops(ride_ids=[ride_id])[ride_id]
    held = list(places.holding(pool_ids=[ride.pool_id], day=day))
    waiting = places.waiting(pool_id=ride.pool_id)
    riders = _riders([*held, *waiting], day, now)
    on_board, in_line = riders[: len(held)], riders[len(held) :]
    used = {one.stop.pk: one.stop for one in on_board if one.stop}
    # A stop that was ended for new ones still has who rides there until another day.
    all_stops = [*stops, *(stop for pk, stop in used.items() if pk not in {one.pk for one in stops})]
    return OfficeRide(
        ride=ride,
        day=day,
        tally=places.tallies(pools=[ride.pool], day=day)[ride.pool_id],
        stops=tuple(stops),
        by_stop=tuple((stop, tuple(one for one in on_board if one.stop == stop)) for stop in all_stops),
        waiting=tuple(in_line),
    )


def _riders(rows: Sequence[Place], day: date, now: datetime) -> list[Rider]:
    ids, child_ids = [one.pk for one in rows], [one.child_id for one in rows]
    names = people.register_names(child_ids=child_ids)
    at_school = schools.places_of(child_ids=child_ids, day=day)
    at = lines.boarding(place_ids=ids, day=day)
    later = lines.changes_to_come(place_ids=[one.pk for one in rows if one.first <= day], day=day)
    late = {one.pk for one in rows if not places.may_answer(place=one, now=now)}
    return [
        Rider(one, names[one.child_id], at_school.get(one.child_id), at.get(one.pk), later.get(one.pk), one.pk in late)
        for one in rows
    ]


def seats_of(*, child_id: int, now: datetime) -> list[tuple[Ride, Rider]]:
    """Return where a child rides and waits, today and later: seven queries."""
    today = clock.day_of(now)
    rides = {one.pool_id: one for one in lines.rides(day=today)}
    rows = [one for one in places.live_of(child_ids=[child_id], day=today) if one.pool_id in rides]
    return [(rides[rider.place.pool_id], rider) for rider in _riders(rows, today, now)]
