"""Which school and class a line means: by code, or by name as people write it. Plain rules."""

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from campanella.usecases.importing import values
from campanella.usecases.importing.known import Known
from campanella.usecases.importing.lines import ChildLine, Problem, problem

# Words that tell no school from another; nor do those of its level.
USUAL = {"scuola", "plesso", "istituto", "statale", "comunale", "paritaria", "asilo", "grado", "i", "di", "de", "del"}
USUAL |= {"della", "dello", "dell", "dei", "degli", "la", "il", "lo", "l", "d"}
USUAL_OF_CLASSES = {"classe", "cl", "sezione", "sez"}
# So alike, a word may be the other one with a slip of the pen.
ALIKE, SHORTEST_ALIKE = 0.8, 4


@dataclass(frozen=True, slots=True)
class Named:
    """A school of the town, or one that an earlier line of the file brings."""

    code: str
    name: str
    level: str
    is_new: bool


class Place(NamedTuple):
    """Where a line puts its child; ``school`` None when that is not clear."""

    school: Named | None
    class_name: str
    problems: list[Problem]


class Places:
    """Finds the school and the class of a line, and notices names that are nearly another's."""

    def __init__(self, known: Known) -> None:
        self.schools = {code: Named(code, name, level, False) for code, (name, level) in known.schools.items()}
        self.shut = known.shut
        self.by_name: dict[str, list[str]] = {}
        for code, (name, _) in known.schools.items():
            self.by_name.setdefault(_folded(name), []).append(code)
        self.classes: dict[str, list[str]] = {}
        for school, name in known.classes:
            self.classes.setdefault(school, []).append(name)

    def find(self, line: ChildLine) -> Place:
        """Return the place of a line; a school or a class that nobody has yet is remembered for the lines that follow."""
        school, problems = self._school(line)
        if school is None or any(not one.is_warning for one in problems):
            return Place(None, line.class_name, problems)
        spelled = self._class(line, school)
        if isinstance(spelled, Problem):
            return Place(None, line.class_name, [*problems, spelled])
        if self.shut.intersection({(school.code, ""), (school.code, spelled)}):
            reason = "da quel giorno è chiusa: scrivi la scuola e la classe in cui il bambino va adesso"
            return Place(None, line.class_name, [*problems, problem(line, "class_name", reason)])
        if school.code not in self.schools:
            self.schools[school.code] = school
            self.by_name.setdefault(_folded(school.name), []).append(school.code)
        return Place(school, spelled, problems)

    def _school(self, line: ChildLine) -> tuple[Named | None, list[Problem]]:
        if line.school_code in self.schools:
            return self.schools[line.school_code], []
        level = line.level or values.level_in(line.school_name)
        named = [self.schools[code] for code in self.by_name.get(_folded(line.school_name), [])]
        same = [one for one in named if line.level in ("", one.level)]
        if line.school_code:
            return self._of_a_new_code(line, level, same)
        if len(same) == 1:
            return same[0], []
        if same:
            reason = f"nel Comune ci sono {len(same)} plessi che si chiamano così: aggiungi la colonna Codice plesso"
            return None, [problem(line, "school_name", reason)]
        code = values.slug(line.school_name, most=40)
        if code in self.schools and line.level in ("", self.schools[code].level):
            # The office may have renamed a school since: its code is still the name it came with.
            return self.schools[code], []
        if not level:
            return None, [problem(line, "level", _NO_LEVEL)]
        near = next(
            (one for one in self.schools.values() if one.level == level and nearly(one.name, line.school_name)), None
        )
        if near and not near.is_new:
            reason = (
                f"il Comune ha “{near.name}”: se è lo stesso plesso scrivilo così, se no aggiungi la colonna Codice plesso"
            )
            return None, [problem(line, "school_name", reason)]
        new = Named(f"{code[:28]}-{level}" if code in self.schools else code, line.school_name, level, True)
        return new, self._told_near(line, near)

    def _of_a_new_code(self, line: ChildLine, level: str, same: list[Named]) -> tuple[Named | None, list[Problem]]:
        if same:
            reason = f"“{same[0].name}” c’è già con il codice {same[0].code}: usa quel codice, o un altro nome"
            return None, [problem(line, "school_code", reason)]
        if not level:
            return None, [problem(line, "level", _NO_LEVEL)]
        return Named(line.school_code, line.school_name, level, True), []

    def _told_near(self, line: ChildLine, near: Named | None) -> list[Problem]:
        if near is None:
            return []
        reason = f"il file ha anche “{near.name}”: se è lo stesso plesso, scrivilo sempre allo stesso modo"
        return [problem(line, "school_name", reason, is_warning=True)]

    def _class(self, line: ChildLine, school: Named) -> str | Problem:
        """Return the class's name as it was written the first time: 1a is 1ª A is 1A, unless the school has both."""
        names = self.classes.setdefault(school.code, [])
        if line.class_name in names:
            return line.class_name
        same = [name for name in names if folded_class(name) == folded_class(line.class_name)]
        if len(same) > 1:
            both = " e ".join(f"“{name}”" for name in same[:2])
            return problem(line, "class_name", f"“{line.class_name}” può essere {both}: scrivila come nel Comune")
        if not same:
            names.append(line.class_name)
        return (same or [line.class_name])[0]


_NO_LEVEL = "manca, e dal nome del plesso non si capisce"


def nearly(one: str, other: str) -> bool:
    """
    Tell whether two names may be one school's: ``Don Milani`` and ``Scuola D. Milani``.

    A number or a letter that differs tells two schools apart: ``Collodi A`` and ``Collodi B``.
    """
    few, many = sorted((_own_words(one), _own_words(other)), key=len)
    if not few:
        return not many
    if {word for word in few if word.isdigit()} != {word for word in many if word.isdigit()}:
        return False
    left = [word for word in many if word not in few]
    return all(any(_same_word(word, candidate) for candidate in left) for word in few if word not in many)


def folded_class(name: str) -> str:
    """Return a class's name without case, blanks and marks: ``1ª A``, ``1^a``, ``Classe 1 A`` are one."""
    words = [word for word in _words(re.sub("[ªº°^]", " ", name)) if word not in USUAL_OF_CLASSES]
    return "".join(words) or name.casefold()


def _own_words(name: str) -> list[str]:
    return [word for word in _words(name) if word not in values.LEVEL_WORDS and (word == "d" or word not in USUAL)]


def _same_word(one: str, other: str) -> bool:
    if one == other:
        return True
    if one.isdigit() or other.isdigit():
        return False
    short, long = sorted((one, other), key=len)
    if len(short) == 1:
        return len(long) > 1 and long.startswith(short)
    return len(short) >= SHORTEST_ALIKE and SequenceMatcher(a=one, b=other, autojunk=False).ratio() >= ALIKE


def _folded(name: str) -> str:
    return " ".join(_words(name))


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[^\W_]+", "".join(letter for letter in plain if not unicodedata.combining(letter)))
