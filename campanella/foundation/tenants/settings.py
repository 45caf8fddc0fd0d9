"""
What a town may choose, each choice with one sentence that says what it changes.

Choices are declared in groups by the floor that reads them (``domains/*/choices.py``) and installed at start, as the
reactions are. A group is read from the town: ``town.chosen(TopUpChoices).notice_days``; the town's own, which every page
shows, are ``town.choices``. The office changes all of them on one page, which shows the sentence of each.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import date, time
from typing import Any, Literal, Self

from campanella.foundation.core.money import Euro

# Where a town's choices keep how those were that go by the day.
BEFORE = "before"

Kind = Literal[
    "text", "long_text", "cents", "whole", "two_digits", "flag", "time", "cents_list", "texts", "colour", "choices"
]

# Least and most of what is a number; amounts in cents.
BOUNDS = {"whole": (0, 1000), "two_digits": (0, 1000), "cents": (1, 1_000_000)}


def choice(
    default: Any,
    *,
    kind: Kind,
    label: str,
    sentence: str,
    group: str,
    options: tuple[tuple[str, str], ...] = (),
    bounds: tuple[int, int] | None = None,
    by_two: bool = False,
    by_day: bool = False,
) -> Any:
    """
    Declare a choice: its default, how it is typed, its label and the sentence that says what it changes.

    :param bounds: least and most of a number, as ``BOUNDS`` where nothing else is said; of an amount in cents
    :param by_two: a change waits until somebody else of the office confirms it
    :param by_day: a change holds from the next day on: days until today stay as they were told
    """
    about = {
        "kind": kind,
        "label": label,
        "sentence": sentence,
        "group": group,
        "options": options,
        "bounds": bounds or BOUNDS.get(kind),
        "by_two": by_two,
        "by_day": by_day,
    }
    if isinstance(default, tuple):
        return field(default_factory=lambda: default, metadata=about)
    return field(default=default, metadata=about)


@dataclass(frozen=True)
class ChoiceGroup:
    """Choices that one floor reads; amounts in cents, times in Italian wall-clock time."""

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """Read what is stored, ignoring names that are not of this group."""
        return cls(**{f.name: _read(f.metadata["kind"], stored[f.name]) for f in fields(cls) if f.name in stored})


@dataclass(frozen=True)
class Choices(ChoiceGroup):
    """How the town presents itself, and who answers."""

    portal_name: str = choice(
        "Portale Genitori",
        kind="text",
        group="Aspetto",
        label="Nome del portale",
        sentence="È il nome scritto in alto in ogni pagina delle famiglie.",
    )
    colour: str = choice(
        "#0a58ad",
        kind="colour",
        group="Aspetto",
        label="Colore del Comune",
        sentence="Colora intestazioni e pulsanti; deve leggersi bene sul bianco.",
    )
    office_name: str = choice(
        "Ufficio Scuola",
        kind="text",
        group="Ufficio",
        label="Nome dell’ufficio",
        sentence="Firma le e-mail e le news.",
    )
    office_email: str = choice(
        "",
        kind="text",
        group="Ufficio",
        label="E-mail dell’ufficio",
        sentence="Riceve i messaggi di Contattaci.",
    )
    office_phone: str = choice(
        "",
        kind="text",
        group="Ufficio",
        label="Telefono dell’ufficio",
        sentence="Le famiglie lo leggono accanto a ogni errore e in Contattaci.",
    )
    office_address: str = choice(
        "",
        kind="text",
        group="Ufficio",
        label="Indirizzo e orari",
        sentence="Compare in Contattaci e sugli avvisi di pagamento.",
    )
    site_url: str = choice(
        "",
        kind="text",
        group="Ufficio",
        label="Sito del Comune",
        sentence="È il collegamento al sito istituzionale in cima al portale.",
    )


def install(groups: Sequence[type[ChoiceGroup]]) -> None:
    """Install the groups of choices, in the order in which the office's page shows them."""
    _groups[:] = groups


def declared() -> Iterator[Field[Any]]:
    """Return every choice a town has."""
    for group in _groups:
        yield from fields(group)


def stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return what to store of these choices and of the defaults of all others: JSON values.

    :raises KeyError: there is no choice of such a name
    """
    known = {choice.name: choice for choice in declared()}
    if unknown := values.keys() - known.keys():
        raise KeyError(f"unknown choices: {', '.join(sorted(unknown))}")
    return {name: _stored(values.get(name, _default(choice))) for name, choice in known.items()}


def kept_before(values: Mapping[str, Any], *, changed: Mapping[str, Any], today: date) -> dict[str, list[list[Any]]]:
    """
    Return what to store of how choices were until a day: for each that goes by the day, its last days and values in order.

    :param values: what is stored
    :param changed: the values before, by name, of what changes today
    """
    by_day = {choice.name for choice in declared() if choice.metadata["by_day"]}
    kept: dict[str, list[list[Any]]] = {name: list(spans) for name, spans in values.get(BEFORE, {}).items()}
    for name in by_day & changed.keys():
        spans = kept.setdefault(name, [])
        # What is changed twice in a day had held the first value on it.
        if not spans or spans[-1][0] != today.isoformat():
            spans.append([today.isoformat(), _stored(changed[name])])
    return kept


def in_words(name: str, value: Any) -> str:
    """Say a value as the page asks for it: an amount in euro, yes or no in words."""
    kind = next((choice.metadata["kind"] for choice in declared() if choice.name == name), "text")
    if kind == "cents" and isinstance(value, int):
        return str(Euro(abs(value)))
    return ("sì" if value else "no") if kind == "flag" else str(value)


def read_before(stored: Mapping[str, Any], name: str) -> tuple[tuple[date, Any], ...]:
    """Return how a choice that goes by the day was before: the last day of each value and the value, in order."""
    spans = stored.get(BEFORE, {}).get(name)
    if not spans:
        return ()  # as mostly: whoever asks about a child or a class comes here, and looks through no hundred choices
    kind = next(choice.metadata["kind"] for choice in declared() if choice.name == name)
    return tuple((date.fromisoformat(last), _read(kind, value)) for last, value in spans)


def read_all(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return every choice by name, from what is stored."""
    read = (group.read(stored) for group in _groups)
    return {f.name: getattr(group, f.name) for group in read for f in fields(group)}


_groups: list[type[ChoiceGroup]] = [Choices]


def _default(choice: Field[Any]) -> Any:
    return choice.default if choice.default_factory is MISSING else choice.default_factory()


def _read(kind: Kind, value: Any) -> Any:
    if kind == "time":
        return time.fromisoformat(value)
    if kind in ("cents_list", "texts", "choices"):
        return tuple(value)
    return value


def _stored(value: Any) -> Any:
    if isinstance(value, time):
        return value.isoformat("minutes")
    return list(value) if isinstance(value, tuple) else value
