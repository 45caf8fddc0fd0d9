"""How the portal says what a day was for a child, by kind of service, and counts of uses."""

from dataclasses import dataclass

from campanella.domains.attendance.rules import DayState
from campanella.usecases.family_month import DayCell


@dataclass(frozen=True)
class DayWords:
    """The words of one kind of service: there, not there, the service is open."""

    there: str
    not_there: str
    is_open: str
    is_closed: str
    sign: str


KINDS = {
    "meal": DayWords("mangia a scuola", "non mangia", "la mensa è aperta", "la mensa è chiusa", "c-meal"),
    "bus": DayWords(
        "prende lo scuolabus", "non prende lo scuolabus", "lo scuolabus passa", "lo scuolabus non passa", "c-bus"
    ),
    "nursery": DayWords("è al nido", "non è al nido", "il nido è aperto", "il nido è chiuso", "c-bell"),
    "before": DayWords(
        "è al pre-scuola", "non è al pre-scuola", "il pre-scuola è aperto", "il pre-scuola è chiuso", "c-bell"
    ),
    "after": DayWords(
        "è al post-scuola", "non è al post-scuola", "il post-scuola è aperto", "il post-scuola è chiuso", "c-bell"
    ),
}

# Who confirmed a roll-call, as "confermato …" goes on.
BY_ROLE = {"school": "dalla scuola", "kitchen": "dalla cucina", "office": "dall’ufficio", "cashier": "dall’ufficio"}

# Name in a calendar's square, colour, sign and shape of each state.
STATES: dict[DayState, tuple[str, str, str, str]] = {
    "present": ("presente", "ok", "it-check", ""),
    "absent": ("assente", "warn", "it-close-circle", ""),
    "closed": ("chiuso", "off", "it-locked", "closed"),
    "not_enrolled": ("senza iscrizione", "off", "it-minus", "none"),
    "no_service": ("senza servizio", "off", "it-minus", "none"),
    "awaited": ("in attesa", "wait", "it-clock", ""),
    "to_come": ("previsto", "", "it-calendar", "booked"),
}

# The white meal: a way to be there, and no reason of health.
WHITE = ("in bianco", "ok", "c-plate", "")


def told(cell: DayCell) -> tuple[str, str, str, str]:
    """Return how a day is told: name, colour, sign and shape."""
    return WHITE if cell.is_white else STATES[cell.state]


def counted(number: int, unit: str, units: str) -> str:
    """Write "1 pasto", "8 pasti"."""
    return f"{number} {unit if number == 1 else units}"


def worth(*, units_left: int, unit: str, units: str) -> str:
    """Write what a credit is worth: "circa 8 pasti", "meno di 1 pasto"."""
    return f"circa {counted(units_left, unit, units)}" if units_left else f"meno di 1 {unit}"
