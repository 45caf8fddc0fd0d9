"""
A web page called ``.xls``, as many programs export: the rows of its tables, as a browser shows them.

A cell that spans rows is not read as if it stood in the first one only: what continues it says so (``Continued``).
"""

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from campanella.usecases.importing import encodings
from campanella.usecases.importing.cells import Cell, Continued, Row, Unreadable

MOST_COLUMNS = 200
SAVE_IT = "aprilo con il programma che l’ha fatto e salvalo come XLSX"
_BEGINNING = re.compile(
    rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*<(!doctype html|html)|<(!doctype html|html|head|meta|style|table|!--))",
    re.IGNORECASE,
)
_CHARSET = re.compile(rb"<meta[^>]+charset", re.IGNORECASE)


def is_webpage(head: bytes) -> bool:
    """Tell by how it begins whether a file is a web page."""
    return bool(_BEGINNING.match(head))


def rows(path: Path, *, head: bytes, encoding: str | None) -> Iterator[Row]:
    """
    Read the rows of every table, one after the other.

    :param head: how the file begins
    :raises Unreadable: it has no table
    """
    if encoding is None and not _CHARSET.search(head):
        encoding = encodings.of_text(path, head)
    number = 0
    open_cells: dict[int, tuple[int, Cell]] = {}
    table: etree._Element | None = None
    try:
        for _, row in etree.iterparse(path, events=("end",), tag="tr", html=True, encoding=_for_lxml(encoding)):
            if row.find(".//tr") is not None:
                continue
            if (mine := next(row.iterancestors("table"), None)) is not table:
                table, open_cells = mine, {}
            number += 1
            yield Row(number, _cells(row, open_cells))
            row.clear(keep_tail=False)
    except (etree.XMLSyntaxError, LookupError) as failure:
        raise Unreadable(f"Il file è una pagina web rovinata: {SAVE_IT} ({failure}).")
    if not number:
        raise Unreadable(f"Il file è una pagina web senza una tabella: {SAVE_IT}.")


def _cells(row: etree._Element, open_cells: dict[int, tuple[int, Cell]]) -> list[Cell]:
    """
    Return the cells of a row in their columns.

    :param open_cells: rows still to come and value of the cells that span them, by column
    """
    cells: list[Cell] = []
    for cell in row.iterchildren("td", "th"):
        _continue(cells, open_cells)
        text = " ".join("".join(_texts(cell)).split())
        value: Cell = text or None
        spans = _number(cell.get("rowspan"))
        if spans > 1:
            open_cells[len(cells)] = (spans - 1, value)
        cells += [value, *[None] * (min(_number(cell.get("colspan")), MOST_COLUMNS) - 1)]
        if len(cells) > MOST_COLUMNS:
            raise Unreadable(f"La tabella ha più di {MOST_COLUMNS} colonne: cancella quelle vuote e riprova.")
    _continue(cells, open_cells)
    return cells


def _continue(cells: list[Cell], open_cells: dict[int, tuple[int, Cell]]) -> None:
    while len(cells) in open_cells:
        left, value = open_cells.pop(len(cells))
        if left > 1:
            open_cells[len(cells)] = (left - 1, value)
        cells.append(Continued(value))


def _texts(cell: etree._Element) -> Iterator[str]:
    """Give what is shown: a line break is a blank, a style or a comment is nothing."""
    for part in cell.iter():
        if part.tag in ("br", "p", "div"):
            yield " "
        if isinstance(part.tag, str) and part.tag not in ("style", "script"):
            yield part.text or ""
        if part is not cell:
            yield part.tail or ""


def _number(written: str | None) -> int:
    return int(written) if written and written.isascii() and written.isdigit() and len(written) < 7 else 1


def _for_lxml(encoding: str | None) -> str | None:
    return "utf-8" if encoding == "utf-8-sig" else {"mac-roman": "macintosh"}.get(encoding or "", encoding)
