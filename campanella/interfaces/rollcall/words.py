"""What the roll-call says, by kind of service: a child eats, but gets on a bus."""

from dataclasses import dataclass
from datetime import date, datetime

from campanella.foundation.core import clock
from campanella.foundation.core.italian import at_time, day_short


@dataclass(frozen=True)
class Words:
    """The words of one kind of service."""

    there: str
    """One child: "mangia"."""
    count: str
    """Several: "mangiano"."""
    count_one: str
    """One of them: "mangia"."""
    legend: str
    invite: str
    confirm: str
    received: str
    """Who has the numbers now, before a count: "La cucina ha ricevuto"."""
    one: str
    many: str
    is_meal: bool = False
    """It is a meal: adults, diets, white meals and whoever comes later are counted."""
    has_hours: bool = False
    """When a child comes in and goes home is written down."""

    def counted(self, number: int) -> str:
        """Return the word behind a number: "mangia" behind 1, else "mangiano"."""
        return self.count_one if number == 1 else self.count


MEAL = Words(
    there="mangia",
    count="mangiano",
    count_one="mangia",
    legend="Chi mangia oggi",
    invite="Tocca solo chi oggi non mangia",
    confirm="Conferma e invia alla cucina",
    received="La cucina ha ricevuto",
    one="pasto",
    many="pasti",
    is_meal=True,
)
NURSERY = Words(
    there="c’è",
    count="presenti",
    count_one="presente",
    legend="Chi c’è oggi",
    invite="Tocca solo chi oggi non c’è",
    confirm="Conferma e invia alla cucina",
    received="La cucina ha ricevuto",
    one="pasto",
    many="pasti",
    is_meal=True,
    has_hours=True,
)
OTHER = Words(
    there="c’è",
    count="presenti",
    count_one="presente",
    legend="Chi c’è oggi",
    invite="Tocca solo chi oggi non c’è",
    confirm="Conferma l’appello",
    received="Abbiamo segnato",
    one="presente",
    many="presenti",
)


def cancelled_words(at: datetime, day: date) -> str:
    """Say that the family has cancelled a day, and when: "disdetto dalla famiglia alle 8:47", or with the day before."""
    if clock.day_of(at) == day:
        return f"disdetto dalla famiglia alle {at_time(at)}"
    return f"disdetto dalla famiglia il {day_short(at)} alle {at_time(at)}"


BY_KIND = {"meal": MEAL, "nursery": NURSERY}


def words_for(kind: str) -> Words:
    """Return the words of a kind of service."""
    return BY_KIND.get(kind, OTHER)
