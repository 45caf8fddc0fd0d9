"""What a day costs and on which days a service runs."""

from datetime import date

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


def units_left(*, balance: Euro, unit_price: Euro) -> int:
    """Return how many more days a credit pays for; 0 when it is used up or the price is nothing."""
    return max(0, balance.cents // unit_price.cents) if unit_price.cents > 0 else 0
