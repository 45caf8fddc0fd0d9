"""What correcting many days at once would change, and by how much: read before it is asked for, and before it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.queries import DayMark
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.ledger import queries as ledger
from campanella.domains.ledger.rules import Source
from campanella.foundation.core.money import Euro


@dataclass(frozen=True, slots=True)
class DayChange:
    """What a child's day is to be."""

    child_id: int
    day: date
    is_present: bool
    is_white: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """A day of a confirmed roll-call that becomes another, what it has taken so far and what it is to take."""

    mark: DayMark
    is_present: bool
    is_white: bool
    charged: Euro
    due: Euro


@dataclass(frozen=True, slots=True)
class Plan:
    """
    The days that change.

    :ivar unknown: of no confirmed roll-call, so there is nothing to correct
    :ivar unpriced: to become present, and not enrolled on that day
    """

    lines: tuple[Planned, ...]
    unknown: tuple[DayChange, ...] = ()
    unpriced: tuple[DayChange, ...] = ()

    @property
    def difference(self) -> Euro:
        """What is taken in all; negative is given back."""
        return sum((line.due - line.charged for line in self.lines), Euro(0))

    @property
    def left_out(self) -> tuple[DayChange, ...]:
        """What is asked for and cannot be done."""
        return (*self.unknown, *self.unpriced)


def plan(*, service_id: int, changes: Sequence[DayChange]) -> Plan:
    """Reckon what changes: three queries, whatever the number of days. Days that are so already are left out."""
    if not changes:
        return Plan(())
    child_ids = sorted({change.child_id for change in changes})
    days = sorted({change.day for change in changes})
    marks = {
        (mark.child_id, mark.day): mark
        for mark in sheets.marks_between(child_ids=child_ids, service_id=service_id, first=days[0], last=days[-1])
    }
    charged = ledger.charged_for(sources=[Source.of_presence(mark.presence_id) for mark in marks.values()]) if marks else {}
    lines = enrolment.uses_of(child_ids=child_ids, service_id=service_id)
    planned, unknown, unpriced = [], [], []
    for change in changes:
        mark = marks.get((change.child_id, change.day))
        if mark is None:
            unknown.append(change)
            continue
        is_white = change.is_present and change.is_white
        if (mark.is_present, mark.is_due, mark.is_white) == (change.is_present, change.is_present, is_white):
            continue
        price = next(
            (found for one in lines if one.child_id == change.child_id and (found := one.price_on(change.day)) is not None),
            None,
        )
        if change.is_present and price is None:
            unpriced.append(change)
            continue
        due = price if change.is_present and price else Euro(0)
        taken = charged.get(Source.of_presence(mark.presence_id), Euro(0))
        planned.append(Planned(mark, change.is_present, is_white, taken, due))
    return Plan(tuple(planned), tuple(unknown), tuple(unpriced))
