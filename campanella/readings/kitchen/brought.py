"""
What the kitchen brings to one class once its numbers are frozen: the sheet with what has come since.

The board, the papers of the next number and the school's page tell the same number because they all reckon it here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.cooking import queries as cooking
from campanella.domains.cooking.rules import ClassOrder
from campanella.readings.kitchen import ordered
from campanella.readings.kitchen.orders import Addition, additions


@dataclass(frozen=True)
class Brought:
    """Meals for a class, adults included, and since when the kitchen's numbers are frozen."""

    meals: int
    as_of: datetime


def meals(orders: Sequence[ClassOrder], added: Sequence[Addition]) -> int:
    """Return how many meals are brought, adults included."""
    return sum(order.total for order in orders) + sum(one.meals for one in added)


def to_class(*, class_group_id: int, service_id: int, day: date) -> Brought | None:
    """Return what a class is brought; None while its numbers are not frozen. One query, three when frozen."""
    sheets = cooking.last_sheets(service_id=service_id, day=day)
    orders = ordered.orders_of(sheet_ids=[sheet.pk for sheet in sheets])
    for sheet in sheets:
        own = [order for order in orders[sheet.pk] if order.class_group_id == class_group_id]
        if own:
            since = [one for one in additions(sheet=sheet) if one.class_group_id == class_group_id]
            return Brought(meals(own, since), sheet.as_of)
    return None
