"""
What of direct debit waits for the office: files that nobody took to the bank, invoices that are paid by two roads, what came
back and says too little, what was refused for a fault of the file.
"""

from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.debiting import statements
from campanella.domains.debiting.models import Collection, Coming
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A file that has never left the house: its collections are booked only if it does."""

    id: int
    message_id: str
    period: str
    first: date
    count: int
    cents: int


@dataclass(frozen=True, slots=True)
class Anything:
    """Of what there is anything that waits."""

    files: bool
    doubles: bool
    lines: bool
    faults: bool


def anything() -> Anything:
    """Tell of what anything waits: one query."""
    found = sql.row(statements.ANYTHING, {"town": active_town_id()})
    return Anything(*found) if found else Anything(files=False, doubles=False, lines=False, faults=False)


def waiting_files() -> list[WaitingFile]:
    """Return the files that were made and neither handed over nor given up, the first day first: one query."""
    rows = sql.rows(statements.WAITING_FILES, {"town": active_town_id()})
    return [
        WaitingFile(pk, message_id, period, first, count, int(cents)) for pk, message_id, period, first, count, cents in rows
    ]


@dataclass(frozen=True, slots=True)
class Double:
    """An invoice that was paid by another road as well, and the office has not looked yet."""

    id: int
    collection_id: int
    at: datetime
    is_booked: bool


def doubles() -> list[Double]:
    """Return what is paid by two roads and waits for the office, the oldest first: one query."""
    return [Double(*row) for row in sql.rows(statements.DOUBLES, {"town": active_town_id()})]


def asked_for(*, debt: str) -> Collection | None:
    """Return the collection by which a bank is being asked for a debt, or has paid it, None without one: two queries."""
    last = Collection.objects.filter(debt=debt).order_by("-attempt").first()
    if last is None:
        return None
    came = Coming.objects.filter(collection=last).order_by("-id").values_list("kind", flat=True).first()
    return last if came in (None, "booked") else None


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """
    A line of a bank of which nothing could be done by itself, and that the office has not looked at.

    :ivar key: as the bank wrote it: a collection's, a mandate's, or nothing
    :ivar collection_id: the collection it speaks of, where only the amount is another
    """

    id: int
    answer_id: int
    message_id: str
    number: int
    kind: str
    key: str
    reason: str
    cents: int | None
    day: date | None
    verdict: str
    collection_id: int | None
    received_at: datetime


def waiting_lines() -> list[WaitingLine]:
    """Return the lines of banks that nobody has sorted out, the oldest first: one query."""
    return [WaitingLine(*row) for row in sql.rows(statements.WAITING_LINES, {"town": active_town_id()})]


def waiting_line(*, line_id: int) -> WaitingLine | None:
    """Return one of them, None where it waits no more: one query."""
    return next((one for one in waiting_lines() if one.id == line_id), None)


def faults() -> dict[int, str]:
    """Return by collection that a fault of the file has refused, and that nobody has decided, the reason: one query."""
    return dict(sql.rows(statements.FAULTS, {"town": active_town_id()}))
