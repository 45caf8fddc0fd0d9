"""Which lines and rides there are, where they stop, and where a child gets on or off on a day."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet

from campanella.domains.places.models import Place
from campanella.domains.transport.models import Boarding, BusLine
from campanella.domains.transport.models import Ride as Ride
from campanella.domains.transport.models import Stop as Stop
from campanella.foundation.core.errors import NotFound

# A seat that was left may still last for some days.
SEATED = ("held", "given_back")


@dataclass(frozen=True, slots=True)
class OnBoard:
    """Where a child rides on a day: its place, the ride and the stop."""

    child_id: int
    place: Place
    ride: Ride
    stop: Stop


def rides(*, day: date) -> list[Ride]:
    """Return the rides that run on a day or later, with line, pool and service, line by line: one query."""
    rows = _rides().filter(pool__days__endswith__gt=day)
    return list(rows.order_by("line__name", "line_id", F("way").desc(), "pool__days", "id"))


def rides_of(*, service_ids: Collection[int], day: date) -> list[Ride]:
    """Return the rides of some services that run on a day: one query."""
    rows = _rides().filter(pool__service_id__in=list(service_ids), pool__days__contains=day)
    return list(rows.order_by("line__name", "line_id", F("way").desc(), "id"))


def ride(*, ride_id: int) -> Ride:
    """
    Return a ride with line, pool and service.

    :raises NotFound: the town has none
    """
    found = _rides().filter(pk=ride_id).first()
    if found is None:
        raise NotFound
    return found


def ride_with(*, stop_id: int) -> Ride:
    """
    Return the ride that stops there.

    :raises NotFound: none does any more
    """
    found = _rides().filter(stops=stop_id, stops__ended_at=None).first()
    if found is None:
        raise NotFound
    return found


def has_ended(*, stop_id: int) -> bool:
    """Tell whether a ride stopped there once and does so no more: one query."""
    return Stop.objects.filter(pk=stop_id).exclude(ended_at=None).exists()


def ride_of_pool(*, pool_id: int) -> Ride | None:
    """Return the ride whose places a pool counts, None where it is of something else: one query."""
    return _rides().filter(pool_id=pool_id).first()


def line(*, code: str) -> BusLine | None:
    """Return a line by its code."""
    return BusLine.objects.filter(code=code).first()


def stops(*, ride_ids: Collection[int]) -> dict[int, list[Stop]]:
    """Return the stops of each ride that are still used, in their order: one query."""
    found: dict[int, list[Stop]] = {ride_id: [] for ride_id in ride_ids}
    rows = Stop.objects.filter(ride_id__in=list(ride_ids), ended_at=None)
    for stop in rows.order_by("position", "at", "id"):
        found[stop.ride_id].append(stop)
    return found


def stop(*, ride_id: int, stop_id: int) -> Stop:
    """
    Return a stop of a ride that is still used.

    :raises NotFound: the ride has none
    """
    found = Stop.objects.filter(pk=stop_id, ride_id=ride_id, ended_at=None).first()
    if found is None:
        raise NotFound
    return found


def boarding(*, place_ids: Collection[int], day: date) -> dict[int, Stop]:
    """Return by place the stop that holds on a day; before the first one begins, that one: one query."""
    rows = Boarding.objects.filter(place_id__in=list(place_ids)).select_related("stop")
    return {place_id: _stop_on(ones, day) for place_id, ones in _by_place(rows).items()}


def changes_to_come(*, place_ids: Collection[int], day: date) -> dict[int, tuple[Stop, date]]:
    """Return by place the stop at which a child rides from a later day on, and that day: one query."""
    rows = Boarding.objects.filter(place_id__in=list(place_ids), first__gt=day).select_related("stop").order_by("first")
    return {one.place_id: (one.stop, one.first) for one in rows}


def on_board(*, rides: Sequence[Ride], day: date) -> list[OnBoard]:
    """Return who rides on a day, ride by ride, stop by stop: two queries."""
    by_pool = {one.pool_id: one for one in rides}
    held = Place.objects.filter(pool_id__in=list(by_pool), state__in=SEATED)
    places = list(held.filter(first__lte=day, end__gt=day))
    at = boarding(place_ids=[one.pk for one in places], day=day)
    found = [OnBoard(one.child_id, one, by_pool[one.pool_id], at[one.pk]) for one in places if one.pk in at]
    return sorted(found, key=lambda one: _order(list(by_pool), one))


def riding(*, service_ids: Collection[int], days: Sequence[date]) -> dict[date, list[OnBoard]]:
    """Return who rides on each of these days, line by line, stop by stop: one query, however many the days."""
    rows = Boarding.objects.filter(place__pool__service_id__in=list(service_ids), place__state__in=SEATED)
    rows = rows.filter(place__first__lte=max(days), place__end__gt=min(days))
    seats = list(_by_place(rows.select_related("place__pool__service", "stop__ride__line")).values())
    return {day: sorted(_seats_on(seats, day), key=_by_line) for day in days}


def _seats_on(seats: Sequence[list[Boarding]], day: date) -> Iterator[OnBoard]:
    for ones in seats:
        place = ones[0].place
        if place.first <= day and (place.end is None or day < place.end):
            stop = _stop_on(ones, day)
            yield OnBoard(place.child_id, place, stop.ride, stop)


def _by_line(one: OnBoard) -> tuple[str, int, bool, int, int, int]:
    ride = one.ride
    return ride.line.name, ride.line_id, ride.way == "back", ride.pk, one.stop.position, one.stop.pk


def _by_place(rows: "QuerySet[Boarding]") -> dict[int, list[Boarding]]:
    found: dict[int, list[Boarding]] = {}
    for one in rows.order_by("place_id", "first"):
        found.setdefault(one.place_id, []).append(one)
    return found


def _stop_on(boardings: Sequence[Boarding], day: date) -> Stop:
    """Return the stop that holds on a day; before the first one begins, that one."""
    begun = [one for one in boardings if one.first <= day]
    return (begun[-1] if begun else boardings[0]).stop


def _order(pools: Sequence[int], one: OnBoard) -> tuple[int, int, int]:
    return pools.index(one.ride.pool_id), one.stop.position, one.stop.pk


def _rides() -> "QuerySet[Ride]":
    return Ride.objects.select_related("line", "pool__service")
