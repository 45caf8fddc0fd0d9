"""When a credit is low."""

from typing import Literal

from campanella.foundation.core.money import Euro

Level = Literal["low", "zero", "floor"]


def levels_reached(*, balance: Euro, unit_price: Euro, low_units: int, floor: Euro) -> set[Level]:
    """
    Return every level a balance has fallen to.

    :param unit_price: price of one day; nothing is low where it costs nothing
    :param low_units: how many days left count as low
    :param floor: the debt beyond which the office looks, a negative amount
    """
    if unit_price.cents <= 0:
        return set()
    reached: set[Level] = set()
    if balance.cents <= unit_price.cents * low_units:
        reached.add("low")
    if balance.cents <= 0:
        reached.add("zero")
    if balance.cents < floor.cents:
        reached.add("floor")
    return reached
