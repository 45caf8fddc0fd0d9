"""The school bus in tests: a line that runs, children with a seat, children that wait."""

from datetime import date, time
from typing import Any

from campanella.domains.places.queries import Place
from campanella.domains.transport import queries as lines
from campanella.domains.transport.operations import StopData
from campanella.domains.transport.queries import Ride, Stop
from campanella.foundation.core import clock
from campanella.usecases.places import asking, deciding
from campanella.usecases.places import lines as setting_up
from campanella.usecases.places.lines import RideData
from tests.towns import OFFICE, TODAY, Cast, Family

STOPS = (StopData("Via Roma", time(13, 10)), StopData("Piazza Verdi", time(13, 20)))
FIRST, END = date(2026, 9, 1), date(2027, 9, 1)


def ride(cast: Cast, code: str = "1", **more: Any) -> Ride:
    """Let a line run home."""
    values: dict[str, Any] = {
        "code": code,
        "name": f"Linea {code}",
        "way": "back",
        "service": cast.services["scuolabus"],
        "first": FIRST,
        "end": END,
        "capacity": 1,
        "reserved": 0,
        "stops": STOPS,
        **more,
    }
    return setting_up.open_ride(by=OFFICE, data=RideData(**values), now=clock.now())


def stop(of: Ride, name: str = "Via Roma") -> Stop:
    """Return a stop of a ride by its name."""
    return next(one for one in lines.stops(ride_ids=[of.pk])[of.pk] if one.name == name)


def ask(cast: Cast, of: Ride, child: str, *, at: str = "Via Roma", family: Family | None = None, **more: Any) -> Place:
    """Let a family ask for a stop."""
    values: dict[str, Any] = {"received_at": clock.now(), "now": clock.now(), **more}
    by = (family or cast.families["rossi"]).user
    return asking.ask(by=by, child_id=cast.child(child).pk, ride_id=of.pk, stop_id=stop(of, at).pk, **values)


def assign(cast: Cast, of: Ride, child: str, *, at: str = "Via Roma", first: date = TODAY, **more: Any) -> Place:
    """Let the office give a child a seat."""
    values: dict[str, Any] = {"is_reserved": False, "words": "", "now": clock.now(), **more}
    return deciding.assign(
        by=cast.staff["office"],
        child_id=cast.child(child).pk,
        ride_id=of.pk,
        stop_id=stop(of, at).pk,
        first=first,
        **values,
    )


def bus_lines(cast: Cast) -> dict[str, int]:
    """Let two lines run: on the first one, which is full, a child rides and another waits; nobody is on the second."""
    one, other = ride(cast, capacity=1), ride(cast, "2", capacity=20, reserved=2)
    seat = assign(cast, one, "Greta")
    wait = ask(cast, one, "Luca")
    # The story of a seat on a full line has one of its own.
    stops = (StopData("Via Po", time(13, 10)), StopData("Largo Moro", time(13, 20)))
    assign(cast, ride(cast, "3", stops=stops), "Camilla", at="Via Po")
    # And so has the roll-call of a ride without network.
    stops = (StopData("Via Mulino", time(13, 15)), StopData("Piazza Alberica", time(13, 25)))
    of_the_class = ride(cast, "4", capacity=9, stops=stops)
    for child, at in (("Ada 5R", "Piazza Alberica"), ("Bice 5R", "Via Mulino"), ("Ciro 5R", "Piazza Alberica")):
        assign(cast, of_the_class, child, at=at)
    in_the_morning = ride(cast, "4", way="out", capacity=9, stops=(StopData("Via Mulino", time(7, 30)),))
    for child in ("Bice 5R", "Ciro 5R"):
        assign(cast, in_the_morning, child, at="Via Mulino")
    return {"ride": one.pk, "empty": other.pk, "seat": seat.pk, "wait": wait.pk}
