"""
A menu's file → the dishes of its weeks, each line with its problems; nothing is written here.

One line for each dish: week, day of the week, dish, allergens by number or by name (Regulation (EU) 1169/2011). With the
code of a diet the line says what that diet gets in the place of the dish above it. Read by the readers of every other file.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from campanella.domains.cooking import rules
from campanella.domains.cooking.rules import Dish, Instead
from campanella.foundation.core.italian import WEEKDAYS
from campanella.usecases.importing import reading, values
from campanella.usecases.importing.absences import TITLE_ROWS, Wrong
from campanella.usecases.importing.cells import Cell, Row, Unreadable, says_something
from campanella.usecases.importing.columns import folded

FIELDS = {
    "week": ("settimana", "sett", "n settimana", "settimana n"),
    "weekday": ("giorno", "giorno della settimana"),
    "name": ("piatto", "portata", "pietanza", "descrizione", "nome piatto"),
    "allergens": ("allergeni", "allergene", "contiene"),
    "diet": ("dieta", "codice dieta", "sigla dieta", "sigla"),
}
_KNOWN = {name: field for field, names in FIELDS.items() for name in names}
MOST_LINES = 2_000

# The dishes of a week, Monday first.
Week = list[list[Dish]]


@dataclass(frozen=True, slots=True)
class MenuRead:
    """A file as it was read: its weeks by their number, and the lines that are wrong."""

    weeks: Mapping[int, Week]
    wrong: tuple[Wrong, ...]

    @property
    def dishes(self) -> int:
        """How many dishes it has, those of diets apart."""
        return sum(len(day) for week in self.weeks.values() for day in week)

    @property
    def instead(self) -> int:
        """How many lines say what a diet gets in the place of a dish."""
        return sum(len(dish.instead) for week in self.weeks.values() for day in week for dish in day)


def read(*, path: Path, weeks: int, days: int, codes: Sequence[str] = ()) -> MenuRead:
    """
    Read a file whole.

    :param weeks: how many the menu has
    :param days: of each of them, from Monday
    :param codes: of the town's diets, for a line that speaks of all of them
    :raises Unreadable: the file as a whole cannot be taken
    """
    places, rows = _headers(reading.rows(path))
    found: dict[int, Week] = {}
    wrong: list[Wrong] = []
    number = 0
    for number, row in enumerate(rows, start=1):
        if number > MOST_LINES:
            raise Unreadable(f"Il file ha più di {MOST_LINES} righe: un menù ne ha meno.")
        cells = {field: row.cells[place] if place < len(row.cells) else None for field, place in places.items()}
        try:
            _take(cells, found, weeks, days, codes)
        except values.Wrong as problem:
            wrong.append(Wrong(row.number, f"{problem}."))
    if not number:
        raise Unreadable("Il file ha le intestazioni e nessuna riga.")
    return MenuRead(found, tuple(wrong))


def _take(cells: Mapping[str, Cell], found: dict[int, Week], weeks: int, days: int, codes: Sequence[str]) -> None:
    """Put one line in its place; :raises Wrong: it has none"""
    week, weekday = _week(cells, weeks), _weekday(cells, days)
    name = values.text(cells["name"], most=rules.LONGEST_NAME)
    if not name:
        raise values.Wrong("manca il piatto")
    numbers = _allergens(cells.get("allergens"))
    day = found.setdefault(week, [[] for _ in range(days)])[weekday]
    diet = values.text(cells.get("diet"), most=60).upper()
    if not diet:
        if len(day) >= rules.MOST_DISHES:
            raise values.Wrong(f"quel giorno ha già {rules.MOST_DISHES} piatti")
        day.append(Dish(name, numbers))
        return
    if not re.fullmatch(r"[A-Z0-9]{1,6}(\s*,\s*[A-Z0-9]{1,6})*", diet):
        raise values.Wrong(f"la sigla della dieta “{diet}” ha lettere e numeri soltanto, al massimo sei")
    if not day:
        raise values.Wrong(f"la dieta {diet} viene prima del piatto che sostituisce: scrivila nella riga sotto")
    above = day[-1]
    if rules.is_same(name):
        name, numbers = above.name, above.allergens
    meant = rules.codes_of(diet, codes=codes, dish=above)
    if taken := next((code for code in meant if above.for_diet(code)), None):
        raise values.Wrong(f"la dieta {taken} ha già un sostituto per “{above.name}”")
    day[-1] = replace(above, instead=(*above.instead, *(Instead(code, name, numbers) for code in meant)))


def _week(cells: Mapping[str, Cell], weeks: int) -> int:
    words = values.text(cells["week"], most=40)
    digits = re.search(r"\d+", words)
    if digits is None or not 1 <= int(digits[0]) <= weeks:
        raise values.Wrong(f"la settimana va da 1 a {weeks}" if words else "manca la settimana")
    return int(digits[0])


def _weekday(cells: Mapping[str, Cell], days: int) -> int:
    word = folded(values.text(cells["weekday"], most=40))
    place = next((place for place, name in enumerate(WEEKDAYS[:days]) if word and folded(name).startswith(word[:3])), None)
    if word.isdigit() and 1 <= int(word) <= days:
        return int(word) - 1
    if place is None or len(word) < 3:
        raise values.Wrong(f"il giorno va da lunedì a {WEEKDAYS[days - 1]}" if word else "manca il giorno")
    return place


def _allergens(cell: Cell) -> tuple[int, ...]:
    if not says_something(cell):
        return ()
    parts = [part.strip() for part in re.split(r"[,;+/]", values.text(cell, most=300)) if part.strip()]
    found = []
    for part in parts:
        number = rules.allergen(part)
        if number is None:
            raise values.Wrong(f"“{part}” non è uno dei 14 allergeni: scrivi il numero o il nome del regolamento")
        found.append(number)
    return tuple(sorted(set(found)))


def _headers(found: Iterator[Row]) -> tuple[dict[str, int], Iterator[Row]]:
    """:raises Unreadable: week, day or dish are named nowhere"""
    for row in islice(found, TITLE_ROWS):
        places: dict[str, int] = {}
        for place, cell in enumerate(row.cells):
            field = _KNOWN.get(folded(cell))
            if field:
                places.setdefault(field, place)
        if {"week", "weekday", "name"} <= places.keys():
            return places, found
    raise Unreadable(
        "Mancano le colonne: servono “Settimana”, “Giorno” e “Piatto”; “Allergeni” (numeri o nomi) e “Dieta” se ci sono."
    )
