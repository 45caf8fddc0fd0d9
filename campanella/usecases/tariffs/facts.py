"""What a price depends on, as somebody outside writes it: JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from campanella.domains.services.tariffs.facts import Facts, Sibling
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.money import Euro

MOST_CENTS = 10**11
KNOWN = frozenset(
    [
        "day",
        "isee_cents",
        "isee_presented_on",
        "isee_valid_until",
        "resident",
        "children",
        "child",
        "weekdays",
        "household",
        "enrolled",
        "enrolled_on",
        "level",
        "unit",
        "words",
    ]
)


class FactsRefused(Refusal):
    """The facts cannot be read."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Facts, and which tariff is meant where there are several."""

    facts: Facts
    level: str
    unit: str


def read_facts(text: str) -> Asked:
    """
    Return what a text asks for.

    :raises FactsRefused: with the name of what is wrong
    """
    try:
        said = json.loads(text)
    except ValueError as error:
        raise FactsRefused(f"I fatti non sono JSON: {error}") from None
    if not isinstance(said, dict):
        raise FactsRefused("I fatti sono un oggetto JSON.")
    unknown = sorted(said.keys() - KNOWN)
    if unknown:
        raise FactsRefused(f"“{unknown[0]}” non si conosce tra i fatti.")
    if "day" not in said:
        raise FactsRefused("Manca “day”: il giorno di cui si chiede il prezzo.")
    children = tuple(_child(one, place) for place, one in enumerate(_list(said, "children")))
    if not children:
        raise FactsRefused("Manca “children”: almeno un bambino.")
    isee = _whole(said, "isee_cents", 0, MOST_CENTS)
    facts = Facts(
        day=_day(said, "day") or date.min,
        children=children,
        child=_whole(said, "child", 0, len(children) - 1) or 0,
        isee=Euro(isee) if isee is not None else None,
        presented_on=_day(said, "isee_presented_on"),
        valid_until=_day(said, "isee_valid_until"),
        is_resident=_yes(said, "resident"),
        is_enrolled=_yes(said, "enrolled"),
        enrolled_on=_day(said, "enrolled_on"),
        weekdays=_weekdays(said),
        household=_whole(said, "household", 1, 99),
        words=frozenset(_word(one, "words") for one in _list(said, "words")),
    )
    return Asked(facts, _word(said.get("level") or "", "level"), _word(said.get("unit") or "", "unit"))


def _child(said: Any, place: int) -> Sibling:
    if not isinstance(said, dict) or not said.get("birth_date"):
        raise FactsRefused(f"“children”, {place + 1}: serve “birth_date”.")
    born = _day(said, "birth_date")
    assert born is not None
    return Sibling(born, frozenset(_word(one, "services") for one in _list(said, "services")))


def _day(said: Mapping[str, Any], key: str) -> date | None:
    """Read a day, or an instant: then it is the day it falls on in the town."""
    value = said.get(key)
    if value is None:
        return None
    found = clock.read_day(value) if isinstance(value, str) else None
    if found is None and isinstance(value, str):
        found = _day_of_instant(value)
    if found is None:
        raise FactsRefused(f"“{key}” non è un giorno: scrivi per esempio 2026-10-15.")
    return found


def _day_of_instant(text: str) -> date | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return clock.day_of(moment) if moment.tzinfo else None


def _whole(said: Mapping[str, Any], key: str, least: int, most: int) -> int | None:
    value: Any = said.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise FactsRefused(f"“{key}” è un numero intero da {least} a {most}.")
    return int(value)


def _yes(said: Mapping[str, Any], key: str) -> bool:
    value = said.get(key, True)
    if not isinstance(value, bool):
        raise FactsRefused(f"“{key}” è true o false.")
    return value


def _weekdays(said: Mapping[str, Any]) -> int:
    """Return on how many days of the week: a number, or the days themselves."""
    value = said.get("weekdays")
    if isinstance(value, list):
        return len({str(one) for one in value})
    return _whole(said, "weekdays", 1, 7) or 5


def _list(said: Mapping[str, Any], key: str) -> list[Any]:
    value = said.get(key) or []
    if not isinstance(value, list):
        raise FactsRefused(f"“{key}” è un elenco.")
    return value


def _word(value: Any, key: str) -> str:
    if not isinstance(value, str):
        raise FactsRefused(f"“{key}” è un testo.")
    return value
