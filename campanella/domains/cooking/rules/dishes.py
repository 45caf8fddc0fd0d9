"""A day's dishes as the office writes them, their allergens, and what the diets eat in their place."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

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
MOST_DISHES = 8
LONGEST_NAME = 120
# A dish as menus write it: "Pasta al pomodoro (1, 9)".
_DISH = re.compile(r"(?P<name>.*?)\s*(?:\((?P<numbers>[\d\s,;.]+)\))?")
# What a diet gets in its place, on a line of its own below: "D1: Pasta di riso al pomodoro (9)".
_INSTEAD = re.compile(r"(?P<codes>[A-Z0-9]{1,6}(?:\s*,\s*[A-Z0-9]{1,6})*)\s*:\s*(?P<rest>.+)", re.IGNORECASE)
# What the office writes where a diet may eat the dish itself, and what stands for every diet of the town.
SAME, EVERY = "come tutti", "TUTTE"
# What a diet is told where nobody has said what it eats: never the dish of all.
UNDEFINED = "sostituzione da definire: chiedere all’ufficio"


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

    def is_same_as(self, dish: "Dish") -> bool:
        """Tell whether the diet may eat the dish itself."""
        return (self.name, self.allergens) == (dish.name, dish.allergens)


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

    def for_diet(self, code: str) -> Instead | None:
        """
        Return what a diet is served, as the menu says it; None when it says nothing.

        Whoever asks then says ``UNDEFINED``: the dish of all may be what the diet must not eat.
        """
        return next((one for one in self.instead if one.code == code), None)

    @property
    def others(self) -> tuple[Instead, ...]:
        """What diets get that is another dish."""
        return tuple(one for one in self.instead if not one.is_same_as(self))


def allergen(text: str) -> int | None:
    """
    Return the number of an allergen that is written as a number or by name, None when it is none of the fourteen.

    Source: Regulation (EU) 1169/2011, annex II.
    """
    if text.isdigit():
        return next((one for one in ALLERGENS if str(one) == text.lstrip("0")), None)
    found = {_ALLERGEN_WORDS[word] for word in re.findall("[a-z]+", text.lower()) if word in _ALLERGEN_WORDS}
    return found.pop() if len(found) == 1 else None


def read_dishes(text: str, *, codes: Sequence[str] = ()) -> list[Dish]:
    """
    Read a day's dishes, one a line with the numbers of its allergens, the diets' substitutes on lines below.

    :param codes: of the town's diets, for a line that speaks of all of them
    :raises NotUnderstood: an allergen that is none, a substitute without a dish or for a diet that has one, too many dishes
    """
    dishes: list[Dish] = []
    for place, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        instead = _INSTEAD.fullmatch(line.strip())
        if not instead:
            dishes.append(Dish(*_named(line, place)))
            continue
        if not dishes:
            raise NotUnderstood(f"Riga {place}: prima scrivi il piatto, poi sotto che cosa mangia la dieta.")
        above = dishes[-1]
        name, allergens = (above.name, above.allergens) if is_same(instead["rest"]) else _named(instead["rest"], place)
        meant = codes_of(instead["codes"], codes=codes, dish=above)
        taken = next((code for code in meant if above.for_diet(code)), None)
        if taken:
            raise NotUnderstood(f"Riga {place}: per la dieta {taken} c’è già un piatto al posto di «{above.name}».")
        dishes[-1] = replace(above, instead=(*above.instead, *(Instead(code, name, allergens) for code in meant)))
    if len(dishes) > MOST_DISHES:
        raise NotUnderstood(f"Sono {len(dishes)} piatti: per un giorno bastano {MOST_DISHES}.")
    return dishes


def is_same(words: str) -> bool:
    """Tell whether somebody says that a diet eats the dish of all."""
    return " ".join(words.split()).lower() == SAME


def codes_of(words: str, *, codes: Sequence[str], dish: Dish) -> list[str]:
    """
    Return the codes that a line names, each once; where it says all, those of the town of which the dish says nothing yet.

    :param words: "D1, D2", or "tutte"
    """
    named = list(dict.fromkeys(code.upper() for code in re.findall(r"\w+", words)))
    return [code for code in codes if not dish.for_diet(code)] if named == [EVERY] else named


def plate(dishes: Sequence[Dish], code: str) -> str:
    """Say in a line what a diet is served of a day's dishes, and that it is to be asked where the menu does not say it."""
    found = [dish.for_diet(code) for dish in dishes]
    named, missing = ", ".join(one.name for one in found if one), found.count(None)
    if not missing:
        return named
    many = f"per {missing} piatti" if missing > 1 else "per un piatto"
    return f"{named}; {many} {UNDEFINED}" if named else f"{UNDEFINED[:1].upper()}{UNDEFINED[1:]}"


def undefined(dishes: Sequence[Dish], codes: Iterable[str]) -> dict[str, list[str]]:
    """Return the dishes of which the menu does not say what a diet eats in their place, by the diet's code."""
    missing = {code: [dish.name for dish in dishes if not dish.for_diet(code)] for code in sorted(set(codes)) if code}
    return {code: names for code, names in missing.items() if names}


def packed(dishes: Sequence[Dish]) -> list[Any]:
    """Write dishes as plain values, for ``unpacked``."""
    return [
        [dish.name, list(dish.allergens), [[one.code, one.name, list(one.allergens)] for one in dish.instead]]
        for dish in dishes
    ]


def unpacked(values: Sequence[Any]) -> list[Dish]:
    """Return the dishes that ``packed`` wrote."""
    return [
        Dish(name, tuple(numbers), tuple(Instead(code, other, tuple(those)) for code, other, those in instead))
        for name, numbers, instead in values
    ]


def written(dishes: Sequence[Dish]) -> str:
    """Write a day's dishes as ``read_dishes`` reads them, the diets that eat the same on one line."""
    lines: list[str] = []
    for dish in dishes:
        lines.append(_line(dish))
        alike: dict[str, list[str]] = {}
        for one in dish.instead:
            alike.setdefault(SAME if one.is_same_as(dish) else _line(one), []).append(one.code)
        lines += [f"  {', '.join(codes)}: {words}" for words, codes in alike.items()]
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
    told = {number: allergen(number) for number in re.findall(r"\d+", numbers)}
    unknown = next((number for number, found in told.items() if found is None), None)
    if unknown is not None:
        raise NotUnderstood(f"Riga {place}: {unknown[:6]} non è un allergene, i numeri vanno da 1 a 14.")
    return name, tuple(sorted({found for found in told.values() if found}))


def _line(dish: Dish | Instead) -> str:
    numbers = ", ".join(map(str, dish.allergens))
    return f"{dish.name} ({numbers})" if numbers else dish.name
