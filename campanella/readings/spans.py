"""Days that a person asks for on a page: as typed, turned when upside down, and those one wants most often."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from campanella.foundation.core import clock


@dataclass(frozen=True)
class Days:
    """From a day to another, both included; ``was_turned`` when the last came before the first."""

    first: date
    last: date
    was_turned: bool = False


def days_asked(query: Mapping[str, str], *, today: date) -> Days:
    """Read ``dal`` and ``al`` of an address: without them, this calendar year until today."""
    last = clock.read_day(query.get("al", "")) or today
    first = clock.read_day(query.get("dal", "")) or date(last.year, 1, 1)
    return Days(first, last) if first <= last else Days(last, first, was_turned=True)


def usual_spans(*, today: date) -> list[tuple[str, date, date]]:
    """Return the days that people ask for, in words: this year, the last one, the school year that goes on."""
    autumn = today.year if today.month >= 9 else today.year - 1
    return [
        (f"Anno {today.year}", date(today.year, 1, 1), today),
        (f"Anno {today.year - 1}", date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
        (f"Anno scolastico {autumn}/{(autumn + 1) % 100:02}", date(autumn, 9, 1), today),
    ]
