"""What a town's former software calls its columns is said once, and every later file is read so."""

from pathlib import Path

import pytest
from django.core.management import CommandError

from campanella.domains.people import searching
from campanella.foundation.core import audit
from tests.config.commands.running import said
from tests.towns import Cast
from tests.usecases.importing.files import ANNA, HEADERS, LUCA, text_file

OTHER = ["Cod. ass.", *HEADERS[1:7], "Sez. frequentata", *HEADERS[8:]]


def columns(*more: str) -> str:
    return said("import", "columns", "--town", "valle", *more)


def bring(path: Path) -> str:
    return said("import", "people", str(path), "--town", "valle")


def test_a_column_is_said_once_and_holds_for_every_file(valle: Cast, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Mancano le colonne: Classe"):
        bring(text_file(tmp_path, [ANNA], headers=OTHER))
    assert "Cod. ass.: Codice\nSez. frequentata: Classe\n" in columns(
        "--set", "Cod. ass.=Codice", "--set", "Sez. frequentata=sezione"
    )
    bring(text_file(tmp_path, [ANNA], headers=OTHER))
    bring(text_file(tmp_path, [LUCA], headers=["COD ASS", *OTHER[1:]]))
    assert [searching.children(text=code)[0].given_name for code in ("A-1", "A-2")] == ["Anna", "Luca"]
    assert "che cosa c’è nella colonna «Cod. ass.» dei file del programma precedente: Codice" in " ".join(
        act.sentence for act in audit.acts_on(subjects=["town"])
    )


def test_a_column_that_is_nothing_is_left_out_without_a_word(valle: Cast, tmp_path: Path) -> None:
    """Two columns would say the same; one of them is another thing in this software."""
    file = text_file(tmp_path, [[*ANNA, "x"]], headers=[*HEADERS, "Matricola"])
    with pytest.raises(CommandError, match="Due colonne dicono la stessa cosa"):
        bring(file)
    columns("--set", "Matricola=")
    assert "Matricola" not in bring(file)
    columns("--forget", "matricola")
    with pytest.raises(CommandError, match="Due colonne dicono la stessa cosa"):
        bring(file)
    assert columns() == "nessuna colonna: valgono le intestazioni di docs/how/import.md\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--set", "Sez.=Aula"), "“Aula” non è una colonna: sono Cognome, Nome"),
        (("--set", "…=Classe"), "“…” non è un’intestazione"),
        (("--set", "Classe"), "scrivi INTESTAZIONE=COLONNA"),
        (("--forget", "Sez."), "Della colonna “Sez.” non è stato detto niente"),
    ],
)
def test_what_makes_no_sense_is_refused(valle: Cast, words: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        columns(*words)
