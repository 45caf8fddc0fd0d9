"""One row → one child with its people, class, services and balance, and every problem of the row."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from campanella.foundation.core.money import Euro
from campanella.usecases.importing import values
from campanella.usecases.importing.cells import Cell, Row, says_something
from campanella.usecases.importing.columns import Columns, header_of
from campanella.usecases.importing.values import Wrong, filled_down

T = TypeVar("T")

_OF_ADULTS = ("family_name", "given_name", "tax_code", "email", "phone")
EARLIEST_BIRTH = date(1990, 1, 1)
# "mensa=4,60", "mensa: Intera", "mensa 4,60".
_BEFORE_PRICE = re.compile(r"[=:]|\s(?=€?\s*\d+[.,]\d{1,2}\s*€?$)")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a row; a warning does not stop it."""

    line: int
    column: str
    reason: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Adult:
    """A guardian as the file tells it."""

    family_name: str
    given_name: str
    tax_code: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Use:
    """A service a child uses: by price, by the name of a bracket, or at the full price when both are missing."""

    code: str
    price: Euro | None = None
    bracket: str = ""


@dataclass(frozen=True, slots=True)
class ChildLine:
    """One child of the file; ``debt`` and ``credit`` are above zero or zero, None says nothing about money."""

    number: int
    family_name: str
    given_name: str
    tax_code: str
    birth_date: date | None
    school_code: str
    school_name: str
    level: str
    class_name: str
    guardians: tuple[Adult, ...]
    uses: tuple[Use, ...]
    former_code: str
    debt: Euro | None
    credit: Euro | None

    @property
    def balance(self) -> Euro | None:
        """What the wallet takes over, a debt negative; None says nothing about money."""
        if self.debt is None and self.credit is None:
            return None
        return (self.credit or Euro(0)) - (self.debt or Euro(0))

    def opening_service(self, kinds: Mapping[str, str]) -> str:
        """Return the service whose wallet takes the opening balance: the first meal, else the first; empty without any."""
        codes = [use.code for use in self.uses]
        return next((code for code in codes if kinds.get(code) == "meal"), next(iter(codes), ""))


class Notations:
    """How the amounts of each column are written: an English thousand among Italian cents is refused, not guessed."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], list[int]] = {}

    def note(self, row: Row, columns: Columns) -> None:
        """Look at the amounts of a row."""
        for name in ("balance", "debt", "credit"):
            written = values.notation(columns.cell(row.cells, name))
            if written:
                self.rows.setdefault((name, written), []).append(row.number)

    def problems(self) -> list[Problem]:
        """Return what is wrong with columns written in two ways."""
        reason = "è scritto all’inglese, con la virgola alle migliaia, e il resto della colonna no: scrivilo all’italiana"
        return [
            Problem(number, header_of(name), reason)
            for (name, written), numbers in self.rows.items()
            if written == "." and (name, ",") in self.rows
            for number in numbers
        ]


@dataclass
class _Reader:
    """Reads the cells of one row and collects what is wrong."""

    row: Row
    columns: Columns
    problems: list[Problem] = field(default_factory=list)

    def take(self, name: str, read: Callable[[Cell], T], otherwise: T) -> T:
        try:
            return read(self.columns.cell(self.row.cells, name))
        except Wrong as wrong:
            self.say(name, str(wrong))
            return otherwise

    def say(self, name: str, reason: str, *, is_warning: bool = False) -> None:
        self.problems.append(Problem(self.row.number, header_of(name), reason, is_warning))

    def needed(self, name: str, read: Callable[[Cell], str]) -> str:
        before = len(self.problems)
        found = self.take(name, read, "")
        if not found and len(self.problems) == before:
            self.say(name, "manca")
        return found


def problem(line: ChildLine, name: str, reason: str, *, is_warning: bool = False) -> Problem:
    """Return what is wrong with a line as a whole: the field's name and the reason that completes it."""
    return Problem(line.number, header_of(name), reason, is_warning)


def parse(row: Row, columns: Columns, *, today: date) -> tuple[ChildLine, list[Problem]]:
    """Read one row; with a problem that is no warning the line must not be used."""
    reader = _Reader(row, columns)
    debt, credit = _money(reader)
    school_name = reader.take("school_name", lambda cell: values.label(filled_down(cell), most=120), "")
    school_code = reader.take("school_code", lambda cell: values.label(filled_down(cell), most=40), "")
    family_name, given_name = _names(reader)
    line = ChildLine(
        number=row.number,
        family_name=family_name,
        given_name=given_name,
        tax_code=reader.take("tax_code", values.tax_code, ""),
        birth_date=reader.take("birth_date", lambda cell: values.day(cell, first=EARLIEST_BIRTH, last=today), None),
        school_code=school_code,
        school_name=school_name or school_code,
        level=reader.take("level", lambda cell: values.level(filled_down(cell)), ""),
        class_name=reader.needed("class_name", lambda cell: values.label(filled_down(cell), most=40)),
        guardians=_guardians(reader),
        uses=_uses(reader),
        former_code=reader.take("former_code", lambda cell: values.label(cell, most=40), ""),
        debt=debt,
        credit=credit,
    )
    _check(line, reader)
    return line, reader.problems


def _check(line: ChildLine, reader: _Reader) -> None:
    beyond = [cell for cell in reader.row.cells[reader.columns.width :] if says_something(cell)]
    if beyond:
        reason = f"ci sono più celle che intestazioni (“{beyond[0]}”): forse un separatore dentro un testo o un importo"
        reader.problems.append(Problem(reader.row.number, "tutta la riga", reason))
    if not line.school_name and not any(problem.column in ("Plesso", "Codice plesso") for problem in reader.problems):
        reader.say("school_name", "manca")
    odd = values.contradiction(
        code=line.tax_code, family_name=line.family_name, given_name=line.given_name, birth_date=line.birth_date
    )
    if odd and line.family_name:
        reader.say("tax_code", odd, is_warning=True)
    if line.tax_code and line.tax_code in {adult.tax_code for adult in line.guardians}:
        reader.say("guardian_tax_code", "è lo stesso codice fiscale del bambino")
    if line.balance and line.balance.cents and not line.former_code and not line.tax_code:
        reader.say("balance", "per portare un saldo serve il codice precedente o il codice fiscale del bambino")
    if line.balance and line.balance.cents and not line.uses:
        reader.say("balance", "per portare un saldo serve un servizio")


def _names(reader: _Reader, who: str = "") -> tuple[str, str]:
    """
    Return family and given name; the one name of a person who has no other is the given one, by which pages call people.

    :param who: the beginning of the fields' names
    """
    before = len(reader.problems)
    read = values.name_as_written if not who and _is_somebody(reader) else values.name
    family_name = reader.take(f"{who}family_name", read, "")
    given_name = reader.take(f"{who}given_name", read, "")
    for field_name, value in (("family_name", family_name), ("given_name", given_name)):
        if values.is_formula(value):
            reader.say(field_name, f"comincia con “{value[0]}”: è un testo, lo registro com’è scritto", is_warning=True)
    if len(reader.problems) > before or (family_name and given_name):
        return family_name, given_name
    missing = [name for name, value in (("family_name", family_name), ("given_name", given_name)) if not value]
    is_one = len(missing) == 1
    for name in missing:
        reader.say(f"{who}{name}", "manca: lo registro con un nome solo" if is_one else "manca", is_warning=is_one)
    return "", given_name or family_name


def _is_somebody(reader: _Reader) -> bool:
    """Tell whether a row is a child whatever is written as its name: it has both names, and was born or has a tax code."""
    said = {
        name: says_something(reader.columns.cell(reader.row.cells, name))
        for name in ("family_name", "given_name", "birth_date", "tax_code")
    }
    return said["family_name"] and said["given_name"] and (said["birth_date"] or said["tax_code"])


def _guardians(reader: _Reader) -> tuple[Adult, ...]:
    first, second = _adult(reader, "guardian"), _adult(reader, "guardian2")
    if first and second and first.tax_code and first.tax_code == second.tax_code:
        reader.say("guardian2_tax_code", "è lo stesso genitore due volte: lo considero una volta sola", is_warning=True)
        second = None
    return tuple(adult for adult in (first, second) if adult)


def _adult(reader: _Reader, who: str) -> Adult | None:
    if not any(says_something(reader.columns.cell(reader.row.cells, f"{who}_{name}")) for name in _OF_ADULTS):
        return None
    before = len(reader.problems)
    family_name, given_name = _names(reader, f"{who}_")
    adult = Adult(
        family_name=family_name,
        given_name=given_name,
        tax_code=reader.take(f"{who}_tax_code", values.tax_code, ""),
        email=reader.take(f"{who}_email", values.email, ""),
        phone=reader.take(f"{who}_phone", values.phone, ""),
    )
    return adult if all(one.is_warning for one in reader.problems[before:]) else None


def _uses(reader: _Reader) -> tuple[Use, ...]:
    written = reader.take("services", lambda cell: values.label(cell, most=400), "")
    tariff = reader.columns.cell(reader.row.cells, "price")
    uses: dict[str, Use] = {}
    for piece in filter(None, (piece.strip() for piece in re.split(r"[+;|/]", written))):
        code, _, price = (part.strip() for part in re.sub(_BEFORE_PRICE, "\n", piece, count=1).partition("\n"))
        try:
            use = _use(code, price or tariff)
        except Wrong as wrong:
            reader.say("services", str(wrong))
            continue
        if use.code in uses:
            reader.say("services", f"“{use.code}” è scritto due volte")
        uses[use.code] = use
    return tuple(uses.values())


def _use(code: str, price: Cell) -> Use:
    plain = values.slug(code, most=20)
    if not plain:
        raise Wrong(f"“{code}” non è un servizio")
    if price is None or (isinstance(price, str) and not price.strip()):
        return Use(plain)
    if isinstance(price, str) and re.search(r"[A-Za-z]", re.sub(r"eur(o)?\b", "", price, flags=re.IGNORECASE)):
        return Use(plain, bracket=values.label(price, most=120))
    cents = values.amount(price)
    if cents and cents.cents < 0:
        raise Wrong("una tariffa non può essere sotto zero")
    return Use(plain, price=cents)


def _money(reader: _Reader) -> tuple[Euro | None, Euro | None]:
    """Return debt and credit, each as a positive amount."""
    if "balance" in reader.columns.places:
        balance = reader.take("balance", values.amount, None)
        return (-balance, None) if balance and balance.cents < 0 else (None, balance)
    debt, credit = (reader.take(name, values.amount, None) for name in ("debt", "credit"))
    for name, found in (("debt", debt), ("credit", credit)):
        if found and found.cents < 0:
            reader.say(name, "va scritto senza il meno")
    return debt, credit
