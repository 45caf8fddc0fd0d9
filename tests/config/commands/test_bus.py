"""``campanella bus``: what it prints and what it refuses."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from campanella.domains.transport import queries as lines
from campanella.foundation.core.scope import scope
from tests.towns import TODAY, Cast

LINES = "Linea;Nome;Direzione;Servizio;Posti;Ora;Fermata\n1;Linea blu;ritorno;Scuolabus;5;13:10;Via Roma\n"


def run(*words: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("bus", *words, "--town", "borgo", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_lines_and_seats_come_from_files(borgo: Cast, tmp_path: Path) -> None:
    path = tmp_path / "linee.csv"
    path.write_text(LINES)
    assert run("lines", str(path))[0] == "1 ritorno: Linea blu, ritorno\n1 ride.\n"
    with scope(borgo.town.id):
        assert len(lines.rides(day=TODAY)) == 1
    seats = tmp_path / "posti.csv"
    seats.write_text(
        f"Bambino;Linea;Direzione;Fermata\n{borgo.child('Luca').code};1;ritorno;Via Roma\nX;1;ritorno;Via Roma\n"
    )
    said, refused = run("seats", str(seats))
    assert said == "1 seat given, 1 refused.\n"
    assert refused == "Riga 3: in anagrafica non c’è nessun bambino con questo codice\n"


def test_a_file_that_is_not_there_is_one_sentence(borgo: Cast, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is not there"):
        run("lines", str(tmp_path / "nessuno.csv"))
