"""A file → its lines with their problems, and the totals it declares; titles, repeated headers and totals are no lines."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from campanella.foundation.core.money import Euro
from campanella.usecases.importing import columns, lines, reading, values
from campanella.usecases.importing.cells import Row, Unreadable, says_something
from campanella.usecases.importing.columns import Columns
from campanella.usecases.importing.lines import ChildLine, Notations, Problem

# What a row begins with that sums others up.
_TOTAL = re.compile(r"(sub ?)?total|(tot|somma|riepilogo)\b")
# A title may stand above the table.
TITLE_ROWS = 15


@dataclass(frozen=True)
class Source:
    """A file, and what the operator says about it."""

    path: Path
    sheet: str | None = None
    encoding: str | None = None
    separator: str | None = None
    # What the town has said of its columns, folded header → field; empty is left out.
    said: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Declared:
    """Control totals, both positive; ``balance`` is credits less debts. None was not declared."""

    debts: Euro | None = None
    credits: Euro | None = None
    balance: Euro | None = None


@dataclass(frozen=True)
class Table:
    """A file as it was read; ``declared`` has its own totals where the operator said none."""

    lines: list[ChildLine]
    problems: list[Problem]
    ignored: tuple[str, ...]
    declared: Declared


def read(*, source: Source, declared: Declared, today: date) -> Table:
    """
    Read a file whole; nothing of the town is asked.

    :raises Unreadable: the file as a whole cannot be taken
    """
    found = reading.rows(source.path, sheet=source.sheet, encoding=source.encoding, separator=source.separator)
    known = columns.known_to(source.said)
    headers, rows = _headers(found, known)
    told: list[ChildLine] = []
    problems: list[Problem] = []
    notations = Notations()
    last_total: Row | None = None
    for row in rows:
        if columns.is_header_again(row.cells, headers, known):
            continue
        if _is_total(row, headers):
            last_total = row
            continue
        # Only a total with no child after it is the whole file's; those before are of a class or a page.
        last_total = None
        line, wrong = lines.parse(row, headers, today=today)
        problems += wrong
        told.append(line)
        notations.note(row, headers)
    if not told:
        raise Unreadable("Il file ha le intestazioni e nessuna riga.")
    if last_total:
        declared = _declared_by(last_total, headers, declared)
    return Table(told, problems + notations.problems(), headers.ignored, declared)


def header_row(found: Iterable[Row], known: Mapping[str, str]) -> tuple[Row, Iterable[Row]]:
    """Return the header, or the first row where none looks like one, and the rows after it."""
    rows = iter(found)
    above: list[Row] = []
    for row in rows:
        if columns.looks_like_headers(row.cells, known):
            return row, rows
        above.append(row)
        if len(above) == TITLE_ROWS:
            break
    return above[0], rows


def _headers(found: Iterable[Row], known: Mapping[str, str]) -> tuple[Columns, Iterable[Row]]:
    row, rows = header_row(found, known)
    return columns.recognise(row.cells, known), rows


def _is_total(row: Row, headers: Columns) -> bool:
    first = next((cell for cell in row.cells if says_something(cell)), None)
    told = [headers.cell(row.cells, name) for name in ("given_name", "class_name")]
    is_child = any(says_something(cell) and cell != first for cell in told)
    return bool(_TOTAL.match(columns.folded(first))) and not is_child


def _declared_by(row: Row, headers: Columns, declared: Declared) -> Declared:
    try:
        debts, credits, balance = (values.total(headers.cell(row.cells, name)) for name in ("debt", "credit", "balance"))
    except values.Wrong as wrong:
        raise Unreadable(f"Riga {row.number}, il totale: {wrong}.")
    return Declared(declared.debts or debts, declared.credits or credits, declared.balance or balance)
