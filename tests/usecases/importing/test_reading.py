"""Files of any make, and hostile ones: rows, or one sentence."""

import re
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from campanella.usecases.importing import columns, reading, workbooks
from campanella.usecases.importing.cells import Cell, Unreadable
from tests.usecases.importing.files import ANNA, HEADERS, text_file, workbook


def read(path: Path, **more: str) -> list[list[Cell]]:
    return [row.cells for row in reading.rows(path, **more)]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
def test_text_of_any_make(tmp_path: Path, separator: str, encoding: str) -> None:
    rows = [["Rossi", "Niccolò"], ["D’Amico" if encoding != "latin-1" else "D'Amico", "Zoë"]]
    path = text_file(tmp_path, rows, headers=["Cognome", "Nome"], separator=separator, encoding=encoding)
    assert read(path) == [["Cognome", "Nome"], *rows]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_sixteen_bits_without_their_mark(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("Cognome;Nome\nRossi;Niccolò\n".encode(encoding))
    assert read(path) == [["Cognome", "Nome"], ["Rossi", "Niccolò"]]


def test_quotes_line_breaks_and_empty_rows_keep_the_numbers_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('Cognome;Nome\n\n"De\nLuca";"Anna; detta Nina"\n;;\nRossi;Luca\n')
    assert [(row.number, row.cells) for row in reading.rows(path)] == [
        (1, ["Cognome", "Nome"]),
        (3, ["De\nLuca", "Anna; detta Nina"]),
        (6, ["Rossi", "Luca"]),
    ]


@pytest.mark.parametrize(
    "last",
    ["", 'Neri;Ugo;5A;x"\n', 'Neri;Ugo;5A;"x\n', 'Neri;Ugo;5A;"x"\n'],
    ids=["never closed", "closed by an end", "closed by a beginning", "closed by a whole cell"],
)
def test_a_forgotten_quote_swallows_no_rows(tmp_path: Path, last: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text('Cognome;Nome;Classe;Note\nRossi;Anna;1A;\nVerdi;Ada;2A;"urgente\nBianchi;Ivo;3A;\n' + last)
    with pytest.raises(Unreadable, match=r"^Riga 3: una cella comincia con le virgolette"):
        read(path)


def test_a_sheet_is_chosen_by_name(tmp_path: Path) -> None:
    path = workbook(tmp_path, [ANNA])
    assert read(path, sheet="Alunni")[0] == HEADERS
    with pytest.raises(Unreadable, match="non c’è il foglio “Tutti”; ci sono: Alunni, Altro"):
        read(path, sheet="Tutti")
    with pytest.raises(Unreadable, match="Il file è vuoto"):
        read(path, sheet="Altro")


def bomb(path: Path) -> None:
    archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
    with archive, archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
        for _ in range(500):
            part.write(b"0" * 2**20)


def far_cell(path: Path) -> None:
    good = workbook(path.parent, [ANNA])
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            content = source.read(part)
            if part.endswith("sheet1.xml"):
                content = content.replace(
                    b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                )
            target.writestr(part, content)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Il file è vuoto."),
        (b"\r\n \r\n;;\r\n", "Il file è vuoto."),
        (
            b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
            "Il file non è né un testo (CSV) né un foglio elettronico (XLSX, XLS, ODS).",
        ),
        (b"%PDF-1.7\n\x00\x01\x02", "Il file è un PDF: aprilo con il programma che l’ha fatto e salvalo come XLSX o CSV."),
        (b" <HTML><table>", "Il file è una pagina web"),
        (b"PK\x03\x04" + b"x" * 500, "Il foglio elettronico è rovinato"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + b"\x00" * 2000, "Il foglio elettronico è rovinato"),
        (b"a;b\n" + b'"' + b"x" * 200_000, 'Riga 2: una cella comincia con le virgolette (") e non finisce dove dovrebbe.'),
    ],
    ids=["empty", "blank", "picture", "pdf", "web page", "broken zip", "broken xls", "endless cell"],
)
def test_garbage_is_one_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=re.escape(sentence)):
        read(path)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="non c’è"):
        read(tmp_path / "no.csv")
    with pytest.raises(Unreadable, match="non è un file"):
        read(tmp_path)


@pytest.mark.slow
def test_a_workbook_that_unpacks_to_half_a_gigabyte(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    bomb(path)
    assert path.stat().st_size < 2**20
    with pytest.raises(Unreadable, match="Il file aperto occupa 500 MiB"):
        read(path)


def test_a_cell_at_the_far_edge_is_not_laid_out(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    far_cell(path)
    with pytest.raises(Unreadable, match=r"più di 200\.000 righe"):
        read(path)


@pytest.mark.slow
def test_two_million_rows_stop_early_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("w") as file:
        file.write("Cognome;Nome;Plesso;Classe\n")
        file.writelines("Rossi;Anna;Rodari;1A\n" for _ in range(2_000_000))
    tracemalloc.start()
    with pytest.raises(Unreadable, match=r"più di 200\.000 righe"):
        next(reading.rows(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * 2**20


def test_macros_are_only_a_name(tmp_path: Path) -> None:
    path = workbook(tmp_path, [ANNA])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 Auto_Open")
    assert read(path.rename(tmp_path / "a.xlsm"))[1][1] == "Bruni"


def test_an_error_value_is_told(tmp_path: Path) -> None:
    path = workbook(tmp_path, [ANNA], formulas=[("O2", "=1/0", "#DIV/0!")])
    assert read(path)[1][14] == workbooks.Broken(workbooks.ERROR_VALUE)


@pytest.mark.parametrize(
    ("headers", "sentence"),
    [
        (["Cognome"], "Mancano le colonne: Nome, Classe, Plesso."),
        (["Cognome", "Nome", "Classe"], "Mancano le colonne: Plesso."),
        (["a", "b"], "Mancano le colonne: Cognome, Nome, Classe, Plesso. Al posto delle intestazioni c’è scritto: a, b."),
        (
            ["Cognome", "Nome", "COGNOME  alunno", "Classe", "Plesso"],
            "Due colonne dicono la stessa cosa: “Cognome” e “COGNOME  alunno”.",
        ),
        (["Cognome", "Nome", "Classe", "Plesso", "Saldo", "Debito"], "Ci sono sia “Saldo” sia “Debito” o “Credito”"),
    ],
)
def test_headers_that_do_not_do(headers: list[Cell], sentence: str) -> None:
    with pytest.raises(Unreadable, match=re.escape(sentence)):
        columns.recognise(headers, columns.known_to({}))


def test_synonyms_and_headers_nobody_knows() -> None:
    found = columns.recognise(
        ["COGNOME ALUNNO", "Nome alunno", "Sezione", "Scuola", "EMAIL genitore", "Religione", None], columns.known_to({})
    )
    assert found.places == {"family_name": 0, "given_name": 1, "class_name": 2, "school_name": 3, "guardian_email": 4}
    assert found.ignored == ("Religione",)
