"""Which week of a menu a day is, how the office writes a day's dishes, and what a class orders."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

# Regulation (EU) 1169/2011, annex II, in its order: menus on paper name them by these numbers.
ALLERGENS = {
    1: "cereali con glutine",
    2: "crostacei",
    3: "uova",
    4: "pesce",
    5: "arachidi",
    6: "soia",
    7: "latte",
    8: "frutta a guscio",
    9: "sedano",
    10: "senape",
    11: "sesamo",
    12: "anidride solforosa e solfiti",
    13: "lupini",
    14: "molluschi",
}
# Each of their words is of one of the fourteen only; fruit by itself says nothing of nuts.
_ALLERGEN_WORDS = {word: number for number, name in ALLERGENS.items() for word in name.split() if len(word) > 3}
_ALLERGEN_WORDS |= {"uovo": 3, "arachide": 5, "lattosio": 7, "lupino": 13}
del _ALLERGEN_WORDS["frutta"]
MOST_WEEKS = 8
MOST_DISHES = 8
LONGEST_NAME = 120
# A dish as menus write it: "Pasta al pomodoro (1, 9)".
_DISH = re.compile(r"(?P<name>.*?)\s*(?:\((?P<numbers>[\d\s,;.]+)\))?")
# What a diet gets in its place, on a line of its own below: "D1: Pasta di riso al pomodoro (9)".
_INSTEAD = re.compile(r"(?P<code>[A-Z0-9]{1,6})\s*:\s*(?P<rest>.+)", re.IGNORECASE)


class NotUnderstood(ValueError):
    """A line of a day's dishes cannot be read; the text says which and why, for whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Instead:
    """What a diet is served in the place of a dish."""

    code: str
    name: str
    allergens: tuple[int, ...]

    @property
    def contains(self) -> str:
        """The allergens it contains, named; empty when it has none of the fourteen."""
        return _named_allergens(self.allergens)


@dataclass(frozen=True, slots=True)
class Dish:
    """A dish, the allergens it contains by their number, and what the diets get in its place."""

    name: str
    allergens: tuple[int, ...]
    instead: tuple[Instead, ...] = ()

    @property
    def contains(self) -> str:
        """The allergens it contains, named; empty when it has none of the fourteen."""
        return _named_allergens(self.allergens)

    def for_diet(self, code: str) -> "Dish | Instead":
        """Return what a diet is served: its substitute, or the dish when it has none."""
        return next((one for one in self.instead if one.code == code), self)


@dataclass(frozen=True, slots=True)
class Special:
    """What a child eats in the place of the usual menu: its diet, the white meal, or the white meal of its diet."""

    code: str
    menu: str
    is_white: bool

    @property
    def label(self) -> str:
        """What to serve: "Senza glutine (D1), in bianco"."""
        diet = f"{self.menu} ({self.code})" if self.code else ""
        return ", ".join(filter(None, [diet, "in bianco" if self.is_white else ""]))


@dataclass(frozen=True)
class Order:
    """What one class orders: who eats, the special meals among them by child, and how many adults."""

    school_id: int
    school_name: str
    class_group_id: int
    class_name: str
    shift: int
    cut_off: datetime
    adults: int
    child_ids: tuple[int, ...]
    special: Mapping[int, Special]

    @property
    def total(self) -> int:
        """Meals to bring, adults included."""
        return len(self.child_ids) + self.adults

    def counted(self, *, is_white: bool) -> dict[str, int]:
        """Count the special meals by the code of their diet, those in white or those that are not; empty is no diet."""
        return dict(Counter(one.code for one in self.special.values() if one.is_white is is_white))


def week_of(*, day: date, first: date, weeks: int) -> int:
    """
    Tell which week of a menu a day is, from 1; the first week is the one the menu begins in.

    :param weeks: after how many the menu begins again
    """
    return (_monday(day) - _monday(first)).days // 7 % weeks + 1


def allergen(text: str) -> int | None:
    """
    Return the number of an allergen that is written as a number or by name, None when it is none of the fourteen.

    Source: Regulation (EU) 1169/2011, annex II.
    """
    if text.isdigit():
        return int(text) if int(text) in ALLERGENS else None
    found = {_ALLERGEN_WORDS[word] for word in re.findall("[a-z]+", text.lower()) if word in _ALLERGEN_WORDS}
    return found.pop() if len(found) == 1 else None


def read_dishes(text: str) -> list[Dish]:
    """
    Read a day's dishes, one a line with the numbers of its allergens, a diet's substitute on a line below.

    :raises NotUnderstood: an allergen that is none, a substitute without a dish, too many dishes
    """
    dishes: list[Dish] = []
    for place, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        instead = _INSTEAD.fullmatch(line.strip())
        name, allergens = _named(instead["rest"] if instead else line, place)
        if not instead:
            dishes.append(Dish(name, allergens))
            continue
        if not dishes:
            raise NotUnderstood(f"Riga {place}: prima scrivi il piatto, poi sotto che cosa mangia la dieta.")
        code, above = instead["code"].upper(), dishes[-1]
        if any(one.code == code for one in above.instead):
            raise NotUnderstood(f"Riga {place}: per la dieta {code} c’è già un piatto al posto di «{above.name}».")
        dishes[-1] = Dish(above.name, above.allergens, (*above.instead, Instead(code, name, allergens)))
    if len(dishes) > MOST_DISHES:
        raise NotUnderstood(f"Sono {len(dishes)} piatti: per un giorno bastano {MOST_DISHES}.")
    return dishes


def written(dishes: Sequence[Dish]) -> str:
    """Write a day's dishes as ``read_dishes`` reads them."""
    lines: list[str] = []
    for dish in dishes:
        lines.append(_line(dish))
        lines += [f"  {one.code}: {_line(one)}" for one in dish.instead]
    return "\n".join(lines)


def _named_allergens(numbers: Sequence[int]) -> str:
    return ", ".join(ALLERGENS[number] for number in sorted(set(numbers)))


def _named(line: str, place: int) -> tuple[str, tuple[int, ...]]:
    found = _DISH.fullmatch(line.strip())
    name, numbers = (found["name"], found["numbers"] or "") if found else (line.strip(), "")
    if not name:
        raise NotUnderstood(f"Riga {place}: manca il nome del piatto.")
    if len(name) > LONGEST_NAME:
        raise NotUnderstood(f"Riga {place}: il nome è troppo lungo, al massimo {LONGEST_NAME} lettere.")
    allergens = sorted({int(number) for number in re.findall(r"\d+", numbers)})
    unknown = next((number for number in allergens if number not in ALLERGENS), None)
    if unknown is not None:
        raise NotUnderstood(f"Riga {place}: {unknown} non è un allergene, i numeri vanno da 1 a 14.")
    return name, tuple(allergens)


def _line(dish: Dish | Instead) -> str:
    numbers = ", ".join(map(str, dish.allergens))
    return f"{dish.name} ({numbers})" if numbers else dish.name


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
