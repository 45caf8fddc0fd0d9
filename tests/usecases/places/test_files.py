"""Bus lines and seats from files: the same use cases as the pages, with the row of what is wrong."""

from datetime import date
from pathlib import Path

import pytest

from campanella.domains.places import queries as places
from campanella.domains.transport import queries as lines
from campanella.foundation.core import clock
from campanella.usecases.importing.cells import Unreadable
from campanella.usecases.places import files
from campanella.usecases.places.files import FileRefused
from tests.buses import ride
from tests.towns import OFFICE, TODAY, Cast

HEAD = "Linea;Nome;Direzione;Servizio;Posti;Riservati;Ora;Fermata\n"
LINES = HEAD + (
    "1;Linea blu;andata;Scuolabus;20;2;7:10;Via Roma\n"
    "1;;andata;;;;7.20;Piazza Verdi\n"
    "1;Linea blu;ritorno;scuolabus;;;13:10;Piazza Verdi\n"
)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "bus.csv"
    path.write_text(text)
    return path


def load(tmp_path: Path, text: str = LINES) -> list[str]:
    return [one.name for one in files.load_lines(by=OFFICE, path=written(tmp_path, text), now=clock.now())]


def test_lines_are_opened_and_a_second_time_changed(valle: Cast, tmp_path: Path) -> None:
    assert load(tmp_path) == ["Linea blu, andata", "Linea blu, ritorno"]
    assert load(tmp_path, LINES.replace("7.20", "7:25").replace(";20;2;", ";15;2;")) == [
        "Linea blu, andata",
        "Linea blu, ritorno",
    ]
    out, _ = lines.rides(day=TODAY)
    assert (out.pool.capacity, out.pool.reserved) == (15, 2)
    assert [f"{one.at:%H:%M} {one.name}" for one in lines.stops(ride_ids=[out.pk])[out.pk]] == [
        "07:10 Via Roma",
        "07:25 Piazza Verdi",
    ]


def test_the_rides_of_the_next_year_are_another_files(valle: Cast, tmp_path: Path) -> None:
    load(tmp_path)
    ride(valle, "1", way="out", first=date(2027, 9, 1), end=date(2028, 9, 1), capacity=9)
    load(tmp_path, LINES.replace(";20;2;", ";15;2;"))
    assert [one.pool.capacity for one in lines.rides(day=TODAY) if one.way == "out"] == [15, 9]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("2;;su;Scuolabus;;;7:10;Via Roma", "Riga 5: la direzione è andata o ritorno"),
        ("2;;andata;Funivia;;;7:10;Via Roma", "Riga 5: il servizio «Funivia» non c’è"),
        ("2;;andata;mensa;;;7:10;Via Roma", "Riga 5: Questo servizio non è di questa direzione"),
        ("2;;andata;Scuolabus;molti;;7:10;Via Roma", "Riga 5: «molti» non è un numero di posti"),
        ("2;;andata;Scuolabus;1;2;7:10;Via Roma", "Riga 5: I posti riservati"),
        ("2;;andata;Scuolabus;;;25:10;Via Roma", "Riga 5: «25:10» non è un’ora"),
        ("2;;andata;Scuolabus;;;7:10;", "Riga 5: manca la fermata"),
    ],
)
def test_a_wrong_row_is_told_and_nothing_is_taken(valle: Cast, tmp_path: Path, row: str, sentence: str) -> None:
    with pytest.raises(FileRefused, match=sentence):
        load(tmp_path, LINES + row + "\n")
    assert lines.rides(day=TODAY) == []


def test_a_file_without_its_columns_is_refused(valle: Cast, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="Mancano le colonne"):
        load(tmp_path, "Linea;Nome\n1;Blu\n")


def test_seats_are_given_each_by_itself(valle: Cast, tmp_path: Path) -> None:
    load(tmp_path)
    luca, amina = valle.child("Luca"), valle.child("Amina")
    text = "Bambino;Linea;Direzione;Fermata;Dal\n" + "".join(
        f"{row}\n"
        for row in (
            f"{luca.code};1;ritorno;piazza verdi;2026-10-15",
            f"{amina.code};1;ritorno;Lungomare;",
            "NESSUNO-1;1;andata;Via Roma;",
            f"{amina.code};9;andata;Via Roma;",
        )
    )
    done = files.load_seats(by=OFFICE, path=written(tmp_path, text), now=clock.now())
    assert [(one.line, one.refused) for one in done] == [
        (2, ""),
        (3, "a «Lungomare» questa corsa non si ferma"),
        (4, "in anagrafica non c’è nessun bambino con questo codice"),
        (5, "la corsa «9, andata» non c’è"),
    ]
    (seat,) = places.live_of(child_ids=[luca.pk], day=TODAY)
    assert (seat.state, seat.first.isoformat()) == ("held", "2026-10-15")
