"""Where a child goes when a school year ends: up a class, on in its section, or out of its school."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

# The last class of a school that counts its classes.
LAST = {"primaria": 5, "secondaria": 3}
# The year of life that begins in the first autumn at the next school (D.P.R. 89/2009, art. 2 and 4).
OUT_AT = {"nido": 3, "infanzia": 6}
# Sections that are called by the age of their children, in order.
BY_AGE = (("piccoli", "medi", "grandi"), ("lattanti", "semidivezzi", "divezzi"))

_GRADE = re.compile(r"\d")

Step = Literal["up", "stays", "out", "unclear"]


@dataclass(frozen=True, slots=True)
class Next:
    """
    What follows for one child.

    :ivar name: of the class it goes to; empty where it leaves its school, or nobody can tell
    """

    step: Step
    name: str = ""


def next_class(*, level: str, name: str, birth_date: date | None, autumn: int) -> Next:
    """
    Tell where a child of a class goes.

    :param name: of its class, such as ``2ª B``, ``3A`` or ``Sezione Girasoli``
    :param autumn: the year in which the new school year begins
    """
    if level in LAST:
        return _by_grade(name, LAST[level])
    for words in BY_AGE if level == "nido" else ():
        found = next((place for place, word in enumerate(words) if word in name.lower().split()), None)
        if found is not None:
            return _by_age(name, words, found)
    if level not in OUT_AT or birth_date is None:
        return Next("unclear")
    return Next("out") if autumn - birth_date.year >= OUT_AT[level] else Next("stays", name)


def first_class(*, level: str, name: str) -> bool:
    """Tell whether a class is one of those that a school begins with, which open anew for whoever comes."""
    found = _GRADE.search(name)
    return level in LAST and found is not None and found.group() == "1"


def _by_grade(name: str, last: int) -> Next:
    found = _GRADE.search(name)
    if found is None or not 1 <= int(found.group()) <= last:
        return Next("unclear")
    grade = int(found.group())
    return Next("out") if grade == last else Next("up", f"{name[: found.start()]}{grade + 1}{name[found.end() :]}")


def _by_age(name: str, words: tuple[str, ...], place: int) -> Next:
    if place + 1 == len(words):
        return Next("out")
    old, new = words[place], words[place + 1]
    written = re.search(old, name, re.IGNORECASE)
    cased = new.capitalize() if written and written.group()[0].isupper() else new
    return Next("up", re.sub(old, cased, name, count=1, flags=re.IGNORECASE))
