"""A YAML document read node by node, so that whatever is wrong with it is told with its line."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TypeVar

import yaml

from campanella.foundation.core import clock
from campanella.foundation.core.amounts import Wrong, amount
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.money import Euro

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, in Italian; ``line`` counts from 1."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"Riga {self.line}: {self.text}"


class FileRefused(Refusal):
    """The file holds something that cannot be taken over: nothing of it is."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems, key=lambda one: one.line)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass
class Table:
    """
    A mapping of the document; what nobody takes is told as unknown.

    :ivar problems: shared by all tables of a document
    """

    line: int
    values: dict[str, yaml.Node]
    lines: dict[str, int]
    problems: list[Problem]
    taken: set[str] = field(default_factory=set)

    def take(self, key: str, read: Callable[[str], T], default: T) -> T:
        """Return a plain value; one that cannot be read is told and counts as ``default``."""
        self.taken.add(key)
        node = self.values.get(key)
        if node is None:
            return default
        if not isinstance(node, yaml.ScalarNode):
            self.say(f"“{key}” è un valore solo, non un elenco", key)
            return default
        return self._read(key, node, read, default)

    def need(self, key: str, read: Callable[[str], T], default: T) -> T:
        """Return a plain value that has to be there."""
        if key not in self.values:
            self.say(f"manca “{key}”")
        return self.take(key, read, default)

    def many(self, key: str, read: Callable[[str], T]) -> list[T]:
        """Return a list of plain values; one alone is a list of one."""
        self.taken.add(key)
        node = self.values.get(key)
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [node] if node else []
        found = []
        for one in nodes:
            if isinstance(one, yaml.ScalarNode):
                found += [value for value in [self._read(key, one, read, None)] if value is not None]
            else:
                self.say(f"“{key}” è un elenco di valori", key)
        return found

    def pairs(self, key: str) -> "Table":
        """Return a mapping within this one, empty when it is not there."""
        self.taken.add(key)
        node = self.values.get(key)
        if node is None:
            return Table(self.line, {}, {}, self.problems)
        return table(node, self.problems)

    def tables(self, key: str) -> "Iterator[Table]":
        """Yield the mappings of a list."""
        self.taken.add(key)
        node = self.values.get(key)
        if node is None:
            return
        if not isinstance(node, yaml.SequenceNode):
            self.say(f"“{key}” è un elenco: ogni voce comincia con un trattino", key)
            return
        for one in node.value:
            yield table(one, self.problems)

    def say(self, text: str, key: str = "") -> None:
        """Note what is wrong, at the line of a key, or of the whole."""
        self.problems.append(Problem(self.lines.get(key, self.line), text))

    def end(self) -> None:
        """Tell what nobody has taken."""
        for key in self.values:
            if key not in self.taken:
                self.say(f"“{key}” non si conosce: forse è scritto male", key)

    def _read(self, key: str, node: yaml.ScalarNode, read: Callable[[str], T], default: T) -> T:
        try:
            return read(node.value)
        except Wrong as wrong:
            self.problems.append(Problem(node.start_mark.line + 1, f"“{key}”: {wrong}"))
            return default


def document(text: str) -> Table:
    """
    Return the mapping that a document is.

    :raises FileRefused: it is no YAML, or something else than a mapping
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise FileRefused(
            [Problem(line, "qui il file non si legge più: controlla rientri, virgolette e due punti")]
        ) from None
    problems: list[Problem] = []
    if root is None:
        raise FileRefused([Problem(1, "il file è vuoto")])
    found = table(root, problems)
    if problems:
        raise FileRefused(problems)
    return found


def table(node: yaml.Node, problems: list[Problem]) -> Table:
    """Return a node as a mapping; one that is none is told."""
    made = Table(node.start_mark.line + 1, {}, {}, problems)
    if not isinstance(node, yaml.MappingNode):
        made.say("qui ci vogliono coppie “nome: valore”")
        return made
    for key, value in node.value:
        name, line = str(key.value), key.start_mark.line + 1
        if name in made.values:
            problems.append(Problem(line, f"“{name}” è scritto due volte"))
        made.values[name], made.lines[name] = value, line
    return made


def word(*allowed: str) -> Callable[[str], str]:
    """Read one of some words."""

    def read(text: str) -> str:
        if text not in allowed:
            raise Wrong(f"“{text}” non va bene: si può scrivere {', '.join(allowed)}")
        return text

    return read


def words(most: int) -> Callable[[str], str]:
    """Read a text of so many characters at most."""

    def read(text: str) -> str:
        if not text.strip():
            raise Wrong("è vuoto")
        if len(text) > most:
            raise Wrong(f"è più lungo di {most} caratteri")
        return text.strip()

    return read


def yes(text: str) -> bool:
    """Read yes or no."""
    if text.lower() not in ("yes", "no", "true", "false", "si", "sì"):
        raise Wrong(f"“{text}” non va bene: si può scrivere yes o no")
    return text.lower() not in ("no", "false")


def day(text: str) -> date:
    """Read a day."""
    found = clock.read_day(text)
    if found is None:
        raise Wrong(f"“{text}” non è un giorno: scrivi per esempio 2026-09-01")
    return found


def money(text: str) -> Euro:
    """Read an amount that is not below zero."""
    found = amount(text)
    if found is None:
        raise Wrong("manca l’importo")
    if found.cents < 0:
        raise Wrong(f"“{text}” è sotto zero")
    return found


def share(text: str) -> Fraction:
    """Read a percentage from 0 to 100: ``20``, ``1.875``, ``1,875``, ``20%``."""
    plain = text.strip().removesuffix("%").strip().replace(",", ".")
    try:
        found = Fraction(plain) if "/" not in plain and "e" not in plain.lower() else None
    except ValueError:
        found = None
    if found is None or not 0 <= found <= 100:
        raise Wrong(f"“{text}” non è una percentuale da 0 a 100")
    return found


def number(least: int, most: int) -> Callable[[str], int]:
    """Read a whole number within limits."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 9 and least <= int(text) <= most):
            raise Wrong(f"“{text}” non è un numero da {least} a {most}")
        return int(text)

    return read
