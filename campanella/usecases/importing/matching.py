"""Who in the town is meant by a line: by code, by tax code, by name. Plain rules."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from campanella.usecases.importing.columns import header_of
from campanella.usecases.importing.known import Known, Person
from campanella.usecases.importing.lines import Adult, ChildLine, Problem

# A guardian to register: by tax code, by name and contact, or alone on a line.
NewKey = tuple[str, str]


class Children:
    """Finds the child of a line, and notices a child that is in the file twice."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.by_tax_code = {child.tax_code: child for child in known.children.values() if child.tax_code}
        self.by_name: dict[tuple[str, object], list[Person]] = {}
        for child in known.children.values():
            self.by_name.setdefault((_name_of(child), child.birth_date), []).append(child)
        self.seen: dict[tuple[str, object], int] = {}
        self.seen_ids: dict[int, int] = {}

    def find(self, line: ChildLine) -> tuple[Person | None, list[Problem]]:
        """Return the child a line means, None for a new one, and what speaks against it."""
        problems = [
            Problem(line.number, header_of("family_name"), f"è lo stesso bambino della riga {before}")
            for before in self._twice(line)
        ]
        by_former = self.known.children.get(self.known.former.get(line.former_code, 0))
        by_code = self.by_tax_code.get(line.tax_code)
        if by_former and by_code and by_former.id != by_code.id:
            problems.append(Problem(line.number, header_of("former_code"), "questo codice è già di un altro bambino"))
        if by_former and line.tax_code and by_former.tax_code not in ("", line.tax_code):
            problems.append(
                Problem(line.number, header_of("former_code"), "questo codice è di un bambino con un altro codice fiscale")
            )
        alike = [] if by_code or by_former else self._alike(line)
        if len(alike) > 1 and not line.tax_code and not line.former_code:
            reason = f"nel Comune ci sono {len(alike)} bambini che si chiamano così: scrivi il codice fiscale o il codice"
            problems.append(Problem(line.number, header_of("family_name"), reason))
        child = by_code or by_former or self._the_same(line, alike)
        if child:
            before = self.seen_ids.setdefault(child.id, line.number)
            if before != line.number and not problems:
                problems.append(Problem(line.number, header_of("family_name"), f"è lo stesso bambino della riga {before}"))
        return child, problems

    def _alike(self, line: ChildLine) -> list[Person]:
        return self.by_name.get((_name_of(line), line.birth_date), [])

    def _the_same(self, line: ChildLine, alike: list[Person]) -> Person | None:
        """Only one child of that name and birthday, and no other tax code, is the same."""
        return alike[0] if len(alike) == 1 and not (alike[0].tax_code and line.tax_code) else None

    def _twice(self, line: ChildLine) -> Iterable[int]:
        keys: list[tuple[str, object]] = [("former", line.former_code)] if line.former_code else []
        keys += [("tax", line.tax_code)] if line.tax_code else [(f"name {_name_of(line)}", line.birth_date)]
        return {self.seen[key]: None for key in keys if self.seen.setdefault(key, line.number) != line.number}


class Guardians:
    """Finds the adult of a line in the town or earlier in the file."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.by_tax_code = {person.tax_code: person for person in known.guardians.values() if person.tax_code}
        self.by_contact: dict[tuple[str, str], Person] = {}
        for person in known.guardians.values():
            for contact in (person.email, person.phone):
                if contact:
                    self.by_contact.setdefault((_name_of(person), contact.lower()), person)
        self.new: dict[NewKey, NewKey] = {}

    def find(self, adult: Adult, *, tied: Mapping[int, bool]) -> Person | None:
        """
        Return the adult of the town who is meant.

        :param tied: the guardians of the child, among whom the name is enough
        """
        if adult.tax_code in self.by_tax_code:
            return self.by_tax_code[adult.tax_code]
        candidates = [self.by_contact.get((_name_of(adult), contact)) for contact in (adult.email, adult.phone) if contact]
        candidates += [self.known.guardians[pk] for pk in tied if _name_of(self.known.guardians[pk]) == _name_of(adult)]
        return next((one for one in candidates if one and not (one.tax_code and adult.tax_code)), None)

    def remember(self, adult: Adult, *, line: int) -> NewKey:
        """Return who is to be registered: siblings' lines give the same; without code and contact one stays alone."""
        keys = [("tax", adult.tax_code)] if adult.tax_code else []
        keys += [(_name_of(adult), contact) for contact in (adult.email, adult.phone) if contact and not adult.tax_code]
        keys = keys or [(_name_of(adult), f"line {line}")]
        found = next((self.new[key] for key in keys if key in self.new), keys[0])
        for key in keys:
            self.new.setdefault(key, found)
        return found


def _name_of(person: Person | ChildLine | Adult) -> str:
    """A name without case, accents and apostrophes, of any alphabet."""
    plain = unicodedata.normalize("NFKD", f"{person.family_name} {person.given_name}".casefold())
    return " ".join(re.sub(r"[^\w]+", " ", "".join(c for c in plain if not unicodedata.combining(c))).split())
