"""The bus lines of Pesaro: two lines both ways with their stops; the first one is full, and three families wait for it."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from campanella.demo.calendar import year_of
from campanella.demo.life import Life
from campanella.demo.settling import OFFICE, Resident, Settled
from campanella.domains.schools import queries as schools
from campanella.domains.transport import queries as lines
from campanella.domains.transport.operations import StopData
from campanella.domains.transport.queries import Ride
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.usecases.places import asking, deciding
from campanella.usecases.places import lines as setting_up
from campanella.usecases.places.lines import RideData

TOWN, BUS = "pesaro", "scuolabus"
# Name, places, how many of them are reserved, the stops of the way to school with the minutes after seven.
LINES = (
    ("1", "Linea 1 Muraglia", 6, 1, (("Muraglia capolinea", 10), ("Via Flaminia", 18), ("Largo Aldo Moro", 27))),
    ("2", "Linea 2 Soria", 30, 0, (("Soria chiesa", 5), ("Viale Trieste", 14), ("Stazione", 22), ("Via Cecchi", 30))),
)
WAITING = 3
# Of a town of full size some ride, so that making it takes no longer.
MOST_RIDERS = 24
RETURN_BEGINS, MINUTES_OF_A_RIDE = time(13, 10), 30


def board(*, life: Life, settled: Settled) -> None:
    """Open the lines as the office would in September, give seats, and let some families ask for the full one."""
    if life.town.slug != TOWN:
        return
    year = year_of(life.today)
    if not year.first_meal < life.today < year.last_meal:
        return  # no bus runs
    begun = clock.rome(max(year.first_meal, life.today - timedelta(days=30)), time(8))
    riders = [one for one in settled.residents if any(use.service.code == BUS for use in one.uses)][:MOST_RIDERS]
    with clock.standing_at(begun), scope(life.town.id):
        rides = _open(settled, begun)
        _give(rides, riders, begun)
    for number, one in enumerate(_asking(riders)):
        at = life.moment - timedelta(days=6 - number, minutes=17)
        with clock.standing_at(at), scope(life.town.id):
            _ask(rides[0], one, at)


def _open(settled: Settled, now: datetime) -> list[Ride]:
    year = schools.year_of(day=clock.day_of(now))
    assert year
    return [
        setting_up.open_ride(
            by=OFFICE,
            data=RideData(
                code=code,
                name=name,
                way=way,
                service=settled.services[BUS],
                first=year.days.lower,
                end=year.days.upper,
                capacity=capacity,
                reserved=reserved,
                stops=_stops(stops, way),
            ),
            now=now,
        )
        for code, name, capacity, reserved, stops in LINES
        for way in ("out", "back")
    ]


def _stops(stops: Sequence[tuple[str, int]], way: str) -> list[StopData]:
    """Return the stops of a direction: home the bus comes by in the other order."""
    if way == "out":
        return [StopData(name, time(7, minute)) for name, minute in stops]
    return [
        StopData(name, RETURN_BEGINS.replace(minute=10 + MINUTES_OF_A_RIDE - minute)) for name, minute in reversed(stops)
    ]


def _give(rides: Sequence[Ride], riders: Sequence[Resident], now: datetime) -> None:
    first_line, others = LINES[0][2], [one for one in rides if one.line.code != LINES[0][0]]
    own = [one for one in rides if one.line.code == LINES[0][0]]
    for number, resident in enumerate(riders):
        for ride in own if number < first_line else others:
            stops = lines.stops(ride_ids=[ride.pk])[ride.pk]
            deciding.assign(
                by=OFFICE,
                child_id=resident.child.pk,
                ride_id=ride.pk,
                stop_id=stops[number % len(stops)].pk,
                first=clock.day_of(now),
                is_reserved=number == 0,
                words="",
                now=now,
            )


def _asking(riders: Sequence[Resident]) -> list[Resident]:
    """Return children on the other line whose parent has an access."""
    return [one for one in riders[LINES[0][2] :] if one.user][:WAITING]


def _ask(ride: Ride, resident: Resident, at: datetime) -> None:
    if resident.user is None:
        return
    (stop, *_) = lines.stops(ride_ids=[ride.pk])[ride.pk]
    asking.ask(by=resident.user, child_id=resident.child.pk, ride_id=ride.pk, stop_id=stop.pk, received_at=at, now=at)
