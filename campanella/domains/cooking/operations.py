"""The office says which kitchen cooks for whom, in which shift a class eats, and what is on the menu."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.cooking.models import Kitchen, KitchenSchool, Menu, MenuDish, Shift
from campanella.domains.cooking.rules import Dish
from campanella.domains.services.models import Service
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import operation

audit.sentences(
    {
        "kitchen.added": "ha aggiunto la cucina {name}",
        "kitchen.assigned": "ha cambiato la cucina di {schools:scuola|scuole}",
        "shift.set": "ha cambiato il turno di {classes:classe|classi}",
        "menu.added": "ha aggiunto il menù {name}",
        "menu.written": "ha scritto la settimana {week} del menù {name}",
    }
)


class NameTaken(Refusal):
    """The town has a kitchen of this name."""

    message = "C’è già una cucina con questo nome."


class MenuOverlaps(Refusal):
    """The service has a menu on some of these days."""

    message = "In quei giorni il servizio ha già un menù: due menù insieme non si può."


@operation
def add_kitchen(*, by: Actor, name: str, now: datetime) -> Kitchen:
    """
    Add a kitchen.

    :raises NameTaken: the town has one of this name
    """
    kitchen, is_new = Kitchen.objects.get_or_create(name=name)
    if not is_new:
        raise NameTaken
    audit.record(by=by, action="kitchen.added", subjects=["kitchens"], at=now, data={"name": name})
    return kitchen


@operation
def cook_for(*, by: Actor, kitchen_by_school: Mapping[int, int | None], now: datetime) -> None:
    """
    Say which kitchen cooks for these schools, None for none of its own; a school that is not named stays as it is.

    A sheet that was frozen before keeps the kitchen it was frozen for: its classes are ordered from nobody else that day.
    """
    before = dict(KitchenSchool.objects.values_list("school_id", "kitchen_id"))
    changed = {school: kitchen for school, kitchen in kitchen_by_school.items() if before.get(school) != kitchen}
    if not changed:
        return
    KitchenSchool.objects.filter(school_id__in=changed).delete()
    KitchenSchool.objects.bulk_create(
        KitchenSchool(school_id=school, kitchen_id=kitchen) for school, kitchen in changed.items() if kitchen
    )
    audit.record(by=by, action="kitchen.assigned", subjects=["kitchens"], at=now, data={"schools": len(changed)})


@operation
def set_shifts(*, by: Actor, shift_by_class: Mapping[int, int | None], now: datetime) -> None:
    """Say in which shift these classes eat, None for none; a class that is not named stays as it is."""
    before = dict(Shift.objects.filter(class_group_id__in=shift_by_class).values_list("class_group_id", "number"))
    changed = {group: number for group, number in shift_by_class.items() if before.get(group) != number}
    if not changed:
        return
    Shift.objects.filter(class_group_id__in=changed).delete()
    Shift.objects.bulk_create(
        Shift(class_group_id=group, number=number) for group, number in changed.items() if number is not None
    )
    audit.record(by=by, action="shift.set", subjects=["kitchens"], at=now, data={"classes": len(changed)})


@operation
def add_menu(*, by: Actor, service: Service, name: str, first: date, end: date, weeks: int, now: datetime) -> Menu:
    """
    Add a menu without dishes.

    :param end: first day after
    :param weeks: after how many it begins again, 1 to 8
    :raises MenuOverlaps: the service has a menu on some of these days
    """
    try:
        with transaction.atomic():
            menu = Menu.objects.create(service=service, name=name, days=DateRange(first, end), weeks=weeks)
    except IntegrityError as problem:
        if "one_menu_per_service_and_day" not in str(problem):
            raise
        raise MenuOverlaps from problem
    audit.record(by=by, action="menu.added", subjects=["menus"], at=now, data={"name": name})
    return menu


@operation
def write_week(*, by: Actor, menu: Menu, week: int, days: Sequence[Sequence[Dish]], now: datetime) -> None:
    """
    Write the dishes of one week of a menu, Monday first; what was there before is replaced.

    :param week: from 1
    """
    MenuDish.objects.filter(menu=menu, week=week).delete()
    MenuDish.objects.bulk_create(
        MenuDish(
            menu=menu,
            week=week,
            weekday=weekday,
            position=position,
            diet_code=code,
            name=name,
            allergens=list(allergens),
        )
        for weekday, dishes in enumerate(days)
        for position, dish in enumerate(dishes)
        for code, name, allergens in [
            ("", dish.name, dish.allergens),
            *((one.code, one.name, one.allergens) for one in dish.instead),
        ]
    )
    audit.record(by=by, action="menu.written", subjects=["menus"], at=now, data={"name": menu.name, "week": week})
