"""A file of the former software is tried: what each of its columns would hold, and how its lines would be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from campanella.usecases.importing import columns, reading, table
from campanella.usecases.importing.cells import Unreadable
from campanella.usecases.importing.columns import ColumnsMissing
from campanella.usecases.importing.lines import Problem
from campanella.usecases.importing.table import Declared, Source


@dataclass(frozen=True, slots=True)
class ColumnTried:
    """
    A column of a file.

    :ivar field: what it holds; empty is left out, None that nobody knows
    :ivar is_said: by the town, not by the documented headers
    """

    header: str
    field: str | None
    is_said: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """
    How a file would be read; nothing of the town was asked, and nothing written.

    :ivar missing: columns without which it is not read at all, as they are documented
    :ivar refused: why it is not read, where it is for something else
    """

    columns: tuple[ColumnTried, ...]
    lines: int = 0
    problems: tuple[Problem, ...] = ()
    missing: tuple[str, ...] = ()
    refused: str = ""

    @property
    def bad(self) -> int:
        """How many lines could not be taken."""
        return len({problem.line for problem in self.problems if not problem.is_warning})


def try_file(*, source: Source, today: date) -> Tried:
    """
    Tell how a file would be read.

    :raises Unreadable: it is no file with rows, or is damaged
    """
    known = columns.known_to(source.said)
    found = reading.rows(source.path, sheet=source.sheet, encoding=source.encoding, separator=source.separator)
    row, _ = table.header_row(found, known)
    written = [str(cell).strip() for cell in row.cells if columns.folded(cell)]
    told = tuple(_tried(header, known, source.said) for header in written)
    try:
        read = table.read(source=source, declared=Declared(), today=today)
    except ColumnsMissing as missing:
        return Tried(told, missing=missing.names)
    except Unreadable as refused:
        return Tried(told, refused=refused.message)
    return Tried(told, len(read.lines), tuple(read.problems))


def _tried(header: str, known: Mapping[str, str], said: Mapping[str, str]) -> ColumnTried:
    name = columns.folded(header)
    return ColumnTried(header, known.get(name), name in said)
