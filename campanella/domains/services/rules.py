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


def runs_on(*, day: date, weekdays: int) -> bool:
    """
    Tell whether a service runs on this weekday.

    :param weekdays: seven bits, bit 0 is Monday
    """
    return bool(weekdays >> day.weekday() & 1)


def units_left(*, balance: Euro, unit_price: Euro) -> int:
    """Return how many more days a credit pays for; 0 when it is used up or the price is nothing."""
    if unit_price.cents <= 0 or balance.cents <= 0:
        return 0
    return balance.cents // unit_price.cents
