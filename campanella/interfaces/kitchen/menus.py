"""A season's menu, week by week, as PDF and as CSV: dishes with their allergens, and what the diets get in their place."""

from collections.abc import Iterator
from datetime import timedelta

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.cooking import queries as cooking
from campanella.domains.cooking.queries import Menu
from campanella.domains.cooking.rules import ALLERGENS, SAME, Dish, Instead, written
from campanella.domains.enrolment import diet_codes
from campanella.foundation.core import clock
from campanella.foundation.core.italian import WEEKDAYS_NAMED, day_full
from campanella.foundation.documents import sheets
from campanella.foundation.documents.downloads import as_paper
from campanella.foundation.documents.tables import Section, sections_pdf
from campanella.interfaces.doors import PersonRequest, staff

door = staff(Role.KITCHEN, Role.OFFICE)
# As a menu is taken over from a file: what goes out comes in again.
HEAD = ("Settimana", "Giorno", "Piatto", "Allergeni", "Dieta")
COLUMNS = ("Giorno", "Piatto", "Al suo posto, per le diete")

# Each week by its number, with its days, Monday first.
Weeks = list[tuple[int, list[list[Dish]]]]


@require_safe
@door
def paper(request: PersonRequest, menu_id: int) -> HttpResponse:
    """Print a season, a table a week; allergens by their numbers, as menus on paper have them."""
    menu, weeks = _season(menu_id)
    last = menu.days.upper - timedelta(days=1)
    made = sections_pdf(
        town_name=request.town.name,
        title=f"Menù {menu.name}",
        about=f"{menu.service.name}, dal {day_full(menu.days.lower)} al {day_full(last)}.",
        lines=[*_legend(weeks)],
        sections=[
            Section(
                heading=f"Settimana {week}",
                columns=COLUMNS,
                widths=[2, 6, 7],
                rows=list(_lines(days)),
                sum="" if any(days) else "Ancora da scrivere.",
            )
            for week, days in weeks
        ],
        made_at=clock.now(),
    )
    return as_paper(made, filename=_name(menu, "pdf"))


@require_safe
@door
def csv(request: PersonRequest, menu_id: int) -> HttpResponse:
    """Give a season to a spreadsheet, a line a dish, and one for what a diet gets in its place."""
    menu, weeks = _season(menu_id)
    rows = [(week, *row) for week, days in weeks for row in _rows(days)]
    return as_paper(sheets.csv_sheet(head=HEAD, rows=rows), filename=_name(menu, "csv"), kind=sheets.CSV)


def _season(menu_id: int) -> tuple[Menu, Weeks]:
    menu = cooking.menu(menu_id=menu_id)
    numbers = range(1, menu.weeks + 1)
    return menu, list(zip(numbers, cooking.season(menu_id=menu_id, weeks=numbers), strict=True))


def _lines(days: list[list[Dish]]) -> Iterator[list[str]]:
    """Give a line a dish, the day's name beside its first one."""
    for name, dishes in zip(WEEKDAYS_NAMED, days, strict=False):
        for place, dish in enumerate(dishes):
            served, *instead = written([dish]).splitlines()
            yield ["" if place else name, served, "; ".join(line.strip() for line in instead)]


def _rows(days: list[list[Dish]]) -> Iterator[tuple[str, str, str, str]]:
    for name, dishes in zip(WEEKDAYS_NAMED, days, strict=False):
        for dish in dishes:
            yield name, dish.name, dish.contains, ""
            for one in dish.instead:
                is_same = one.is_same_as(dish)
                yield name, SAME if is_same else one.name, "" if is_same else one.contains, one.code


def _legend(weeks: Weeks) -> Iterator[str]:
    """Say what the numbers and the codes on this paper mean."""
    dishes = [dish for _, days in weeks for day in days for dish in day]
    eaten: list[Dish | Instead] = [*dishes, *(one for dish in dishes for one in dish.instead)]
    if numbers := sorted({number for one in eaten for number in one.allergens}):
        yield f"Allergeni (regolamento UE 1169/2011): {'; '.join(f'{number} {ALLERGENS[number]}' for number in numbers)}."
    codes = {one.code for dish in dishes for one in dish.instead}
    if known := [f"{one.code} {one.menu.lower()}" for one in diet_codes.codes() if one.code in codes]:
        yield f"Diete: {'; '.join(known)}."


def _name(menu: Menu, ending: str) -> str:
    return f"menu-{menu.service.code}-{menu.days.lower}.{ending}"
