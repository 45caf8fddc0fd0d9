"""
The life of an offer, whatever is offered: a seat, a week, a place of a list. Until when it is answered, how far prolonged.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.easter import easter

ROME = ZoneInfo("Europe/Rome")
LAST_INSTANT = time(23, 59, 59, 999_999)
A_DAY = timedelta(days=1)
# National holidays on fixed days.
HOLIDAYS = {(1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (10, 4), (11, 1), (12, 8), (12, 25), (12, 26)}


def answer_until(*, offered_at: datetime, days: int, over: date, working: bool = False) -> datetime | None:
    """
    Return the last instant at which a family may answer: the end of the last day, counted from the day after the offer.

    A term never ends on a Saturday, a Sunday or a national holiday, unless what is offered is over before.

    :param over: the first day on which what is offered is over: who accepts has at least its last day
    :param working: neither Saturdays, Sundays nor national holidays count
    :returns: None where nothing is left to offer
    """
    today = offered_at.astimezone(ROME).date()
    day, left = today, days
    while left > 0:
        day += A_DAY
        left -= not working or is_working(day)
    while not is_working(day):
        day += A_DAY
    last = min(day, last_answer(over=over))
    return end_of(last) if last >= today else None


def last_answer(*, over: date) -> date:
    """Return the last day on which an offer may be answered so that a day is left of what is offered."""
    return over - 2 * A_DAY


def end_of(day: date) -> datetime:
    """Return the last instant of a day."""
    return datetime.combine(day, LAST_INSTANT, ROME)


def may_answer(*, is_open: bool, until: datetime | None, received_at: datetime) -> bool:
    """
    Tell whether an answer that was received at an instant counts.

    :param until: the last instant that does
    """
    return is_open and until is not None and received_at <= until


def is_working(day: date) -> bool:
    """Tell whether offices work on a day, as far as the State says."""
    monday = easter(day.year) + A_DAY
    return day.weekday() < 5 and (day.month, day.day) not in HOLIDAYS and day != monday
