"""
The school year of an Italian town: lessons, holidays, bridges, the patron saint.

Dates are planning assumptions close to the regional calendars; Easter is computed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.easter import easter

from campanella.foundation.core.clock import ROME

MORNING = (time(8), time(12, 30))
DEMO_HOUR = time(8, 40)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Holiday:
    """Days without lessons, both included."""

    first: date
    last: date
    reason: str

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class SchoolYear:
    """The year that begins in September of ``autumn``."""

    autumn: int

    @property
    def first(self) -> date:
        """First day of the year in the register."""
        return date(self.autumn, 9, 1)

    @property
    def end(self) -> date:
        """First day after the year."""
        return date(self.autumn + 1, 9, 1)

    @property
    def first_meal(self) -> date:
        """Canteen and bus begin with the full timetable, on the first Monday from 14 September."""
        day = date(self.autumn, 9, 14)
        return day + DAY * (-day.weekday() % 7)

    @property
    def last_meal(self) -> date:
        """Last day of canteen and bus: the Friday before 9 June."""
        day = date(self.autumn + 1, 6, 9)
        return day - DAY * ((day.weekday() - 4) % 7)

    def holidays(self, patron: tuple[int, int] | None = None) -> list[Holiday]:
        """
        Return the days without lessons, in order.

        :param patron: month and day of the town's patron saint
        """
        spring = self.autumn + 1
        sunday = easter(spring)
        found = [
            Holiday(date(self.autumn, 12, 23), date(spring, 1, 6), "Vacanze di Natale"),
            Holiday(sunday - 3 * DAY, sunday + 2 * DAY, "Vacanze di Pasqua"),
            *_feast(date(self.autumn, 11, 1), "Ognissanti"),
            *_feast(date(self.autumn, 12, 8), "Immacolata"),
            *_feast(date(spring, 4, 25), "Festa della Liberazione"),
            *_feast(date(spring, 5, 1), "Festa del lavoro"),
            *_feast(date(spring, 6, 2), "Festa della Repubblica"),
        ]
        if patron:
            month, day = patron
            feast = date(self.autumn if month >= 9 else spring, month, day)
            found.append(Holiday(feast, feast, "Santo patrono"))
        return sorted(found, key=lambda holiday: holiday.first)

    def lesson_days(self, patron: tuple[int, int] | None = None) -> list[date]:
        """Return the days on which canteen and bus run."""
        holidays = self.holidays(patron)
        return [
            day
            for day in days_between(self.first_meal, self.last_meal)
            if day.weekday() < 5 and not any(day in holiday for holiday in holidays)
        ]


def year_of(day: date) -> SchoolYear:
    """Return the school year a day belongs to."""
    return SchoolYear(day.year if day.month >= 9 else day.year - 1)


def days_between(first: date, last: date) -> Iterator[date]:
    """Return every day, both included."""
    return (first + DAY * i for i in range((last - first).days + 1))


def demo_moment(*, now: datetime, patrons: list[tuple[int, int]]) -> datetime:
    """
    Return the moment the demo plays at: now on a school morning, else 8:40 of the last day of lessons in every town.

    :param now: the real moment
    :param patrons: month and day of each town's patron saint
    """
    here = now.astimezone(ROME)
    today = year_of(here.date())
    shared = [
        day
        for year in (SchoolYear(today.autumn - 1), today)
        for day in year.lesson_days()
        if (day.month, day.day) not in patrons and day <= here.date()
    ]
    if shared[-1] == here.date():
        if MORNING[0] <= here.time() <= MORNING[1]:
            return now
        if here.time() < DEMO_HOUR:
            shared.pop()
    return datetime.combine(shared[-1], DEMO_HOUR, tzinfo=ROME)


def _feast(day: date, reason: str) -> list[Holiday]:
    """A feast with its bridge: the Monday before a Tuesday, the Friday after a Thursday."""
    first = day - DAY if day.weekday() == 1 else day
    last = day + DAY if day.weekday() == 3 else day
    return [Holiday(first, last, reason)]
