"""
A month of one child and one service, day by day: what the family and the office both look at, so that they see one month.

Each day has its place: where the child goes to school on it, what runs and what is closed there. Marks count once the
roll-call is confirmed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from campanella.domains.attendance import asked
from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.asked import DayAsked
from campanella.domains.attendance.fact_rules import DayState, day_state
from campanella.domains.attendance.queries import DayMark
from campanella.domains.attendance.rules import is_booked_by_default
from campanella.domains.ledger import queries as ledger
from campanella.domains.ledger.rules import Source
from campanella.domains.schools.queries import Place
from campanella.foundation.core.money import Euro

# A class, its first day and the first day after, None while it lasts.
Stay = tuple[Place, date, date | None]


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of the calendar; ``charged`` is what it took from the credit, None where nobody was called."""

    day: date
    state: DayState
    is_white: bool
    closed_because: str
    charged: Euro | None
    is_today: bool
    # The family books the service day by day.
    is_by_day: bool = False

    @property
    def is_there(self) -> bool:
        """The child was there."""
        return self.state == "present"

    @property
    def is_paid_absence(self) -> bool:
        """The child was away, had not been cancelled, and pays."""
        return self.state == "absent" and self.charged is not None and self.charged.cents > 0

    @property
    def is_marked(self) -> bool:
        """A confirmed roll-call says of the child, so that there is something to correct."""
        return self.charged is not None


def cells_of(*, child_id: int, service_id: int, first: date, last: date, today: date) -> list[DayCell]:
    """Return the days between two, both included, of one child and one service: three queries, two without any mark."""
    marks = {
        mark.day: mark
        for mark in sheets.marks_of(child_id=child_id, first=first, last=last)
        if mark.service_id == service_id and mark.confirmed_at
    }
    charged = ledger.charged_for(sources=[Source.of_presence(mark.presence_id) for mark in marks.values()]) if marks else {}
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    known = {day.day: day for day in asked.days_of(lines=[(child_id, service_id)], days=days)}
    return [_cell(day, marks.get(day), known.get(day), charged, today) for day in days]


def _cell(day: date, mark: DayMark | None, known: DayAsked | None, charged: Mapping[Source, Euro], today: date) -> DayCell:
    state = day_state(
        is_enrolled=known is not None,
        runs=known is not None and known.is_served,
        is_closed=known is not None and bool(known.closed_because),
        is_present=mark.is_present if mark else None,
        is_future=day > today,
        is_today=day == today,
        wish=known.is_booked if known else None,
        is_due=bool(mark and mark.is_due),
        is_booked_by_default=is_booked_by_default(known.mode) if known else True,
    )
    price = charged.get(Source.of_presence(mark.presence_id), Euro(0)) if mark else None
    is_white = mark.is_white if mark else bool(known and known.is_white and state in ("awaited", "to_come"))
    closed_because, is_by_day = (known.closed_because, known.mode == "opt_in") if known else ("", False)
    return DayCell(day, state, is_white, closed_because, price, day == today, is_by_day)


def place_on(stays: Sequence[Stay], day: date) -> Place | None:
    """Return where a child goes to school on a day."""
    return next((place for place, first, end in stays if _is_within(day, first, end)), None)


def month_after(first: date) -> date:
    """Return the first day of the next month."""
    return (first + timedelta(days=31)).replace(day=1)


def _is_within(day: date, first: date | None, end: date | None) -> bool:
    return (first is None or first <= day) and (end is None or day < end)
