"""Lines, rides and stops as the office sets them up; at which stop a child gets on or off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from campanella.domains.places.models import Place, Pool
from campanella.domains.transport import rules
from campanella.domains.transport.models import Boarding, BusLine, Ride, Stop
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.italian import day_figures
from campanella.foundation.core.scope import operation

audit.sentences(
    {
        "line.written": "ha scritto la linea {line}",
        "ride.made": "ha aperto la corsa {ride} dal {day}",
        "ride.stops": "ha cambiato le fermate di {ride}",
        "boarding.said": "ha scritto la fermata dal {day}: {ride}, {stop}",
    }
)


class RideKnown(Refusal):
    """The line has this direction in that time already."""

    message = "Questa linea ha già questa direzione in quell’anno."


class NotItsService(Refusal):
    """The service is of the other direction, or no bus."""

    message = "Questo servizio non è di questa direzione: scegline un altro."


class StopsNotInOrder(Refusal):
    """A stop is reached before the one before it, or stands there twice."""


class StopInUse(Refusal):
    """Children get on or off there."""


@dataclass(frozen=True, slots=True)
class StopData:
    """What is said of a stop, in the order of the ride."""

    name: str
    at: time


@operation
def write_line(*, by: Actor, code: str, name: str, now: datetime) -> BusLine:
    """
    Put a line on record; one that is there gets this name.

    :param code: short, as it stands on the bus
    """
    _, is_new = BusLine.objects.get_or_create(code=code, defaults={"name": name})
    # Two clerks who write the same line, or open the same ride of it, wait for each other here.
    line = BusLine.objects.select_for_update(no_key=True).get(code=code)
    if is_new or line.name != name:
        line.name = name
        line.save(update_fields=["name"])
        audit.record(by=by, action="line.written", subjects=[f"line:{line.pk}"], at=now, data={"line": name})
    return line


@operation
def open_ride(*, by: Actor, line: BusLine, way: str, pool: Pool, now: datetime) -> Ride:
    """
    Let a line run in a direction.

    :param line: held, as ``write_line`` returns it
    :raises NotItsService: the service of the places is used by riding the other way, or not at all
    :raises RideKnown: it does already on some of these days
    """
    if not rules.fits(kind=pool.service.kind, way=way):
        raise NotItsService
    if Ride.objects.filter(line=line, way=way, pool__days__overlap=pool.days).exists():
        raise RideKnown
    ride = Ride.objects.create(line=line, way=way, pool=pool)
    data = {"ride": ride.name, "day": day_figures(pool.days.lower)}
    audit.record(by=by, action="ride.made", subjects=[f"line:{line.pk}"], at=now, data=data)
    return ride


@operation
def set_stops(*, by: Actor, ride: Ride, stops: Sequence[StopData], now: datetime) -> list[Stop]:
    """
    Write where a ride stops, in order; a stop that is named as before stays the same one at another time.

    :raises StopsNotInOrder: one is reached before the one before it, or stands there twice
    :raises StopInUse: children get on or off where it would stop no more
    """
    _check_order(stops)
    _hold(ride)
    known = {stop.name: stop for stop in Stop.objects.filter(ride=ride, ended_at=None).select_related("ride")}
    named = {stop.name for stop in stops}
    _end([stop for name, stop in known.items() if name not in named], now)
    written = []
    for position, said in enumerate(stops, start=1):
        stop = known.get(said.name) or Stop(ride=ride, name=said.name)
        stop.position, stop.at = position, said.at
        stop.save()
        written.append(stop)
    audit.record(by=by, action="ride.stops", subjects=[f"line:{ride.line_id}"], at=now, data={"ride": ride.name})
    return written


@operation
def board(*, by: Actor, place: Place, ride: Ride, stop: Stop, first: date, now: datetime) -> None:
    """
    Write where a child gets on or off from a day on; what was said of that day or later before is replaced.

    :param place: held
    :raises NotFound: the stop is not one of this ride's, or is used no more
    """
    # Held before it is asked: a stop may just be ending.
    _hold(ride)
    is_used = Stop.objects.filter(pk=stop.pk, ride=ride, ended_at=None).exists()
    if not is_used or ride.pool_id != place.pool_id:
        raise NotFound
    Boarding.objects.filter(place=place, first__gte=first).delete()
    Boarding.objects.create(place=place, stop=stop, first=first, said_at=now, by_label=by.actor_label)
    data = {"ride": ride.name, "stop": stop.name, "day": day_figures(first)}
    subjects = [f"child:{place.child_id}", f"pool:{place.pool_id}"]
    audit.record(by=by, action="boarding.said", subjects=subjects, at=now, data=data)


def _hold(ride: Ride) -> None:
    Ride.objects.select_for_update(no_key=True, of=("self",)).get(pk=ride.pk)


def _check_order(stops: Sequence[StopData]) -> None:
    names = [stop.name for stop in stops]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise StopsNotInOrder(f"La fermata «{twice}» c’è due volte: dai a una un altro nome.")
    wrong = rules.first_earlier(times=[stop.at for stop in stops])
    if wrong is not None:
        here, before = stops[wrong], stops[wrong - 1]
        raise StopsNotInOrder(
            f"«{here.name}» alle {here.at:%-H:%M} viene dopo «{before.name}» alle {before.at:%-H:%M}: controlla gli orari."
        )


def _end(gone: Sequence[Stop], now: datetime) -> None:
    live = Boarding.objects.filter(
        place__state__in=("waiting", "offered", "held"), place__pool__in={one.ride.pool_id for one in gone}
    )
    # The last stop that was said of each child; who has moved on from one needs it no more.
    last = {one.place_id: one.stop for one in live.select_related("stop").order_by("first")}
    names = sorted({stop.name for stop in last.values() if stop in gone})
    if names:
        raise StopInUse(f"Alla fermata «{names[0]}» ci sono ancora bambini, o richieste: prima spostali a un’altra fermata.")
    Stop.objects.filter(pk__in=[stop.pk for stop in gone]).update(ended_at=now)
