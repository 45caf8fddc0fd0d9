"""What the clients were told: the independent model of what must be in the book."""

import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

# "unknown": nobody answered, and the client did not ask again.
Outcome = Literal["done", "refused", "unknown"]


@dataclass(frozen=True)
class Movement:
    """An adjustment or a passage by the office, under the key of its form."""

    town_id: int
    source: str
    cents: dict[int, int]
    outcome: Outcome


@dataclass(frozen=True)
class Ordered:
    """Money that pagoPA took for a wallet."""

    town_id: int
    wallet_id: int
    notice_number: str
    cents: int
    email: str


@dataclass(frozen=True)
class File:
    """A file that was imported: balances by the children's codes."""

    town_id: int
    cents: dict[str, int]
    outcome: Outcome


@dataclass
class Journal:
    """Everything that the clients were told."""

    movements: list[Movement] = field(default_factory=list)
    ordered: list[Ordered] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    # Who was there: (town, child, day), once the sheet is confirmed.
    presences: dict[tuple[int, int, date], bool] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def count(self, what: str) -> None:
        """Count one operation of a kind."""
        with self._turn:
            self.counts[what] += 1
