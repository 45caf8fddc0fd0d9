"""
Which children may be one child written down twice: for a person to decide, never a reason to merge.

Twins are alike by nature: one letter of the name, one letter of the tax code. Plain rules.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Protocol, TypeVar

# Where a tax code has a digit, and the letters that stand for it when two persons would have the same one
# (decree of 23 December 1976, art. 6).
DIGITS = (6, 7, 9, 10, 12, 13, 14)
STANDING_FOR = str.maketrans("LMNPQRSTUV", "0123456789")
# "Marco" and "Mirco", "Nicolo" and "Niccolò"; "Anna" and "Luca" are siblings.
ALIKE = 0.75


class Described(Protocol):
    """Whoever has what tells one child from another."""

    @property
    def family_name(self) -> str: ...

    @property
    def given_name(self) -> str: ...

    @property
    def tax_code(self) -> str: ...

    @property
    def birth_date(self) -> date | None: ...


D = TypeVar("D", bound=Described)


def why_alike(one: Described, other: Described) -> str:
    """Return why two may be the same child, as a clause; empty when nothing says so."""
    if _base(one.tax_code) and _base(one.tax_code) == _base(other.tax_code):
        return "i codici fiscali differiscono solo per le lettere che distinguono gli omonimi"
    same_day = one.birth_date == other.birth_date is not None
    if _name(one) == _name(other) and (same_day or None in (one.birth_date, other.birth_date)):
        return "stesso nome e stesso giorno di nascita" if same_day else "stesso nome, e di uno manca la data di nascita"
    near = SequenceMatcher(a=plain(one.given_name), b=plain(other.given_name), autojunk=False).ratio() >= ALIKE
    if same_day and near and plain(one.family_name) == plain(other.family_name):
        return "stesso cognome e stesso giorno di nascita, nomi quasi uguali"
    return ""


class Register:
    """Children in drawers, so that each is compared only with those it could be like."""

    def __init__(self, children: Iterable[Described]) -> None:
        self.drawers: dict[tuple[object, ...], list[Described]] = {}
        for child in children:
            for key in _keys(child):
                self.drawers.setdefault(key, []).append(child)

    def like(self, child: Described) -> list[tuple[Described, str]]:
        """Return who may be this child, and why."""
        candidates = {id(one): one for key in _keys(child) for one in self.drawers.get(key, []) if one is not child}
        return [(one, why) for one in candidates.values() if (why := why_alike(child, one))]


def pairs(children: Sequence[D]) -> list[tuple[D, D, str]]:
    """Return every two children who may be one, and why, in the order given."""
    register, place = Register(children), {id(child): n for n, child in enumerate(children)}
    return [
        (child, children[place[id(other)]], why)
        for n, child in enumerate(children)
        for other, why in register.like(child)
        if place[id(other)] > n
    ]


@lru_cache(maxsize=2**16)
def plain(name: str) -> str:
    """Return a name without case, accents and apostrophes, of any alphabet."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return " ".join(re.sub(r"[^\w]+", " ", "".join(c for c in letters if not unicodedata.combining(c))).split())


def _keys(child: Described) -> list[tuple[object, ...]]:
    keys: list[tuple[object, ...]] = [("name", _name(child))]
    if base := _base(child.tax_code):
        keys.append(("base", base))
    if child.birth_date:
        keys.append(("born", plain(child.family_name), child.birth_date))
    return keys


def _name(child: Described) -> str:
    return plain(f"{child.family_name} {child.given_name}")


def _base(code: str) -> str:
    """Return a tax code as it would be if nobody else had it, without its check letter; empty when there is none."""
    if len(code) != 16:
        return ""
    return "".join(letter.translate(STANDING_FOR) if place in DIGITS else letter for place, letter in enumerate(code[:15]))
