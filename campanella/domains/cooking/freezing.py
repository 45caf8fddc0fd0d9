"""Freezing what a kitchen is ordered: a numbered sheet that never changes, one more number for what was added."""

from collections.abc import Sequence
from dataclasses import astuple
from datetime import date, datetime

from campanella.domains.cooking.models import Kitchen, KitchenSheet, SheetLine
from campanella.domains.cooking.rules import Changed, ClassOrder, Dish, Special, packed
from campanella.foundation.core import audit, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import active_town_id, operation

audit.sentences({"sheet.printed_again": "ha fatto il foglio n. {number} della cucina, con i cambi"})


@operation
def take_turn(*, service_id: int, day: date) -> None:
    """Wait until nobody else freezes this service and day; until the end of the transaction nobody else does."""
    sql.take_turns(f"freeze {service_id} {day}", active_town_id())


@operation
def freeze(
    *,
    by: Actor,
    service_id: int,
    day: date,
    kitchen: Kitchen | None,
    number: int,
    as_of: datetime,
    orders: Sequence[ClassOrder],
    dishes: Sequence[Dish],
    changes: Sequence[Changed] = (),
    now: datetime,
) -> KitchenSheet:
    """
    Write a sheet with its lines; the caller has its turn, and knows that the number is free.

    :param as_of: the instant whose state the orders are
    :param dishes: of the day, as the menu has them now
    :param changes: what it changes of the number before
    """
    sheet = KitchenSheet.objects.create(
        service_id=service_id,
        day=day,
        kitchen=kitchen,
        number=number,
        as_of=as_of,
        frozen_at=now,
        by_id=by.actor_id,
        dishes=packed(dishes),
        changes=[list(astuple(one)) for one in changes],
    )
    earlier = SheetLine.objects.filter(sheet__service_id=service_id, sheet__day=day, sheet__number__lt=number)
    known = set(earlier.values_list("class_group_id", flat=True)) if number > 1 else set()
    SheetLine.objects.bulk_create(
        SheetLine(
            sheet=sheet,
            service_id=None if order.class_group_id in known else service_id,
            day=None if order.class_group_id in known else day,
            school_id=order.school_id,
            class_group_id=order.class_group_id,
            school_name=order.school_name,
            class_name=order.class_name,
            shift=order.shift,
            cut_off=order.cut_off,
            adults=order.adults,
            child_ids=list(order.child_ids),
            special={str(child): _kept(special) for child, special in order.special.items()},
        )
        for order in orders
    )
    if number > 1:
        subject = f"kitchen_sheet:{sheet.pk}"
        audit.record(by=by, action="sheet.printed_again", subjects=[subject], at=now, data={"number": number})
    return sheet


def _kept(special: Special) -> list[str | bool]:
    return [special.code, special.menu, special.is_white, special.is_packed]
