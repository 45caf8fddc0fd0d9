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


Cell = str | float | int | bool | date | datetime | time | timedelta | Broken | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its number in the file, from 1."""

    number: int
    cells: list[Cell]
