"""Files as offices send them: called what they are not, in old encodings, with merged cells, totals and slips of the pen."""

import random
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from campanella.usecases.importing import encodings, reading
from campanella.usecases.importing.cells import Cell, Continued, Unreadable
from tests.usecases.importing.files import ANNA, HEADERS, text_file, workbook


def read(path: Path, **more: str) -> list[list[Cell]]:
    return [row.cells for row in reading.rows(path, **more)]


def written(folder: Path, content: bytes, name: str = "alunni.xls") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>{head}
<style>td {{ mso-number-format:"\\@" }}</style></head>
<body><table><tr><td colspan=3><b>Elenco&nbsp;alunni</b></td></tr></table>
<table border=1><tr><th>Cognome</th><th>Nome<th>Classe</tr>
<tr><td rowspan=1>D’Amico<td>Zoë <!-- -->  Lucia<td rowspan="2">3A</tr>
<tr><td>Verdi<br>Neri</td><td><table><tr><td>Ugo</table></td></tr>
<tr><td>Bianchi</td><td>&nbsp;</td><td>=1+1</td></tr></table></body></html>"""


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta http-equiv=Content-Type content="text/html; charset=windows-1252">', "cp1252"),
        ('<meta charset="utf-8">', "utf-8"),
        ("", "utf-8"),
        ("", "cp1252"),
    ],
)
def test_a_web_page_called_a_workbook(tmp_path: Path, head: str, encoding: str) -> None:
    page = PAGE.format(head=head).replace("<td><table><tr><td>Ugo</table></td>", "<td>Ugo</td>")
    assert read(written(tmp_path, page.encode(encoding))) == [
        ["Elenco alunni", None, None],
        ["Cognome", "Nome", "Classe"],
        ["D’Amico", "Zoë Lucia", "3A"],
        ["Verdi Neri", "Ugo", Continued("3A")],
        ["Bianchi", None, "=1+1"],
    ]


def test_a_web_page_without_a_table_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="è una pagina web senza una tabella"):
        read(written(tmp_path, b"<!DOCTYPE html><html><body><p>Accedi</p></body></html>"))


def test_rows_wrapped_whole_in_quotes_are_unwrapped(tmp_path: Path) -> None:
    content = 'Cognome;Nome;Note\r\n"Rossi;Anna;""detta """"Nina"""""""\r\n"De Luca;Ugo;"\r\nVerdi;Ada;\r\n'
    assert read(written(tmp_path, content.encode(), "a.csv")) == [
        ["Cognome", "Nome", "Note"],
        ["Rossi", "Anna", 'detta "Nina"'],
        ["De Luca", "Ugo", ""],
        ["Verdi", "Ada", ""],
    ]


TEXTS = [
    "Cognome;Nome\rD’Amico;Niccolò\rNicolò;Zoë\r",
    "Cognome;Nome\nNICCOLÒ;NOÈ\nDALLÀ;MARÌ\n",
    "Cognome;Nome\nNoè;José\nMuñoz;Begoña\n",
    "Cognome;Nome;Servizi\nRossi;Nicolò;mensa «A»\n",
    "Cognome;Nome;Plesso\nRossi;Ada;Città di “Roma”\nBianchi;Lucìa;1ª A\n",
    "Cognome;Nome;Classe\nRossi;Ada;1ª\nBianchi;Ugo;2ª\n",
    "Cognome;Nome;Saldo\nRossi;Ada;€ 12,50\nPerù;Ugo;€ 1,00\n",
]


@pytest.mark.parametrize("encoding", ["cp1252", "mac-roman", "utf-8", "utf-16"])
@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_the_encoding_of_a_text_is_found_out(tmp_path: Path, text: str, encoding: str) -> None:
    path = written(tmp_path, text.encode(encoding), "a.csv")
    assert read(path) == [line.split(";") for line in text.splitlines()]


@pytest.mark.parametrize("text", [TEXTS[1], TEXTS[5], "Cognome;Nome\nDalò;Noè\n"], ids=[1, 5, 7])
def test_a_text_of_dos_is_found_out(tmp_path: Path, text: str) -> None:
    assert read(written(tmp_path, text.encode("cp850"), "a.csv")) == [line.split(";") for line in text.splitlines()]


ITALIAN = st.lists(
    st.sampled_from(["Nicolò", "Niccolò", "Noè", "José", "Lucìa", "Mattìa", "D’Angelo", "Perù", "Carrà", "Totò", "Cefalù"]),
    min_size=1,
    max_size=8,
)


@given(names=ITALIAN, encoding=st.sampled_from(encodings.ONE_BYTE), capitals=st.booleans())
@settings(max_examples=200)
def test_italian_names_are_read_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], encoding: str, capitals: bool
) -> None:
    text = ";".join(["Cognome", *names]).replace("’", "’" if encoding != "cp850" else "'")
    path = tmp_path_factory.getbasetemp() / "property.csv"
    path.write_bytes((text.upper() if capitals else text).encode(encoding))
    assert read(path) == [(text.upper() if capitals else text).split(";")]


def test_merged_cells_go_on_downwards(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:C1", "Elenco")
        sheet.write_row(1, 0, ["Cognome", "Nome", "Classe"])
        for y, name in enumerate(["Anna", "Ugo", "Ada"], start=2):
            sheet.write_row(y, 0, ["Rossi", name])
        sheet.merge_range("C3:C5", "3A")
    assert read(path)[2:] == [["Rossi", "Anna", "3A"], ["Rossi", "Ugo", Continued("3A")], ["Rossi", "Ada", Continued("3A")]]


def open_document(folder: Path, *, kind: str, content: bytes) -> Path:
    path = folder / "a.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", b"<manifest/>")
    return path


def test_merged_cells_of_an_open_document_are_refused(tmp_path: Path) -> None:
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="Foglio1"><table:table-row><table:table-cell table:number-rows-spanned="2"'
        ' office:value-type="string"><text:p>3A</text:p></table:table-cell></table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with pytest.raises(Unreadable, match="Nel foglio ci sono celle unite su più righe"):
        read(open_document(tmp_path, kind="spreadsheet", content=content.encode()))


def test_a_text_document_is_no_list(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="Il file è un documento di testo"):
        read(open_document(tmp_path, kind="text", content=b"<x/>"))
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(text_file(tmp_path, [ANNA]), "anagrafica.csv")
    with pytest.raises(Unreadable, match="Il file è un archivio ZIP"):
        read(archive)


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_workbook_is_a_sentence(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    content = bytearray(workbook(tmp_path, [ANNA] * 30).read_bytes())
    if seed % 2:
        content = content[: dice.randrange(10, len(content))]
    for _ in range(dice.randrange(1, 40) if seed % 4 < 3 else 0):
        content[dice.randrange(4, len(content))] = dice.randrange(256)
    path = written(tmp_path, bytes(content), "a.xlsx")
    try:
        rows = read(path)
    except Unreadable:
        return
    assert rows[0] == HEADERS, "a packed part that is not what it was is never read"


def test_a_part_that_unpacks_to_more_than_it_says_is_not_read(tmp_path: Path) -> None:
    path = workbook(tmp_path, [ANNA] * 50)
    content = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    liar = content.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert liar != content
    with pytest.raises(Unreadable, match="Il foglio elettronico è rovinato"):
        read(written(tmp_path, liar, "b.xlsx"))
