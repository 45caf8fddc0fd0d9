"""What a row of a file is made of."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from campanella.foundation.core.errors import Refusal


class Unreadable(Refusal):
    """The file as a whole cannot be taken; the sentence is for the operator."""


def too_many(most: int) -> str:
    """Say that a file has too many rows."""
    return f"Il file ha più di {most:,} righe: dividilo.".replace(",", ".")


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell that has no value of its own: a formula never computed, or computed to an error."""

    reason: str


@dataclass(frozen=True, slots=True)
class Continued:
    """A cell that is one with the cell above it, whose value it has only where that makes sense."""

    value: "Cell"


Cell = str | float | int | bool | date | datetime | time | timedelta | Broken | Continued | None


def says_something(cell: Cell) -> bool:
    """Tell whether a cell is more than blank; one that goes on from above says nothing new."""
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None and not isinstance(cell, Continued)


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its number in the file, from 1."""

    number: int
    cells: list[Cell]
