"""
A month of one class and one service as one grid, child by child and day by day: the class's register in the office.

Each cell is what the family's own month says of that day, so that office and family look at one truth.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, cast

from campanella.domains.attendance import asked
from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.asked import DayAsked
from campanella.domains.attendance.fact_rules import day_state
from campanella.domains.attendance.queries import DayMark
from campanella.domains.attendance.rules import is_booked_by_default
from campanella.domains.ledger import queries as ledger
from campanella.domains.ledger.rules import Source
from campanella.domains.people import queries as people
from campanella.domains.people import words
from campanella.domains.people.models import Child
from campanella.domains.schools import queries as schools
from campanella.foundation.core.money import Euro
from campanella.readings.month import month_after

State = Literal["present", "white", "late", "absent", "cancelled", "closed", "awaited", "nothing"]
EATS = ("present", "white", "late")


@dataclass(frozen=True, slots=True)
class Cell:
    """
    One day of one child.

    :ivar is_marked: a confirmed roll-call says of it, so that it may be corrected
    """

    day: date
    state: State
    is_marked: bool = False
    is_due: bool = False

    @property
    def is_there(self) -> bool:
        """The child ate."""
        return self.state in EATS


@dataclass(frozen=True, slots=True)
class Row:
    """A child as the register calls it, and its days; ``charged`` is what they took from the credit in all."""

    child: Child
    name: str
    cells: tuple[Cell, ...]
    charged: Euro

    @property
    def there(self) -> int:
        """How many days it was there."""
        return sum(1 for cell in self.cells if cell.is_there)

    @property
    def absent(self) -> int:
        """How many days it was not, cancelled ones included; on a day that is closed nobody is absent."""
        return sum(1 for cell in self.cells if cell.is_marked and cell.state in ("absent", "cancelled"))


@dataclass(frozen=True, slots=True)
class ClassMonth:
    """The grid: the days on which the class has the service, the children with theirs, and how many were there each day."""

    first: date
    days: tuple[date, ...]
    rows: tuple[Row, ...]

    @property
    def there_by_day(self) -> list[int]:
        """How many children were there on each day."""
        return [sum(1 for row in self.rows if row.cells[at].is_there) for at in range(len(self.days))]

    @property
    def there(self) -> int:
        """How many days of children in all."""
        return sum(row.there for row in self.rows)

    @property
    def charged(self) -> Euro:
        """What they took in all."""
        return sum((row.charged for row in self.rows), Euro(0))


def class_month(*, class_group_id: int, service_id: int, month: date, today: date) -> ClassMonth:
    """
    Gather the register of a month: five queries, whatever the children and the days.

    :param month: any day of it
    """
    first = month.replace(day=1)
    end = month_after(first)
    every = [first + timedelta(days=number) for number in range((end - first).days)]
    pupils = schools.pupils_between(class_group_id=class_group_id, first=first, end=end)
    known = {
        (one.child_id, one.day): one
        for one in asked.days_of(lines=[(child_id, service_id) for child_id in pupils], days=every)
        if one.class_group_id == class_group_id
    }
    marks = {
        (mark.child_id, mark.day): mark
        for mark in sheets.marks_between(child_ids=pupils, service_id=service_id, first=first, last=every[-1])
    }
    charged = ledger.charged_for(sources=[Source.of_presence(mark.presence_id) for mark in marks.values()]) if marks else {}
    days = tuple(day for day in every if _is_of(day, known, marks))
    children = people.children(child_ids=sorted({child_id for child_id, _ in known}))
    ordered = sorted(children.values(), key=lambda child: (child.name_key, child.pk))
    names = words.in_register(children)
    rows = tuple(_row(child, names[child.pk], days, known, marks, charged, today) for child in ordered)
    return ClassMonth(first, days, tuple(row for row in rows if any(cell.state != "nothing" for cell in row.cells)))


def _is_of(day: date, known: Mapping[tuple[int, date], DayAsked], marks: Mapping[tuple[int, date], DayMark]) -> bool:
    return any(of == day and (one.is_served or (child_id, of) in marks) for (child_id, of), one in known.items())


def _row(
    child: Child,
    name: str,
    days: Sequence[date],
    known: Mapping[tuple[int, date], DayAsked],
    marks: Mapping[tuple[int, date], DayMark],
    charged: Mapping[Source, Euro],
    today: date,
) -> Row:
    cells, sum_of = [], Euro(0)
    for day in days:
        one = known.get((child.pk, day))
        mark = marks.get((child.pk, day)) if one else None
        cells.append(_cell(day, one, mark, today))
        if mark:
            sum_of += charged.get(Source.of_presence(mark.presence_id), Euro(0))
    return Row(child, name, tuple(cells), sum_of)


def _cell(day: date, one: DayAsked | None, mark: DayMark | None, today: date) -> Cell:
    if one is None:
        return Cell(day, "nothing")
    state = day_state(
        is_enrolled=True,
        runs=one.is_served,
        is_closed=bool(one.closed_because),
        is_present=mark.is_present if mark else None,
        is_future=day > today,
        is_today=day == today,
        is_due=bool(mark and mark.is_due),
        wish=one.is_booked,
        is_booked_by_default=is_booked_by_default(one.mode),
    )
    told: State = "nothing"
    if state == "present" and mark:
        told = "white" if mark.is_white else "late" if mark.is_late else "present"
    elif state in ("closed", "absent", "cancelled"):
        told = cast("State", state)
    elif state in ("awaited", "to_come"):
        told = "awaited"
    return Cell(day, told, mark is not None, bool(mark and mark.is_due))
