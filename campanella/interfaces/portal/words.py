"""How the portal says what a day was for a child, by kind of service, and why money waits."""

from dataclasses import dataclass

from campanella.domains.attendance.fact_rules import DayState
from campanella.readings.month import DayCell


@dataclass(frozen=True)
class DayWords:
    """The words of one kind of service: there, not there, the service is open; and how a past day is told."""

    there: str
    not_there: str
    was_there: str
    was_not_there: str
    is_open: str
    is_closed: str


KINDS = {
    "meal": DayWords(
        there="mangia a scuola",
        not_there="non mangia",
        was_there="ha mangiato a scuola",
        was_not_there="non ha mangiato",
        is_open="la mensa è aperta",
        is_closed="la mensa è chiusa",
    ),
    "bus": DayWords(
        there="prende lo scuolabus",
        not_there="non prende lo scuolabus",
        was_there="ha preso lo scuolabus",
        was_not_there="non ha preso lo scuolabus",
        is_open="lo scuolabus passa",
        is_closed="lo scuolabus non passa",
    ),
    "bus_out": DayWords(
        there="va a scuola con lo scuolabus",
        not_there="non prende lo scuolabus di andata",
        was_there="ha preso lo scuolabus di andata",
        was_not_there="non ha preso lo scuolabus di andata",
        is_open="lo scuolabus passa all’andata",
        is_closed="lo scuolabus non passa all’andata",
    ),
    "bus_back": DayWords(
        there="torna a casa con lo scuolabus",
        not_there="non prende lo scuolabus di ritorno",
        was_there="ha preso lo scuolabus di ritorno",
        was_not_there="non ha preso lo scuolabus di ritorno",
        is_open="lo scuolabus passa al ritorno",
        is_closed="lo scuolabus non passa al ritorno",
    ),
    "nursery": DayWords(
        there="è al nido",
        not_there="non è al nido",
        was_there="era al nido",
        was_not_there="non era al nido",
        is_open="il nido è aperto",
        is_closed="il nido è chiuso",
    ),
    "before": DayWords(
        there="è al pre-scuola",
        not_there="non è al pre-scuola",
        was_there="era al pre-scuola",
        was_not_there="non era al pre-scuola",
        is_open="il pre-scuola è aperto",
        is_closed="il pre-scuola è chiuso",
    ),
    "camp": DayWords(
        there="è al centro estivo",
        not_there="non è al centro estivo",
        was_there="era al centro estivo",
        was_not_there="non era al centro estivo",
        is_open="il centro estivo è aperto",
        is_closed="il centro estivo è chiuso",
    ),
    "after": DayWords(
        there="è al post-scuola",
        not_there="non è al post-scuola",
        was_there="era al post-scuola",
        was_not_there="non era al post-scuola",
        is_open="il post-scuola è aperto",
        is_closed="il post-scuola è chiuso",
    ),
}

# Who confirmed a roll-call, as "confermato …" goes on.
BY_ROLE = {"school": "dalla scuola", "kitchen": "dalla cucina", "office": "dall’ufficio", "cashier": "dall’ufficio"}

# Name in a calendar's square, colour, sign and shape of each state.
STATES: dict[DayState, tuple[str, str, str, str]] = {
    "present": ("presente", "ok", "it-check", ""),
    "absent": ("assente", "warn", "it-close-circle", ""),
    "cancelled": ("disdetto", "", "c-nomeal", "cancelled"),
    "unbooked": ("non prenotato", "off", "it-minus", "none"),
    "closed": ("chiuso", "off", "it-locked", "closed"),
    "not_enrolled": ("senza iscrizione", "off", "it-minus", "none"),
    "no_service": ("senza servizio", "off", "it-minus", "none"),
    "awaited": ("in attesa", "wait", "it-clock", ""),
    "to_come": ("previsto", "", "it-calendar", "booked"),
}

# The white meal: a way to be there, and no reason of health.
WHITE = ("in bianco", "ok", "c-plate", "")

# Who was away and had not cancelled in time pays, where meals are booked.
PAID_ABSENCE = ("assente, si paga", "warn", "it-close-circle", "")


def told(cell: DayCell) -> tuple[str, str, str, str]:
    """Return how a day is told: name, colour, sign and shape."""
    if cell.is_paid_absence:
        return PAID_ABSENCE
    return WHITE if cell.is_white else STATES[cell.state]


def counted(number: int, unit: str, units: str) -> str:
    """Write "1 pasto", "8 pasti"."""
    return f"{number} {unit if number == 1 else units}"


# Why money that has arrived is not credited yet, as "… per questo il credito non è ancora salito" goes on.
WAITS = {
    "twice": "L’avviso era già pagato",
    "cancelled": "L’avviso era stato eliminato",
    "expired": "L’avviso era scaduto",
    "amount": "L’importo non è quello dell’avviso",
}


def waits_because(reason: str) -> str:
    """Say why money waits for the office, and what happens next."""
    why = WAITS.get(reason, "Qualcosa non torna con l’avviso")
    return f"{why}. Non sono persi: l’ufficio li accredita o ti contatta. Non devi fare nulla."
