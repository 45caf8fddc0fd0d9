"""The office says what the columns of its former software hold, tries a file, and every later import reads so."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campanella.domains.people import mapped
from campanella.domains.people.models import Child
from tests.browsing import Browser, browser
from tests.towns import Cast, text_of
from tests.usecases.importing.files import ANNA, HEADERS, LUCA, text_file

HERE, TRIAL = "/ufficio/impostazioni/colonne/", "/ufficio/impostazioni/colonne/prova/"
OTHER = ["Cod. ass.", *HEADERS[1:7], "Sez. frequentata", *HEADERS[8:]]


@pytest.fixture
def desk(valle: Cast) -> Browser:
    """The browser of the office."""
    return browser(valle.town, valle.staff["office"])


def file(folder: Path, *lines: list[str], headers: list[str] = OTHER) -> SimpleUploadedFile:
    return SimpleUploadedFile("vecchio.csv", text_file(folder, list(lines), headers=headers).read_bytes())


def test_a_column_is_said_changed_and_forgotten(valle: Cast, desk: Browser) -> None:
    assert "Ancora niente" in desk.read(HERE)
    said = {"fai": "scrivi", "header": "Cod. ass.", "column": "former_code"}
    assert "Colonna «Cod. ass.»: scritto" in text_of(desk.post(HERE, said, follow=True))
    assert mapped.fields() == {"cod ass": "former_code"}
    desk.post(HERE, {**said, "column": "-"})
    assert mapped.fields() == {"cod ass": ""}
    page = desk.get(HERE).content.decode()
    assert '<option value="-" selected>Non si importa</option>' in page
    assert "dimenticata" in text_of(desk.post(HERE, {"fai": "togli", "header": "Cod. ass."}, follow=True))
    assert mapped.fields() == {}
    again = text_of(desk.post(HERE, {"fai": "togli", "header": "Cod. ass."}, follow=True))
    assert "non è stato detto niente" in again


@pytest.mark.parametrize(
    ("header", "column", "sentence"),
    [
        ("…", "class_name", "non è un’intestazione"),
        ("", "class_name", "Scrivi l’intestazione della colonna."),
        ("Sez.", "", "Scegli che cosa c’è nella colonna."),
        ("Sez.", "aula", "Scegli un"),
    ],
)
def test_what_is_no_column_is_said_beside_it(desk: Browser, header: str, column: str, sentence: str) -> None:
    answer = text_of(desk.post(HERE, {"fai": "scrivi", "header": header, "column": column}))
    assert sentence in answer
    assert mapped.fields() == {}


def test_a_file_is_tried_its_columns_are_said_and_then_it_is_read(valle: Cast, desk: Browser, tmp_path: Path) -> None:
    before = Child.objects.count()
    page = text_of(desk.post(TRIAL, {"file": file(tmp_path, ANNA, LUCA)}))
    assert "Mancano le colonne: Classe." in page
    assert "docs/how" not in page
    said = {
        "fai": "salva",
        "intestazione-0": "Cod. ass.",
        "era-0": "",
        "colonna-0": "former_code",
        "intestazione-1": "Cognome",
        "era-1": "family_name",
        "colonna-1": "family_name",
        "intestazione-7": "Sez. frequentata",
        "era-7": "",
        "colonna-7": "class_name",
    }
    assert "2 colonne ricordate: prova di nuovo il file." in text_of(desk.post(TRIAL, said, follow=True))
    assert mapped.fields() == {"cod ass": "former_code", "sez frequentata": "class_name"}
    page = text_of(desk.post(TRIAL, {"file": file(tmp_path, ANNA, LUCA)}))
    assert "Si legge tutto Righe lette: 2." in page
    assert "Cod. ass. (l’hai detto tu)" in page
    assert Child.objects.count() == before
    assert "Non hai cambiato nessuna colonna" in text_of(desk.post(TRIAL, {"fai": "salva"}, follow=True))


def test_bad_lines_and_bad_files_are_told(desk: Browser, tmp_path: Path) -> None:
    wrong = [*ANNA]
    wrong[HEADERS.index("Codice fiscale")] = "RSSNNA"
    page = text_of(desk.post(TRIAL, {"file": file(tmp_path, wrong, headers=HEADERS)}))
    assert "Righe che non vanno: 1." in page
    assert "Riga 2, Codice fiscale" in page
    twice = text_of(desk.post(TRIAL, {"file": file(tmp_path, [*ANNA, "x"], headers=[*HEADERS, "Matricola"])}))
    assert "Due colonne dicono la stessa cosa" in twice
    assert "Il file non è né un testo" in text_of(desk.post(TRIAL, {"file": SimpleUploadedFile("x.csv", b"\x00\x01\x02")}))
    assert "Il file è vuoto." in text_of(desk.post(TRIAL, {"file": SimpleUploadedFile("x.csv", b"")}))


def test_only_the_office_opens_it(valle: Cast) -> None:
    for role in ("school", "kitchen", "cashier"):
        for address in (HERE, TRIAL):
            assert browser(valle.town, valle.staff[role]).get(address).status_code == 403
