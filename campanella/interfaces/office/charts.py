"""A small chart of columns as numbers for an SVG; the same numbers stand beside it in a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from campanella.foundation.core.italian import month_name

BASE, TALLEST, COLUMN, STEP, MARGIN = 140, 110, 36, 52, 8
# A year of months is wider than ten days.
MOST_MONTHS, MONTHS_WIDE = 12, 632


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
    return _drawn([(f"{day.day}/{day.month}", count, f"{count:,}".replace(",", ".")) for day, count in values])


def months(values: Sequence[tuple[date, int]], *, in_euro: bool = False) -> list[Column]:
    """Draw months and counts, or sums in whole euro, ``MOST_MONTHS`` at most, in order; money is given in cents."""
    named = [(month_name(day)[:3], max(0, count // 100 if in_euro else count)) for day, count in values[-MOST_MONTHS:]]
    return _drawn([(name, count, _short(count)) for name, count in named])


def _short(count: int) -> str:
    """Write a number as a narrow column has room for it: 9.870, from a hundred thousand on 120k."""
    return f"{count:,}".replace(",", ".") if count < 100_000 else f"{count // 1000}k"


def _drawn(values: Sequence[tuple[str, int, str]]) -> list[Column]:
    most = max((count for _, count, _ in values), default=0) or 1
    drawn = []
    for i, (label, count, value) in enumerate(values):
        height = max(2, count * TALLEST // most)
        x = MARGIN + i * STEP
        drawn.append(Column(x, BASE - height, height, x + COLUMN // 2, label, value, i == len(values) - 1))
    return drawn
