"""
A file of unknown make → rows of cells, lazily and within limits.

Text: separators ``;`` ``,`` tab ``|``, the encoding found out (``encodings.py``). Workbooks are in ``workbooks.py``, web
pages that call themselves workbooks in ``webpages.py``.
"""

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from campanella.usecases.importing import encodings, webpages, workbooks
from campanella.usecases.importing.cells import Cell, Row, Unreadable, says_something, too_many
from campanella.usecases.importing.encodings import HEAD

MOST_ROWS = 200_000
MOST_BYTES = 100 * 1024 * 1024
SEPARATORS = ";,\t|"

# What a file that is no list begins with, however it is called.
FOREIGN = {
    b"%pdf": "un PDF",
    b"<?xml": "un documento XML",
    b"mime-version": "una pagina web in un file solo",
    b"{\\rtf": "un documento di testo",
}

# What no text file has: these bytes betray an image or a program.
BINARY = bytes(set(range(32)) - {9, 10, 12, 13, 26})


def rows(
    path: Path, *, sheet: str | None = None, encoding: str | None = None, separator: str | None = None
) -> Iterator[Row]:
    """
    Read a file row by row; wholly empty rows are left out, numbers are the file's own, from 1.

    :param sheet: name of the sheet of a workbook, the first otherwise
    :param encoding: of a text file, guessed otherwise
    :param separator: one character, guessed otherwise
    :raises Unreadable: it is no such file, is broken, or is larger than an import may be
    """
    _check_size(path)
    with path.open("rb") as file:
        head = file.read(HEAD)
    if workbooks.is_workbook(head):
        found = _not_blank(workbooks.rows(path, signature=head[:8], sheet=sheet, most_rows=MOST_ROWS))
    elif webpages.is_webpage(head):
        found = _not_blank(webpages.rows(path, head=head, encoding=encoding))
    else:
        _check_kind(head)
        encoding = encoding or encodings.of_text(path, head)
        # Counted first: whoever reads these rows looks closely at each, and would do so in vain.
        if sum(1 for _ in islice(_not_blank(_text_rows(path, encoding, separator)), MOST_ROWS + 1)) > MOST_ROWS:
            raise Unreadable(too_many(MOST_ROWS))
        found = _not_blank(_text_rows(path, encoding, separator))
    read = 0
    for row in found:
        read += 1
        if read > MOST_ROWS:
            raise Unreadable(too_many(MOST_ROWS))
        yield row
    if not read:
        raise Unreadable("Il file è vuoto.")


def _check_kind(head: bytes) -> None:
    """:raises Unreadable: the file is of another kind, or no text at all"""
    for beginning, what in FOREIGN.items():
        if head.lstrip().lower().startswith(beginning):
            raise Unreadable(f"Il file è {what}: aprilo con il programma che l’ha fatto e salvalo come XLSX o CSV.")
    if head.translate(None, BINARY) != head and not encodings.of_two_bytes(head):
        raise Unreadable("Il file non è né un testo (CSV) né un foglio elettronico (XLSX, XLS, ODS).")


def separator_of(head: str) -> str:
    """Return the separator of a text: the one that its first lines hold most often alike; a single column takes ``;``."""
    lines = [line for line in head.splitlines() if line.strip()][:20]
    counts = {mark: [line.count(mark) for line in lines] for mark in SEPARATORS}
    # The header decides: it has no amounts with commas and no addresses.
    best = max(SEPARATORS, key=lambda mark: (min(counts[mark][:1] or [0]), sum(counts[mark])))
    return best if sum(counts[best]) else ";"


def _text_rows(path: Path, encoding: str, separator: str | None) -> Iterator[Row]:
    try:
        with path.open(encoding=encoding, newline="") as file:
            separator = separator or separator_of(file.read(HEAD))
            file.seek(0)
            reader = csv.reader(file, delimiter=separator, strict=True)
            number, width = 1, 0
            for cells in reader:
                if width > 1 and any(_holds_a_row(cell, separator, width) for cell in cells):
                    raise Unreadable(_open_quote(number))
                if len(cells) == 1 and separator in cells[0]:
                    # The whole row is in quotes, and its own quotes are doubled.
                    (cells,) = csv.reader([cells[0]], delimiter=separator, strict=True)
                values: list[Cell] = [*cells]
                yield Row(number, values)
                number, width = reader.line_num + 1, max(width, len(cells))
    except (UnicodeError, LookupError):
        raise Unreadable(f"Il file non è un testo nella codifica {encoding}.")
    except csv.Error:
        raise Unreadable(_open_quote(number))
    except TypeError:
        raise Unreadable("Il separatore è un carattere solo.")


def _holds_a_row(cell: str, separator: str, width: int) -> bool:
    """Tell whether a cell of several lines has swallowed others: a forgotten quote reaches as far as the next one."""
    return "\n" in cell and cell.count(separator) >= width - 1


def _open_quote(number: int) -> str:
    return (
        f'Riga {number}: una cella comincia con le virgolette (") e non finisce dove dovrebbe.'
        " Togli le virgolette, o raddoppia quelle dentro il testo."
    )


def _check_size(path: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError:
        raise Unreadable(f"Il file {path} non c’è.")
    if not path.is_file():
        raise Unreadable(f"{path} non è un file.")
    if size == 0:
        raise Unreadable("Il file è vuoto.")
    if size > MOST_BYTES:
        raise Unreadable(
            f"Il file ha {size // 2**20} MiB; se ne possono importare al massimo {MOST_BYTES // 2**20}: dividilo."
        )


def _not_blank(found: Iterator[Row]) -> Iterator[Row]:
    return (row for row in found if any(says_something(cell) for cell in row.cells))
