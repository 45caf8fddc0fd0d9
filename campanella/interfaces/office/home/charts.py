"""A small chart of columns as numbers for an SVG; the same numbers stand beside it in a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, BASE, TALLEST, COLUMN, STEP, MARGIN = 520, 140, 110, 36, 52, 8


@dataclass(frozen=True)
class Column:
    """One column: place and size in the drawing, and what is written above and below."""

    x: int
    y: int
    height: int
    middle: int
    label: str
    value: str
    is_last: bool

    @property
    def above(self) -> int:
        """Where the value is written."""
        return self.y - 6


def columns(values: Sequence[tuple[date, int]]) -> list[Column]:
    """Draw days and counts, ten at most, in order."""
    most = max((count for _, count in values), default=0) or 1
    drawn = []
    for i, (day, count) in enumerate(values):
        height = max(2, count * TALLEST // most)
        x = MARGIN + i * STEP
        value = f"{count:,}".replace(",", ".")
        drawn.append(
            Column(x, BASE - height, height, x + COLUMN // 2, f"{day.day}/{day.month}", value, i == len(values) - 1)
        )
    return drawn
