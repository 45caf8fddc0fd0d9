"""On which day a collection may be made: TARGET days, the bank's cut-off, the notice to the family."""

from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter

LAPSES_AFTER_MONTHS = 36


@lru_cache(maxsize=32)
def closed_days(year: int) -> frozenset[date]:
    """Return the days of a year, besides week-ends, on which TARGET is closed (calendar of the ECB, since 2002)."""
    sunday = easter(year)
    return frozenset(
        {
            date(year, 1, 1),
            sunday - timedelta(days=2),
            sunday + timedelta(days=1),
            date(year, 5, 1),
            date(year, 12, 25),
            date(year, 12, 26),
        }
    )


def is_target_day(day: date) -> bool:
    """Tell whether payments between banks are settled on a day."""
    return day.weekday() < 5 and day not in closed_days(day.year)


def on_or_after(day: date) -> date:
    """Return the first TARGET day from this one on."""
    while not is_target_day(day):
        day += timedelta(days=1)
    return day


def days_before(day: date, *, count: int) -> date:
    """Return the TARGET day that lies ``count`` TARGET days before this one."""
    while count:
        day -= timedelta(days=1)
        count -= is_target_day(day)
    return day


@lru_cache(maxsize=32)
def earliest(*, today: date, bank_days: int) -> date:
    """
    Return the first day on which the bank still takes a collection that is handed in today.

    :param bank_days: TARGET days before the collection by which the bank wants the file
    """
    day = on_or_after(today)
    while days_before(day, count=bank_days) < today:
        day = on_or_after(day + timedelta(days=1))
    return day


def collection_day(*, wanted: date, today: date, bank_days: int) -> date:
    """Return the day of a collection: the one wanted, the next TARGET day, or the first one that the bank still takes."""
    return max(on_or_after(wanted), earliest(today=today, bank_days=bank_days))


def is_told_in_time(*, told_on: date | None, collected_on: date, notice_days: int) -> bool:
    """
    Tell whether the family has known amount and day long enough.

    :param told_on: the day of the pre-notification, None when none was sent
    :param notice_days: the town's calendar days; 14 unless a shorter time was agreed (EPC, SDD Core rulebook)
    """
    return told_on is not None and told_on + timedelta(days=notice_days) <= collected_on


def lapses_on(last_used: date) -> date:
    """
    Return the day from which a mandate is void: 36 months after it was last used, or signed.

    :param last_used: the last collection's day, the signature's when there was none
    """
    years, month = divmod(last_used.month - 1 + LAPSES_AFTER_MONTHS, 12)
    year = last_used.year + years
    try:
        return date(year, month + 1, last_used.day)
    except ValueError:  # the 29th of February
        return date(year, month + 2, 1)


def unused_until(today: date) -> date:
    """Return the last day of use of a mandate that is void today: ``lapses_on`` the other way round."""
    day = date(today.year - LAPSES_AFTER_MONTHS // 12, today.month, min(today.day, 28))
    while lapses_on(day + timedelta(days=1)) <= today:
        day += timedelta(days=1)
    return day
