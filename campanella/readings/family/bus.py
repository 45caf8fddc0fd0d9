"""The school bus of a child, as its family sees it: seats with stop and hour, offers and requests, rides to ask for."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campanella.domains.accounts.models import User
from campanella.domains.people import queries as people
from campanella.domains.people.queries import FamilyChild
from campanella.domains.places import queries as places
from campanella.domains.places.queries import Place
from campanella.domains.schools import queries as schools
from campanella.domains.services import queries as services
from campanella.domains.services.rules import BUS_KINDS, price
from campanella.domains.transport import queries as lines
from campanella.domains.transport.queries import Ride, Stop
from campanella.domains.transport.rules import STOP_WORDS
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Seat:
    """
    A child's seat, offer or request.

    :ivar stop: where it gets on or off today, or on its first day
    :ivar later: another stop from a later day on, and that day
    :ivar before: how many wait before it
    :ivar price: of one ride, where it would be new to the child
    """

    place: Place
    ride: Ride
    stop: Stop
    later: tuple[Stop, date] | None
    before: int
    price: Euro | None

    @property
    def stop_word(self) -> str:
        """What the stop is for the child: salita, discesa."""
        return STOP_WORDS[self.ride.way]

    @property
    def last(self) -> date | None:
        """The last day with the seat, where it ends before the ride does."""
        end = self.place.end
        return end - A_DAY if end and end < self.ride.pool.days.upper else None


@dataclass(frozen=True, slots=True)
class Offered:
    """
    A ride that one may ask for.

    :ivar is_full: who asks waits
    :ivar mine: the stop of the child's seat there, None without one
    """

    ride: Ride
    stops: tuple[Stop, ...]
    is_full: bool
    mine: Stop | None


@dataclass(frozen=True, slots=True)
class FamilyBus:
    """The page of a child's bus."""

    child: FamilyChild
    seats: tuple[Seat, ...]
    offers: tuple[Seat, ...]
    requests: tuple[Seat, ...]
    rides: tuple[Offered, ...]


def family_bus(*, user: User, child_id: int, now: datetime) -> FamilyBus:
    """
    Gather what a family sees of its child's bus: a dozen queries.

    :raises NotFound: not one of this user's children
    """
    child, today = people.child_for(user=user, child_id=child_id), clock.day_of(now)
    rides = {one.pool_id: one for one in lines.rides(day=today)}
    mine = [one for one in places.live_of(child_ids=[child_id], day=today) if one.pool_id in rides]
    seats = _seats(mine, rides, today)
    return FamilyBus(
        child=child,
        seats=tuple(one for one in seats if one.place.state in ("held", "given_back")),
        offers=tuple(one for one in seats if places.may_answer(place=one.place, now=now)),
        requests=tuple(one for one in seats if one.place.state == "waiting"),
        rides=_to_ask_for(child_id, rides, seats, today),
    )


def _seats(mine: list[Place], rides: dict[int, Ride], today: date) -> list[Seat]:
    ids = [one.pk for one in mine]
    at = lines.boarding(place_ids=ids, day=today)
    later = lines.changes_to_come(place_ids=[one.pk for one in mine if one.first <= today], day=today)
    before = places.before(places=mine)
    return [
        Seat(
            place=one,
            ride=rides[one.pool_id],
            stop=at[one.pk],
            later=later.get(one.pk),
            before=before[one.pk],
            price=price(full=Euro(one.bracket.cents), reduction_percent=0) if one.bracket else None,
        )
        for one in mine
        if one.pk in at
    ]


def _to_ask_for(child_id: int, rides: dict[int, Ride], seats: list[Seat], today: date) -> tuple[Offered, ...]:
    place = schools.places_of(child_ids=[child_id], day=today).get(child_id)
    calendars = services.calendars(school_id=place.school_id) if place else []
    served = {one.service_id for one in calendars if one.service.kind in BUS_KINDS and one.days.upper > today}
    waits = {one.ride.pk for one in seats if one.place.state in ("waiting", "offered")}
    own = {one.ride.pk: one.later[0] if one.later else one.stop for one in seats if one.place.state == "held"}
    found = [one for one in rides.values() if one.pool.service_id in served and one.pk not in waits]
    stops = lines.stops(ride_ids=[one.pk for one in found])
    tallies = places.tallies(pools=[one.pool for one in found], day=today + A_DAY)
    return tuple(
        Offered(one, tuple(stops[one.pk]), tallies[one.pool_id].is_full, own.get(one.pk)) for one in found if stops[one.pk]
    )
