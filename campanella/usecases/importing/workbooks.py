"""
XLSX, XLSM, XLS and ODS → rows: values only, macros are never run.

What a workbook declares is checked before it is unpacked (a few kilobytes may claim gigabytes), and so is the rectangle
its cells span, because a reader lays it out in full.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from posixpath import join, normpath

from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, WorksheetNotFound

from campanella.usecases.importing.cells import Broken, Cell, Row, Unreadable, too_many

ZIP = b"PK\x03\x04"
OLE = bytes.fromhex("D0CF11E0A1B11AE1")

MOST_UNPACKED = 400 * 1024 * 1024
MOST_COLUMNS = 200

NOT_COMPUTED = "contiene una formula senza valore: apri il file, salvalo di nuovo e riprova"
ERROR_VALUE = "contiene un errore di calcolo (come #DIV/0! o #N/D)"

_CELL = re.compile(
    rb'<(?:\w+:)?c\s(?P<about>[^>]*?)(?:/>|>(?P<inside>.*?)</(?:\w+:)?c>)', re.DOTALL
)  # fmt: skip
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is)>[^<]*[^<\s]|<(?:\w+:)?is>")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_REPEATED = re.compile(rb'number-(rows|columns)-repeated="(\d+)"')


def is_workbook(signature: bytes) -> bool:
    """Tell by its first bytes whether a file is a workbook."""
    return signature.startswith((ZIP, OLE))


def rows(path: Path, *, signature: bytes, sheet: str | None, most_rows: int) -> Iterator[Row]:
    """
    Read one sheet.

    :raises Unreadable: broken, locked with a password, without such a sheet, or too large
    """
    broken: dict[tuple[int, int], Broken] = {}
    try:
        names = _names(path)
        if sheet is not None and sheet not in names:
            raise Unreadable(f"Nel file non c’è il foglio “{sheet}”; ci sono: {', '.join(names)}.")
        wanted = sheet if sheet is not None else names[0]
        if signature.startswith(ZIP):
            broken = _inspect(path, sheet=wanted, most_rows=most_rows)
        with CalamineWorkbook.from_path(str(path)) as book:
            cells = book.get_sheet_by_name(wanted).to_python(skip_empty_area=False)
    except PasswordError:
        raise Unreadable("Il file è protetto da una password: salvalo senza.")
    except (
        CalamineError,
        WorksheetNotFound,
        zipfile.BadZipFile,
        etree.XMLSyntaxError,
        KeyError,
        IndexError,
        OSError,
    ) as failure:
        words = str(failure).strip() or "vuoto"
        raise Unreadable(f"Il foglio elettronico è rovinato: aprilo, salvalo di nuovo come XLSX e riprova ({words}).")
    for y, values in enumerate(cells):
        yield Row(y + 1, [broken.get((y, x), _cell(value)) for x, value in enumerate(values)])


def _names(path: Path) -> list[str]:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > MOST_UNPACKED:
            raise Unreadable(
                f"Il file aperto occupa {unpacked // 2**20} MiB; se ne importano al massimo {MOST_UNPACKED // 2**20}."
            )
    with CalamineWorkbook.from_path(str(path)) as book:
        return list(book.sheet_names)


def _inspect(path: Path, *, sheet: str, most_rows: int) -> dict[tuple[int, int], Broken]:
    """Measure a sheet before it is laid out, and find the cells whose value is missing or an error."""
    with zipfile.ZipFile(path) as archive:
        part = _part_of(archive, sheet)
        if part is None:
            if "content.xml" in archive.namelist():
                _measure_ods(archive.read("content.xml"), most_rows)
            return {}
        return _broken_cells(archive.read(part), most_rows)


def _broken_cells(content: bytes, most_rows: int) -> dict[tuple[int, int], Broken]:
    found: dict[tuple[int, int], Broken] = {}
    for cell in _CELL.finditer(content):
        about, inside = cell["about"], cell["inside"] or b""
        place = _PLACE.search(about)
        if place is None:
            continue
        y, x = int(place[2]) - 1, _column(place[1])
        # An empty cell with a format only, far away, is laid out all the same.
        if y >= most_rows + 100:
            raise Unreadable(too_many(most_rows))
        if x >= MOST_COLUMNS:
            raise Unreadable(f"Il foglio ha più di {MOST_COLUMNS} colonne: cancella quelle vuote e riprova.")
        if b't="e"' in about:
            found[y, x] = Broken(ERROR_VALUE)
        elif _FORMULA.search(inside) and not _VALUE.search(inside):
            found[y, x] = Broken(NOT_COMPUTED)
    return found


def _measure_ods(content: bytes, most_rows: int) -> None:
    # The last rows and columns of a sheet are usually one empty cell repeated to its edge: those cost nothing.
    for kind, count in _REPEATED.findall(content):
        most = most_rows if kind == b"rows" else MOST_COLUMNS
        if most < int(count) < (1_000_000 if kind == b"rows" else 16_000):
            what = "riga" if kind == b"rows" else "colonna"
            raise Unreadable(f"Nel foglio una {what} è ripetuta {int(count)} volte: copia solo l’elenco in un foglio nuovo.")


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Return the name of a sheet's part inside an XLSX, None when it is no XLSX."""
    if "xl/workbook.xml" not in archive.namelist():
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    book = etree.fromstring(archive.read("xl/workbook.xml"), parser)
    links = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), parser)
    targets = {link.get("Id"): link.get("Target") for link in links}
    for entry in book.iter("{*}sheet"):
        if entry.get("name") == sheet:
            link = next((value for name, value in entry.attrib.items() if str(name).endswith("}id")), None)
            target = str(targets.get(link))
            return target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
    return None


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _cell(value: Cell) -> Cell:
    return None if value == "" else value
