"""What a day costs and on which days a service runs."""

from datetime import date, timedelta

from campanella.foundation.core.money import Euro


def price(*, full: Euro, reduction_percent: int) -> Euro:
    """
    Return what one day of presence costs.

    :param full: the bracket's price
    :param reduction_percent: 0 to 100, for siblings and exemptions; half-up to the cent
    """
    return full.less_percent(reduction_percent)


# The code of the price that stands for a whole tariff: what a child pays of it is reckoned.
BY_SCHEME = "0"
# What is used by riding: both ways, or one.
BUS_KINDS = ("bus", "bus_out", "bus_back")
OTHER_WAY = {"bus_out": "bus_back", "bus_back": "bus_out"}
_WAYS = ("andata", "ritorno")


def same_line(one: str, other: str) -> bool:
    """Tell whether two codes are of one line, as ``linea-2-andata`` and ``linea-2-ritorno`` are."""
    return _line(one) == _line(other)


def _line(code: str) -> list[str]:
    return [part for part in code.lower().replace("_", "-").split("-") if part not in _WAYS]


def both_ways(*, reduction_percent: int, discount_percent: int) -> int:
    """Return the reduction of who takes both rides, in percent: the town's discount on what is left; half-up."""
    left = (100 - reduction_percent) * (100 - discount_percent)
    return (10_000 - left + 50) // 100


def runs_on(*, day: date, weekdays: int) -> bool:
    """
    Tell whether a service runs on this weekday.

    :param weekdays: seven bits, bit 0 is Monday
    """
    return bool(weekdays >> day.weekday() & 1)


def next_running(*, day: date, step: int, weekdays: int) -> date:
    """
    Return the nearest day before or after a day on which something runs by its weekday; closures are no matter.

    :param step: -1 goes back, 1 goes on
    :param weekdays: seven bits, bit 0 is Monday; none of them goes day by day
    """
    there = day + timedelta(days=step)
    while weekdays and not runs_on(day=there, weekdays=weekdays):
        there += timedelta(days=step)
    return there


def units_left(*, balance: Euro, unit_price: Euro) -> int:
    """Return how many more days a credit pays for; 0 when it is used up or the price is nothing."""
    return max(0, balance.cents // unit_price.cents) if unit_price.cents > 0 else 0


A_YEAR_ON = timedelta(weeks=52)


def season_after(
    *, first: date, end: date | None, year: tuple[date, date], into: tuple[date, date]
) -> tuple[date, date] | None:
    """
    Return when a season of a school year would be in the next one: 52 weeks on, so that it begins on the same weekday.

    What begins or ends with its school year does so in the next one too.

    :param end: first day after, None while it lasts
    :param year: first day and first day after, as are those of ``into``
    :returns: first day and first day after; None where nothing of it falls into the next year
    """
    begins = into[0] if first <= year[0] else first + A_YEAR_ON
    ends = into[1] if end is None or end >= year[1] else end + A_YEAR_ON
    begins, ends = max(begins, into[0]), min(ends, into[1])
    return (begins, ends) if begins < ends else None
