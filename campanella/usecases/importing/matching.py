"""Who in the town is meant by a line: by code, by tax code, by name. Plain rules."""

from collections.abc import Mapping, Sequence

from campanella.domains.people.likeness import Register, plain
from campanella.usecases.importing.known import Known, Person
from campanella.usecases.importing.lines import Adult, ChildLine, Problem, problem

# A guardian to register: by tax code, by name and contact, or alone on a line.
NewKey = tuple[str, str]


class Children:
    """Finds the child of each line; two lines that may be one child are refused both, for a person to decide."""

    def __init__(self, known: Known, lines: Sequence[ChildLine]) -> None:
        self.known = known
        self.by_tax_code = {child.tax_code: child for child in known.children.values() if child.tax_code}
        self.by_name: dict[tuple[str, object], list[Person]] = {}
        for child in known.children.values():
            self.by_name.setdefault((_name_of(child), child.birth_date), []).append(child)
        self.register = Register(known.children.values())
        self.found = {line.number: self._find(line) for line in lines}
        self.keys = {line.number: self._keys(line) for line in lines}
        self.numbers: dict[tuple[str, object], list[int]] = {}
        for number, keys in self.keys.items():
            for key in keys:
                self.numbers.setdefault(key, []).append(number)

    def find(self, line: ChildLine) -> tuple[Person | None, list[Problem]]:
        """Return the child a line means, None for a new one, and what speaks against it."""
        child, problems = self.found[line.number]
        others = [other for key in self.keys[line.number] for other in self.numbers[key] if other != line.number]
        reason = f"è lo stesso bambino della riga {others[0]}, o uno dei due ha un codice sbagliato" if others else ""
        return child, [*([problem(line, "family_name", reason)] if others else []), *problems]

    def _find(self, line: ChildLine) -> tuple[Person | None, list[Problem]]:
        problems: list[Problem] = []
        by_former = self.known.children.get(self.known.former.get(line.former_code, 0))
        by_code = self.by_tax_code.get(line.tax_code)
        if by_former and by_code and by_former.id != by_code.id:
            problems.append(problem(line, "former_code", "questo codice è già di un altro bambino"))
        if by_former and line.tax_code and by_former.tax_code not in ("", line.tax_code):
            problems.append(problem(line, "former_code", "questo codice è di un bambino con un altro codice fiscale"))
        alike = [] if by_code or by_former else self._alike(line)
        if len(alike) > 1 and not line.tax_code and not line.former_code:
            reason = f"nel Comune ci sono {len(alike)} bambini che si chiamano così: scrivi il codice fiscale o il codice"
            problems.append(problem(line, "family_name", reason))
        known = by_code or by_former
        if known and not _may_be_called(known, line):
            # Twins may differ by a letter: only a person can tell a mended name from another child.
            reason = (
                f"con questo codice il Comune ha {known.given_name}: se è lo stesso bambino correggi il nome nella scheda"
            )
            problems.append(problem(line, "given_name", reason))
        child = known or self._the_same(line, alike)
        return child, problems if child or problems else self._perhaps(line)

    def _perhaps(self, line: ChildLine) -> list[Problem]:
        """Point out children of the town whom a new one may be; a person decides, and nobody is merged."""
        return [
            problem(
                line, "family_name", f"forse è {one.given_name} {one.family_name}, già in anagrafica: {why}", is_warning=True
            )
            for one, why in self.register.like(line)
        ]

    def _alike(self, line: ChildLine) -> list[Person]:
        return self.by_name.get((_name_of(line), line.birth_date), [])

    def _the_same(self, line: ChildLine, alike: list[Person]) -> Person | None:
        """Only one child of that name and birthday, and no other tax code, is the same."""
        return alike[0] if len(alike) == 1 and not (alike[0].tax_code and line.tax_code) else None

    def _keys(self, line: ChildLine) -> list[tuple[str, object]]:
        """Return what no two children share; a name with its birthday counts only where there is no tax code."""
        child, _ = self.found[line.number]
        keys: list[tuple[str, object]] = [("former", line.former_code)] if line.former_code else []
        keys += [("tax", line.tax_code)] if line.tax_code else [(f"name {_name_of(line)}", line.birth_date)]
        return [*keys, *([("child", child.id)] if child else [])]


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


def _may_be_called(child: Person, line: ChildLine) -> bool:
    """Tell whether a given name is another form of the same: accents, or a second name more or less."""
    few, many = sorted((plain(child.given_name).split(), plain(line.given_name).split()), key=len)
    return set(few) <= set(many)


def _name_of(person: Person | ChildLine | Adult) -> str:
    return plain(f"{person.family_name} {person.given_name}")
