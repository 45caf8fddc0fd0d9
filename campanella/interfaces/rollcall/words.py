"""What the roll-call says, by kind of service: a child eats, but gets on a bus."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from campanella.domains.attendance.queries import SheetLine


@dataclass(frozen=True)
class Words:
    """The words of one kind of service."""

    there: str
    """One child: "mangia"."""
    count: str
    """Several: "mangiano"."""
    legend: str
    invite: str
    confirm: str
    received: str
    """Who has the numbers now, before a count: "La cucina ha ricevuto"."""
    one: str
    many: str
    is_meal: bool = False
    """It is a meal: adults, diets, white meals and whoever comes later are counted."""


MEAL = Words(
    there="mangia", count="mangiano", legend="Chi mangia oggi", invite="Tocca solo chi oggi non mangia",
    confirm="Conferma e invia alla cucina", received="La cucina ha ricevuto", one="pasto", many="pasti", is_meal=True,
)  # fmt: skip
NURSERY = Words(
    there="c’è", count="presenti", legend="Chi c’è oggi", invite="Tocca solo chi oggi non c’è",
    confirm="Conferma e invia alla cucina", received="La cucina ha ricevuto", one="pasto", many="pasti", is_meal=True,
)  # fmt: skip
OTHER = Words(
    there="c’è", count="presenti", legend="Chi c’è oggi", invite="Tocca solo chi oggi non c’è",
    confirm="Conferma l’appello", received="Abbiamo segnato", one="presente", many="presenti",
)  # fmt: skip

BY_KIND = {"meal": MEAL, "nursery": NURSERY}


def words_for(kind: str) -> Words:
    """Return the words of a kind of service."""
    return BY_KIND.get(kind, OTHER)


def short_names(lines: Sequence[SheetLine]) -> dict[int, str]:
    """
    Return each child's name as a teacher calls it: "Aurora B."; the whole family name where two would be the same.

    The sheet lies on a desk that others can see: it says no more than the class needs. Two children of one whole name are
    told apart by the day they were born.
    """
    names = {line.child_id: _short(line) for line in lines}
    for longer in (_whole, _born):
        times = Counter(names.values())
        names |= {line.child_id: longer(line) for line in lines if times[names[line.child_id]] > 1}
    return names


def _short(line: SheetLine) -> str:
    initial = line.family_name.strip()[:1].upper()
    return f"{line.given_name} {initial}." if initial else line.given_name


def _whole(line: SheetLine) -> str:
    return f"{line.given_name} {line.family_name}"


def _born(line: SheetLine) -> str:
    return f"{_whole(line)}, {line.birth_date:%-d/%-m}" if line.birth_date else _whole(line)
