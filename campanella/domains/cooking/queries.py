"""Which kitchen cooks for whom, in which shift a class eats, what is on the menu, what was ordered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from campanella.domains.cooking import rules
from campanella.domains.cooking.models import Kitchen as Kitchen
from campanella.domains.cooking.models import KitchenSchool, MenuDish, SheetLine, Shift
from campanella.domains.cooking.models import KitchenSheet as KitchenSheet
from campanella.domains.cooking.models import Menu as Menu
from campanella.domains.cooking.rules import ClassOrder, Dish, Instead, Special, unpacked
from campanella.foundation.core import sql
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.scope import active_town_id


@dataclass(frozen=True)
class Table:
    """The dishes of one service on one day, and from which menu they are."""

    service_id: int
    menu_id: int
    menu_name: str
    week: int
    dishes: tuple[Dish, ...]

    @property
    def names(self) -> str:
        """What everybody eats, in a line."""
        return ", ".join(dish.name for dish in self.dishes)


def kitchens() -> list[Kitchen]:
    """Return the town's kitchens by name: one query; none is one kitchen without a name."""
    return list(Kitchen.objects.order_by("name"))


def kitchen_of_schools() -> dict[int, int]:
    """Return the kitchen of each school; a school that is missing has none of its own. One query."""
    return dict(KitchenSchool.objects.values_list("school_id", "kitchen_id"))


def layout() -> tuple[dict[int, str], dict[int, int]]:
    """Return the kitchen's name by school and the shift by class, of those that have one: one query."""
    rows = sql.rows(_LAYOUT, {"town": active_town_id()})
    kitchens = {pk: name for is_school, pk, name, _ in rows if is_school}
    return kitchens, {pk: number for is_school, pk, _, number in rows if not is_school}


def shifts() -> dict[int, int]:
    """Return the shift of each class; who is missing has none. One query."""
    return dict(Shift.objects.values_list("class_group_id", "number"))


def menus() -> list[Menu]:
    """Return the menus, the newest first: one query."""
    return list(Menu.objects.select_related("service").order_by("-days", "service__position", "id"))


def menu(*, menu_id: int) -> Menu:
    """
    Return one menu with its service.

    :raises NotFound: the town has no such menu
    """
    found = Menu.objects.select_related("service").filter(pk=menu_id).first()
    if found is None:
        raise NotFound
    return found


def week(*, menu_id: int, week: int) -> list[list[Dish]]:
    """Return the dishes of one week, a day each as ``days_of`` counts them: two queries."""
    return season(menu_id=menu_id, weeks=[week])[0]


def season(*, menu_id: int, weeks: Sequence[int]) -> list[list[list[Dish]]]:
    """Return the dishes of some weeks, each with its days as ``days_of`` counts them: two queries."""
    days = range(days_of(menu_id=menu_id))
    rows = MenuDish.objects.filter(menu_id=menu_id, week__in=weeks)
    by_day: dict[tuple[int, int], list[MenuDish]] = {}
    for row in rows.order_by("position", "diet_code"):
        by_day.setdefault((row.week, row.weekday), []).append(row)
    return [[_dishes(by_day.get((week, weekday), [])) for weekday in days] for week in weeks]


def days_of(*, menu_id: int) -> int:
    """
    Count the days of a menu's weeks, from Monday: one query.

    :returns: five, or as far as its service runs in some school, or a dish is written
    """
    ((days,),) = sql.rows(_DAYS, {"town": active_town_id(), "menu": menu_id})
    return int(days)


# What bit of a week's days is the highest says how far the week goes.
_DAYS = """
select greatest(
    5,
    (select max(d.weekday) + 1 from cooking_menudish d where d.municipality_id = %(town)s and d.menu_id = %(menu)s),
    (select max(case when k.weekdays >= 64 then 7 when k.weekdays >= 32 then 6 end)
       from cooking_menu m
       join services_servicecalendar k on k.municipality_id = m.municipality_id and k.service_id = m.service_id
        and k.days && m.days
      where m.municipality_id = %(town)s and m.id = %(menu)s))
"""


def filled_weeks(*, menu_ids: Sequence[int]) -> set[tuple[int, int]]:
    """Return which weeks of these menus have dishes, as (menu, week): one query."""
    return set(MenuDish.objects.filter(menu_id__in=menu_ids).values_list("menu_id", "week").distinct())


def tables(*, service_ids: Iterable[int], day: date) -> dict[int, Table]:
    """Return what these services serve on a day, by service; without a menu or dishes it is missing. One query."""
    values = {"town": active_town_id(), "services": list(service_ids), "day": day, "weekday": day.weekday()}
    found: dict[int, tuple[int, str, int, list[_Line]]] = {}
    for service_id, menu_id, name, first, weeks, week, *line in sql.rows(_TABLES, values):
        if week == rules.week_of(day=day, first=first, weeks=weeks):
            found.setdefault(service_id, (menu_id, name, week, []))[3].append(_Line(*line))
    return {
        service_id: Table(service_id, menu_id, name, week, tuple(_dishes(lines)))
        for service_id, (menu_id, name, week, lines) in found.items()
    }


class _Line(NamedTuple):
    """What a row of a menu says."""

    position: int
    diet_code: str
    name: str
    allergens: Sequence[int]


# Every family's first page asks for it, so it is written by hand.
_TABLES = """
select m.service_id, m.id, m.name, lower(m.days), m.weeks, d.week, d.position, d.diet_code, d.name, d.allergens
  from cooking_menu m
  join cooking_menudish d on d.municipality_id = m.municipality_id and d.menu_id = m.id and d.weekday = %(weekday)s
 where m.municipality_id = %(town)s and m.service_id = any(%(services)s::bigint[]) and m.days @> %(day)s::date
 order by d.position, d.diet_code
"""


def last_sheets(*, service_id: int, day: date) -> list[KitchenSheet]:
    """Return the last sheet of each kitchen for a service on a day: one query."""
    rows = KitchenSheet.objects.filter(service_id=service_id, day=day).select_related("kitchen", "service")
    return list(rows.order_by("kitchen_id", "-number").distinct("kitchen_id"))


def sheet(*, sheet_id: int) -> KitchenSheet:
    """
    Return one sheet, with its service and kitchen.

    :raises NotFound: the town has no such sheet
    """
    found = KitchenSheet.objects.select_related("kitchen", "service").filter(pk=sheet_id).first()
    if found is None:
        raise NotFound
    return found


def sheets_before(*, sheets: Sequence[KitchenSheet]) -> dict[int, list[KitchenSheet]]:
    """Return the earlier numbers of these sheets, by sheet, the first one first: one query, none where all are number 1."""
    found: dict[int, list[KitchenSheet]] = {sheet.pk: [] for sheet in sheets}
    later = [sheet for sheet in sheets if sheet.number > 1]
    if later:
        same = {(sheet.service_id, sheet.day, sheet.kitchen_id): sheet for sheet in later}
        rows = KitchenSheet.objects.filter(
            service_id__in={one.service_id for one in later}, day__in={one.day for one in later}
        )
        for row in rows.order_by("number"):
            last = same.get((row.service_id, row.day, row.kitchen_id))
            if last and row.number < last.number:
                found[last.pk].append(row)
    return found


def dishes_of(*, sheet: KitchenSheet) -> list[Dish]:
    """Return the dishes that a sheet was frozen with; of one that holds none, those of the menu: one query then."""
    if sheet.dishes is not None:
        return unpacked(sheet.dishes)
    table = tables(service_ids=[sheet.service_id], day=sheet.day).get(sheet.service_id)
    return list(table.dishes) if table else []


def sheet_before(*, sheet: KitchenSheet) -> KitchenSheet | None:
    """Return the sheet that this one replaces, None for number 1: one query."""
    same = KitchenSheet.objects.filter(service_id=sheet.service_id, day=sheet.day, kitchen=sheet.kitchen)
    return same.filter(number=sheet.number - 1).first()


class OnSheets(NamedTuple):
    """What is frozen for a service on a day: by which kitchens, and the schools that stand on their sheets."""

    kitchens: set[int | None]
    schools: set[int]


def frozen_between(*, first: date, last: date) -> dict[tuple[int, date], OnSheets]:
    """Return what is frozen between two days, both included, by service and day: one query."""
    rows = KitchenSheet.objects.filter(day__range=(first, last)).order_by()
    found: dict[tuple[int, date], OnSheets] = {}
    for service_id, day, kitchen_id, school_id in rows.values_list(
        "service_id", "day", "kitchen_id", "lines__school_id"
    ).distinct():
        on = found.setdefault((service_id, day), OnSheets(set(), set()))
        on.kitchens.add(kitchen_id)
        if school_id is not None:
            on.schools.add(school_id)
    return found


def orders(*, sheet_ids: Sequence[int]) -> dict[int, list[ClassOrder]]:
    """Return the lines of these sheets, by sheet, in the order in which they are printed: one query."""
    found: dict[int, list[ClassOrder]] = {sheet_id: [] for sheet_id in sheet_ids}
    rows = SheetLine.objects.filter(sheet_id__in=sheet_ids)
    for row in rows.order_by("school_name", "school_id", "shift", "class_name", "class_group_id"):
        special = {int(child): Special(*kept) for child, kept in row.special.items()}
        found[row.sheet_id].append(
            ClassOrder(
                row.school_id,
                row.school_name,
                row.class_group_id,
                row.class_name,
                row.shift,
                row.cut_off,
                row.adults,
                tuple(row.child_ids),
                special,
            )
        )
    return found


_LAYOUT = """
select true, s.school_id, k.name, 0 from cooking_kitchenschool s
  join cooking_kitchen k on k.municipality_id = s.municipality_id and k.id = s.kitchen_id
 where s.municipality_id = %(town)s
union all
select false, class_group_id, '', number from cooking_shift where municipality_id = %(town)s
"""


def _dishes(rows: Sequence[_Line | MenuDish]) -> list[Dish]:
    instead: dict[int, list[Instead]] = {}
    for row in rows:
        if row.diet_code:
            instead.setdefault(row.position, []).append(Instead(row.diet_code, row.name, tuple(row.allergens)))
    return [Dish(row.name, tuple(row.allergens), tuple(instead.get(row.position, []))) for row in rows if not row.diet_code]
