"""
A board as it is drawn: in parts, each once for everybody who looks at the same numbers.

An open page says by a mark what it shows of each part, and is sent the parts that differ. A city's three hundred boards
are so drawn once for each change, not three hundred times (docs/decisions/0007-the-kitchen-asks.md).
"""

import zlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from threading import Lock
from typing import Any, cast

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from campanella.foundation.core import clock
from campanella.readings.counted import CountedDay
from campanella.readings.kitchen import board as boards
from campanella.readings.kitchen.board import Board
from campanella.readings.kitchen.rows import KitchenRows, SchoolRows

MINUTE = 60
MOST_ROWS = 2000
MOST_TOLD = 64


@dataclass(frozen=True)
class Part:
    """
    A piece of a page that is replaced alone.

    :ivar id: of its element; the text holds it once
    :ivar is_row: of the table: it travels in a template, where a browser lets it stand alone
    """

    id: str
    text: str
    is_row: bool = False

    @cached_property
    def mark(self) -> str:
        """The same for the same text."""
        return f"{zlib.crc32(self.text.encode()):x}"

    @property
    def swapped(self) -> SafeString:
        """As it is sent to a page that shows another."""
        return mark_safe(self.text.replace(f'id="{self.id}"', f'id="{self.id}" hx-swap-oob="true"', 1))  # noqa: S308  # our own

    @property
    def html(self) -> SafeString:
        """As it stands in a page."""
        return mark_safe(self.text)  # noqa: S308  # drawn by a template of ours


@dataclass(frozen=True)
class Drawn:
    """
    A board and its parts.

    :ivar structure: which parts there are, and how they hang together: with another, a page is drawn anew
    :ivar opened: the school whose classes are shown, where those of every school would be too many
    :ivar classes: the classes of the schools that are shown
    """

    board: Board
    opened: int | None
    minute: int
    structure: str
    summary: Part
    added: Part | None
    aside: Part
    kitchens: tuple[tuple[Part | None, tuple[Part, ...]], ...]
    sum: Part
    classes: tuple[Part, ...]

    @cached_property
    def parts(self) -> list[Part]:
        """Every part, in an order that the structure fixes."""
        rows = [part for head, schools in self.kitchens for part in (*([head] if head else []), *schools)]
        return [self.summary, *([self.added] if self.added else []), self.aside, *rows, self.sum, *self.classes]

    @cached_property
    def shown(self) -> str:
        """What a page of this board shows, short: its structure, then the mark of each part."""
        return ",".join([self.structure, *(part.mark for part in self.parts)])

    @cached_property
    def told(self) -> dict[str, str]:
        """What pages that showed something else were told, by what they showed: boards of one town mostly show the same."""
        return {}

    def tell(self, whom: str, told: str) -> None:
        """Keep an answer for the next page that shows the same; a few of them, for pages may say anything."""
        if len(self.told) >= MOST_TOLD:
            self.told.clear()
        self.told[whom] = told

    def differing(self, shown: str) -> list[Part] | None:
        """
        Return the parts that are other than a page shows; None when it is to be drawn anew.

        :param shown: what the page shows, as ``shown`` of its board said
        """
        was, now = shown.split(","), self.shown.split(",")
        if was[0] != now[0] or len(was) != len(now):
            return None
        return [part for part, before, mark in zip(self.parts, was[1:], now[1:], strict=True) if before != mark]


def of(
    *, of_day: CountedDay, service_code: str, seen: frozenset[int] | None, opened: int | None, today: date, now: datetime
) -> Drawn:
    """
    Return a board as it is drawn in this minute: what it says of the time left goes with the minute.

    :param seen: the schools that whoever looks is held to, None for all
    :param opened: the school whose classes are wanted
    """
    board = boards.of(of_day=of_day, service_code=service_code, seen=seen)
    opened = opened if board.is_folded and any(school.school_id == opened for school in board.schools) else None
    minute = int(now.timestamp()) // MINUTE
    same = f"kitchen.drawn {board.service and board.service.pk} {sorted(seen) if seen is not None else ''} {opened}"
    # One draws while the others wait: that is quicker than all of them at once.
    with _drawing:
        found = cast("Drawn | None", of_day.made.get(same))
        if found is None or found.minute != minute:
            found = of_day.made[same] = _drawn(board, opened, minute, today, now)
        return found


def _drawn(board: Board, opened: int | None, minute: int, today: date, now: datetime) -> Drawn:
    headings = tuple(column.label for column in board.columns)
    known: dict[str, Any] = {"board": board, "today": today, "headings": headings, **_time_left(board, now)}
    named = len(board.kitchens) > 1
    shown = [one for one in board.schools if not board.is_folded or one.school_id == opened]
    return Drawn(
        board=board,
        opened=opened,
        minute=minute,
        structure=_structure(board, opened),
        summary=_part("in-breve", "summary", known),
        added=_part("dopo", "added", known) if board.sheets else None,
        aside=_part("accanto", "aside", known),
        kitchens=tuple(
            (_kitchen(kitchen, known) if named else None, tuple(_school(school, known) for school in kitchen.schools))
            for kitchen in board.kitchens
        ),
        sum=_part("in-tutto", "sum", known, is_row=True),
        classes=tuple(_part(f"classi-{one.school_id}-{one.shift}", "classes", {**known, "school": one}) for one in shown),
    )


def _structure(board: Board, opened: int | None) -> str:
    said = (
        board.day,
        board.service and board.service.pk,
        [column.label for column in board.columns],
        [(school.school_id, school.shift) for school in board.schools],
        [(frozen.sheet.pk, frozen.sheet.number, bool(frozen.added)) for frozen in board.sheets],
        [kitchen.name for kitchen in board.kitchens],
        opened,
    )
    return f"{zlib.crc32(repr(said).encode()):x}"


def _time_left(board: Board, now: datetime) -> dict[str, Any]:
    """Say until when the numbers may change: the first and the last cut-off of the schools that are not frozen."""
    first, last = (board.cut_offs[0], board.cut_offs[-1]) if board.cut_offs else (None, None)
    return {
        "closes_first": first,
        "closes_at": last,
        "closes_before": bool(last and clock.day_of(last) < board.day),
        "seconds_left": int((last - now).total_seconds()) if last else 0,
    }


def _part(id: str, template: str, known: dict[str, Any], *, is_row: bool = False) -> Part:
    return Part(id, get_template(f"kitchen/parts/{template}.html").render(known), is_row)


def _kitchen(kitchen: KitchenRows, known: dict[str, Any]) -> Part:
    return _part(f"cucina-{kitchen.id}", "kitchen", {**known, "kitchen": kitchen}, is_row=True)


def _school(school: SchoolRows, known: dict[str, Any]) -> Part:
    """Draw the row of a school, once for the same numbers: a change is of one school among forty."""
    board = cast("Board", known["board"])
    sum, counts = school.sum, tuple(count for _, count in school.sum.diets)
    numbers = (sum.name, sum.expected, sum.plain, sum.white, counts, sum.adults, sum.total)
    of_school = (school.school_id, school.shift, school.confirmed, school.classes, school.is_called, school.change)
    key = (numbers, of_school, board.is_folded, board.service and board.service.code, known["headings"])
    part = _rows.get(key)
    if part is None:
        id = f"riga-{school.school_id}-{school.shift}"
        part = _rows[key] = _part(id, "school", {**known, "school": school}, is_row=True)
        while len(_rows) > MOST_ROWS:
            _rows.popitem(last=False)
    return part


_rows: OrderedDict[tuple[Any, ...], Part] = OrderedDict()
_drawing = Lock()
