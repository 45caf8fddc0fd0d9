"""
XLSX, XLSM, XLS and ODS → rows: values only, macros are never run.

What a workbook declares is checked before it is unpacked (a few kilobytes may claim gigabytes), and so is the rectangle
its cells span, because a reader lays it out in full.
"""

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from posixpath import join, normpath
from typing import Any

from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, WorksheetNotFound

from campanella.usecases.importing.cells import Broken, Cell, Continued, Row, Unreadable, too_many

ZIP = b"PK\x03\x04"
OLE = bytes.fromhex("D0CF11E0A1B11AE1")

# Row and column, from 0.
Place = tuple[int, int]

MOST_UNPACKED = 400 * 1024 * 1024
MOST_COLUMNS = 200

NOT_COMPUTED = "contiene una formula senza valore: apri il file, salvalo di nuovo e riprova"
ERROR_VALUE = "contiene un errore di calcolo (come #DIV/0! o #N/D)"

_CELL = re.compile(rb"<(?:\w+:)?c\s(?P<about>[^>]*?)(?:/>|>(?P<inside>.*?)</(?:\w+:)?c>)", re.DOTALL)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is)>[^<]*[^<\s]|<(?:\w+:)?is>")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_SPANNED = re.compile(rb'number-rows-spanned="(?!1")\d')
_REPEATED = re.compile(rb'number-(rows|columns)-repeated="(\d+)"')


def is_workbook(signature: bytes) -> bool:
    """Tell by its first bytes whether a file is a workbook."""
    return signature.startswith((ZIP, OLE))


def rows(path: Path, *, signature: bytes, sheet: str | None, most_rows: int) -> Iterator[Row]:
    """
    Read one sheet.

    :raises Unreadable: broken, locked with a password, without such a sheet, or too large
    """
    broken: dict[Place, Broken] = {}
    merged: dict[tuple[int, int], Continued] = {}
    try:
        names = _names(path)
        if sheet is not None and sheet not in names:
            raise Unreadable(f"Nel file non c’è il foglio “{sheet}”; ci sono: {', '.join(names)}.")
        wanted = sheet if sheet is not None else names[0]
        if signature.startswith(ZIP):
            broken = _inspect(path, sheet=wanted, most_rows=most_rows)
        with CalamineWorkbook.from_path(str(path)) as book:
            table = book.get_sheet_by_name(wanted)
            cells = table.to_python(skip_empty_area=False)
            merged = _merged(table.merged_cell_ranges or [], cells)
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
        zlib.error,
        EOFError,
        NotImplementedError,
        ValueError,
    ) as failure:
        words = str(failure).strip() or "vuoto"
        raise Unreadable(f"Il foglio elettronico è rovinato: aprilo, salvalo di nuovo come XLSX e riprova ({words}).")
    for y, values in enumerate(cells):
        yield Row(y + 1, [merged.get((y, x)) or broken.get((y, x), _cell(value)) for x, value in enumerate(values)])


def _merged(ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]], cells: list[list[Any]]) -> dict[Place, Continued]:
    """Return the cells that are one with a cell above, by row and column."""
    merged: dict[Place, Continued] = {}
    for (top, left), (bottom, _) in ranges:
        for y in range(top + 1, min(bottom + 1, len(cells))):
            if left < len(cells[top]):
                merged[y, left] = Continued(_cell(cells[top][left]))
    return merged


def _names(path: Path) -> list[str]:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
            if unpacked > MOST_UNPACKED:
                raise Unreadable(
                    f"Il file aperto occupa {unpacked // 2**20} MiB; se ne importano al massimo {MOST_UNPACKED // 2**20}."
                )
            _check_parts(archive)
    with CalamineWorkbook.from_path(str(path)) as book:
        return list(book.sheet_names)


def _check_parts(archive: zipfile.ZipFile) -> None:
    """
    Look at what is packed before the workbook's reader does: it must be a sheet, whole, and as large as it says.

    :raises Unreadable: another kind of document, or locked
    :raises BadZipFile: a part is cut short, or is not what it was when it was packed
    """
    parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise PasswordError
    names = {part.filename for part in parts}
    kind = archive.read("mimetype")[:100] if "mimetype" in names and archive.getinfo("mimetype").file_size < 100 else b""
    if not ({"xl/workbook.xml", "xl/workbook.bin"} & names or b"spreadsheet" in kind):
        what = "un documento di testo" if "word/document.xml" in names or b".text" in kind else "un archivio ZIP"
        raise Unreadable(f"Il file è {what}: copia l’elenco in un foglio elettronico e salvalo come XLSX.")
    damaged = archive.testzip()
    if damaged:
        raise zipfile.BadZipFile(damaged)


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
    if _SPANNED.search(content):
        raise Unreadable("Nel foglio ci sono celle unite su più righe: dividile, scrivi il valore in ogni riga e riprova.")
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
