"""
Bus lines and seats taken over from a file, by the use cases of the pages.

Lines are a row a stop, in the order of the ride, all or none. Seats are a row a child and ride, each by itself: one that
cannot be says why, and holds up no other.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path

from campanella.domains.people import searching
from campanella.domains.schools import queries as schools
from campanella.domains.services import queries as services
from campanella.domains.transport import queries
from campanella.domains.transport.operations import StopData
from campanella.domains.transport.queries import Ride
from campanella.domains.transport.rules import WAYS
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import use_case
from campanella.usecases.importing import reading, values
from campanella.usecases.importing.cells import Cell, Row, Unreadable
from campanella.usecases.importing.columns import folded
from campanella.usecases.places import deciding, lines
from campanella.usecases.places.lines import RideData

MOST_ROWS = 20_000
TITLE_ROWS = 15
LINE_COLUMNS = {
    "linea": "code",
    "nome": "name",
    "direzione": "way",
    "servizio": "service",
    "posti": "capacity",
    "riservati": "reserved",
    "ora": "at",
    "fermata": "stop",
}
SEAT_COLUMNS = {
    "bambino": "child",
    "codice fiscale": "child",
    "linea": "code",
    "direzione": "way",
    "fermata": "stop",
    "dal": "first",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row of seats; ``refused`` says why it was not taken."""

    line: int
    refused: str = ""


class FileRefused(Refusal):
    """A row of the lines is wrong: nothing of the file is taken."""


@use_case
def load_lines(*, by: Actor, path: Path, now: datetime) -> list[Ride]:
    """
    Open the rides of a file in this school year, or change those that are there.

    :returns: the rides as they are now
    :raises Unreadable: the file as a whole cannot be taken
    :raises FileRefused: a row is wrong
    """
    year = schools.year_of(day=clock.day_of(now))
    if year is None:
        raise FileRefused("Oggi non è in nessun anno scolastico: prima serve l’anno.")
    # The rides of the next year may be open already: they are another file's.
    mine = [one for one in queries.rides(day=clock.day_of(now)) if one.pool.days.lower < year.days.upper]
    known = {(one.line.code, one.way): one for one in mine}
    found: dict[tuple[str, str], list[tuple[int, Mapping[str, Cell]]]] = {}
    for number, cells in _rows(path, LINE_COLUMNS, needs=("code", "way", "at", "stop")):
        with _row(number):
            key = values.text(cells["code"], most=20), _way(cells["way"])
        found.setdefault(key, []).append((number, cells))
    done = []
    for (code, way), rows in found.items():
        with _row(rows[0][0]):
            data = _ride(code, way, rows, year.days.lower, year.days.upper)
            done.append(_kept(by, known.get((code, way)), data, now))
    return done


def load_seats(*, by: Actor, path: Path, now: datetime) -> list[Outcome]:
    """
    Give the seats of a file, each by itself.

    :raises Unreadable: the file as a whole cannot be taken
    """
    done = []
    for number, cells in _rows(path, SEAT_COLUMNS, needs=("child", "code", "way", "stop")):
        try:
            _seat(by, cells, now)
        except (Refusal, values.Wrong) as wrong:
            done.append(Outcome(number, wrong.message if isinstance(wrong, Refusal) else str(wrong)))
        else:
            done.append(Outcome(number))
    return done


def _kept(by: Actor, ride: Ride | None, data: RideData, now: datetime) -> Ride:
    if ride is None:
        return lines.open_ride(by=by, data=data, now=now)
    lines.change_ride(
        by=by,
        ride_id=ride.pk,
        name=data.name,
        capacity=data.capacity,
        reserved=data.reserved,
        stops=data.stops,
        now=now,
    )
    return queries.ride(ride_id=ride.pk)


def _ride(code: str, way: str, rows: Sequence[tuple[int, Mapping[str, Cell]]], first: date, end: date) -> RideData:
    head = rows[0][1]
    wanted = values.text(head.get("service"), most=60)
    buses = [one for one in services.services() if wanted and folded(wanted) in (folded(one.code), folded(one.name))]
    if not buses:
        raise values.Wrong(f"il servizio «{wanted}» non c’è" if wanted else "manca il servizio")
    capacity = _number(head.get("capacity"))
    return RideData(
        code=code,
        name=values.text(head.get("name"), most=80) or f"Linea {code}",
        way=way,
        service=buses[0],
        first=first,
        end=end,
        capacity=capacity,
        reserved=_number(head.get("reserved")) or 0,
        stops=[_stop(number, cells) for number, cells in rows],
    )


def _stop(number: int, cells: Mapping[str, Cell]) -> StopData:
    with _row(number):
        name = values.text(cells["stop"], most=80)
        if not name:
            raise values.Wrong("manca la fermata")
        return StopData(name, _hour(cells["at"]))


def _seat(by: Actor, cells: Mapping[str, Cell], now: datetime) -> None:
    day = clock.day_of(now)
    code, way = values.text(cells["code"], most=20), _way(cells["way"])
    ride = next((one for one in queries.rides(day=day) if (one.line.code, one.way) == (code, way)), None)
    if ride is None:
        raise values.Wrong(f"la corsa «{code}, {WAYS[way]}» non c’è")
    name = values.text(cells["stop"], most=80)
    stop = next((one for one in queries.stops(ride_ids=[ride.pk])[ride.pk] if folded(one.name) == folded(name)), None)
    if stop is None:
        raise values.Wrong(f"a «{name}» questa corsa non si ferma")
    first = values.day(cells.get("first"), first=ride.pool.days.lower, last=ride.pool.days.upper) or day
    deciding.assign(
        by=by,
        child_id=_child(values.text(cells["child"], most=40)),
        ride_id=ride.pk,
        stop_id=stop.pk,
        first=first,
        is_reserved=False,
        words="Assegnato dal file dell’ufficio",
        now=now,
    )


def _child(text: str) -> int:
    found = searching.children(text=text, limit=5) if text else []
    known = [one.pk for one in found if text.upper() in (one.code.upper(), (one.tax_code or "").upper())]
    if len(known) != 1:
        raise values.Wrong("in anagrafica non c’è nessun bambino con questo codice")
    return known[0]


def _rows(path: Path, columns: Mapping[str, str], *, needs: Sequence[str]) -> Iterator[tuple[int, Mapping[str, Cell]]]:
    """
    Yield the rows under the headings, by field.

    :raises Unreadable: a column is missing, or there are too many rows
    """
    found = reading.rows(path)
    places = _headings(found, columns, needs)
    for count, row in enumerate(found, start=1):
        if count > MOST_ROWS:
            raise Unreadable(f"Il file ha più di {MOST_ROWS} righe: dividilo.")
        cells = {field: row.cells[place] if place < len(row.cells) else None for field, place in places.items()}
        if any(cell not in (None, "") for cell in cells.values()):
            yield row.number, cells


def _headings(found: Iterator[Row], columns: Mapping[str, str], needs: Sequence[str]) -> dict[str, int]:
    for row in islice(found, TITLE_ROWS):
        places: dict[str, int] = {}
        for place, cell in enumerate(row.cells):
            if field := columns.get(folded(cell)):
                places.setdefault(field, place)
        if set(needs) <= places.keys():
            return places
    names = ", ".join(f"“{name.capitalize()}”" for name in columns)
    raise Unreadable(f"Mancano le colonne. Quelle che si leggono: {names}.")


@contextmanager
def _row(number: int) -> Iterator[None]:
    """Let what is wrong say which row it is of."""
    try:
        yield
    except FileRefused:
        raise
    except values.Wrong as wrong:
        raise FileRefused(f"Riga {number}: {wrong}.")
    except Refusal as refusal:
        raise FileRefused(f"Riga {number}: {refusal.message}")


def _way(cell: Cell) -> str:
    word = folded(values.text(cell, most=20))
    found = next((way for way, name in WAYS.items() if word == name), None)
    if found is None:
        raise values.Wrong("la direzione è andata o ritorno")
    return found


def _number(cell: Cell) -> int | None:
    text = values.text(cell, most=10)
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text) > 10_000:
        raise values.Wrong(f"«{text}» non è un numero di posti")
    return int(text)


def _hour(cell: Cell) -> time:
    if isinstance(cell, time):
        return cell
    text = values.text(cell, most=8).replace(".", ":")
    try:
        return time.fromisoformat(text.zfill(5))
    except ValueError:
        raise values.Wrong(f"«{text}» non è un’ora, per esempio 7:15")
