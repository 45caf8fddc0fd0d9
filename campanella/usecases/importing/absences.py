"""
A class register's file → who was absent or present on which day, each line with its problems; nothing is written here.

One line for each child and day: the child by tax code, or by name, with class and school where the file has them: where
that fits several, it is asked. A file without a column of states lists absences. Read by the same readers as the
register of another software.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from campanella.foundation.core.italian import day_figures
from campanella.usecases.importing import reading, values
from campanella.usecases.importing.cells import Cell, Row, Unreadable, says_something
from campanella.usecases.importing.columns import folded
from campanella.usecases.importing.places import folded_class, nearly

FIELDS = {
    "tax_code": ("codice fiscale", "cf", "cod fiscale", "codice fiscale alunno", "codice fiscale bambino", "cf alunno"),
    "family_name": ("cognome", "cognome alunno", "cognome bambino"),
    "given_name": ("nome", "nome alunno", "nome bambino"),
    "class_name": ("classe", "sezione", "classe sezione", "classe e sezione"),
    "school_name": ("scuola", "plesso", "nome scuola", "nome plesso"),
    "day": ("giorno", "data", "data assenza", "del", "giorno di assenza"),
    "state": ("stato", "presenza", "assenza", "presente", "assente", "esito", "presente assente", "p a"),
}
_KNOWN = {name: field for field, names in FIELDS.items() for name in names}
ABSENT = {"assente", "a", "assenza", "ass", "no", "0", "x"}
PRESENT = {"presente", "p", "presenza", "pres", "si", "1"}
# A title may stand above the table.
TITLE_ROWS = 15
MOST_LINES = 20_000


@dataclass(frozen=True, slots=True)
class Pupil:
    """A child as the town knows it, in its class of a day."""

    child_id: int
    family_name: str
    given_name: str
    tax_code: str
    class_name: str
    school_name: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a line says of a child's day."""

    child_id: int
    day: date
    is_present: bool


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line that cannot be taken, by its number in the file, and why."""

    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was understood, by its number, and whom it names."""

    number: int
    who: str
    said: Said


@dataclass(frozen=True, slots=True)
class Doubt:
    """A line that may speak of several children: the office says of which one, or leaves it out."""

    number: int
    who: str
    day: date
    is_present: bool
    pupils: tuple[Pupil, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """A file as it was read: each child's day once; of a day that two lines tell otherwise nothing is taken."""

    lines: tuple[Line, ...]
    wrong: tuple[Wrong, ...]
    doubts: tuple[Doubt, ...] = ()

    @property
    def said(self) -> tuple[Said, ...]:
        """What is clear."""
        return tuple(line.said for line in self.lines)


def read(*, path: Path, pupils_on: Callable[[date], Sequence[Pupil]], first: date, last: date) -> Read:
    """
    Read a file whole.

    :param pupils_on: who sits in which class on a day
    :param first: earliest day that makes sense, as ``last`` is the latest
    :raises Unreadable: the file as a whole cannot be taken
    """
    places, rows = _headers(reading.rows(path))
    found: dict[tuple[int, date], list[Line]] = {}
    wrong: list[Wrong] = []
    doubts: list[Doubt] = []
    known: dict[date, _Pupils] = {}
    number = 0
    for number, row in enumerate(rows, start=1):
        if number > MOST_LINES:
            raise Unreadable(f"Il file ha più di {MOST_LINES} righe: dividilo, per esempio mese per mese.")
        cells = {field: row.cells[place] if place < len(row.cells) else None for field, place in places.items()}
        try:
            day = values.day(cells["day"], first=first, last=last)
            if day is None:
                raise values.Wrong("manca il giorno")
            if day not in known:
                known[day] = _Pupils(pupils_on(day))
            pupils, is_present = known[day].find(cells), _is_present(cells, has_state="state" in places)
        except values.Wrong as problem:
            wrong.append(Wrong(row.number, f"{_who(cells)}: {problem}."))
            continue
        if len(pupils) > 1:
            doubts.append(Doubt(row.number, _who(cells), day, is_present, tuple(pupils)))
        else:
            said = Said(pupils[0].child_id, day, is_present)
            found.setdefault((said.child_id, day), []).append(Line(row.number, _who(cells), said))
    if not number:
        raise Unreadable("Il file ha le intestazioni e nessuna riga.")
    agreed = {key: lines for key, lines in found.items() if len({one.said.is_present for one in lines}) == 1}
    wrong += [_at_odds(lines) for key, lines in found.items() if key not in agreed]
    clear = tuple(lines[0] for lines in agreed.values())
    return Read(clear, tuple(sorted(wrong, key=lambda one: one.line)), tuple(doubts))


def _at_odds(lines: Sequence[Line]) -> Wrong:
    """Say which lines of a child's day contradict each other: which of them is right the file cannot tell."""
    told = []
    for word, is_present in (("assente", False), ("presente", True)):
        numbers = [f"{one.number}" for one in lines if one.said.is_present is is_present]
        told.append(
            f"le righe {', '.join(numbers)} dicono {word}" if len(numbers) > 1 else f"la riga {numbers[0]} dice {word}"
        )
    first = lines[0]
    words = f"{first.who}: per il {day_figures(first.said.day)} {' e '.join(told)}: togli quella sbagliata."
    return Wrong(first.number, words)


class _Pupils:
    """The children of a day, by tax code and by name."""

    def __init__(self, pupils: Iterable[Pupil]) -> None:
        self.by_code: dict[str, Pupil] = {}
        self.by_name: dict[tuple[str, str], list[Pupil]] = {}
        for one in pupils:
            if one.tax_code:
                self.by_code[one.tax_code] = one
            self.by_name.setdefault((folded(one.family_name), folded(one.given_name)), []).append(one)

    def find(self, cells: Mapping[str, Cell]) -> list[Pupil]:
        """
        Return the child a line speaks of, or all of whom it may speak: which one it is, the office says.

        :raises values.Wrong: there is none
        """
        code = values.tax_code(cells.get("tax_code"))
        if code:
            if code not in self.by_code:
                raise values.Wrong("quel giorno nessun bambino con questo codice fiscale è in una classe del Comune")
            return [self.by_code[code]]
        family, given, group, school = (
            values.text(cells.get(field), most=80) for field in ("family_name", "given_name", "class_name", "school_name")
        )
        if not (family and given):
            raise values.Wrong("serve il codice fiscale, oppure cognome e nome, con la classe se c’è")
        found = self.by_name.get((folded(family), folded(given)), [])
        if group:
            found = [one for one in found if folded_class(one.class_name) == folded_class(group)]
        if school:
            found = [one for one in found if nearly(one.school_name, school)]
        if not found:
            where = ", ".join(filter(None, [group, school])) or "una classe del Comune"
            raise values.Wrong(f"quel giorno in {where} non c’è nessuno con questo nome")
        return found


def _headers(found: Iterator[Row]) -> tuple[dict[str, int], Iterator[Row]]:
    """:raises Unreadable: there is no day, or nothing that says which child"""
    for row in islice(found, TITLE_ROWS):
        places: dict[str, int] = {}
        for place, cell in enumerate(row.cells):
            field = _KNOWN.get(folded(cell))
            if field:
                places.setdefault(field, place)
        if "day" in places and ("tax_code" in places or {"family_name", "given_name"} <= places.keys()):
            return places, found
    raise Unreadable(
        "Mancano le colonne: servono “Giorno” e “Codice fiscale”, oppure “Giorno”, “Cognome” e “Nome”, con “Classe” e "
        "“Scuola” se ci sono. Una colonna “Stato” dice assente o presente; senza, ogni riga è un’assenza."
    )


def _is_present(cells: Mapping[str, Cell], *, has_state: bool) -> bool:
    if not has_state:
        return False
    word = folded(values.text(cells["state"], most=40))
    if word in ABSENT:
        return False
    if word in PRESENT:
        return True
    raise values.Wrong("lo stato non è né assente né presente" if word else "manca lo stato: assente o presente")


def _who(cells: Mapping[str, Cell]) -> str:
    told = [cells.get(field) for field in ("family_name", "given_name", "class_name", "school_name")]
    if not any(says_something(cell) for cell in told):
        told = [cells.get("tax_code")]
    return " ".join(str(cell).strip()[:40] for cell in told if says_something(cell)) or "riga senza nome"
