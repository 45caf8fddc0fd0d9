"""The words of what a family asks, by kind of service."""

from dataclasses import dataclass

from campanella.domains.attendance.white_rules import WhiteLimits


@dataclass(frozen=True)
class Thing:
    """What is asked for: "il pasto", "un pasto", "i pasti", and what comes of it for the child."""

    one: str
    many: str
    there: str
    not_there: str
    is_cooked: bool = False


THINGS = {
    "meal": Thing("il pasto", "i pasti", "mangia a scuola", "non mangia a scuola", is_cooked=True),
    "nursery": Thing("il giorno di nido", "i giorni di nido", "è al nido", "non viene al nido", is_cooked=True),
    "bus": Thing("lo scuolabus", "lo scuolabus", "prende lo scuolabus", "non prende lo scuolabus"),
    "bus_out": Thing(
        "lo scuolabus di andata",
        "lo scuolabus di andata",
        "va a scuola con lo scuolabus",
        "non prende lo scuolabus di andata",
    ),
    "bus_back": Thing(
        "lo scuolabus di ritorno",
        "lo scuolabus di ritorno",
        "torna a casa con lo scuolabus",
        "non prende lo scuolabus di ritorno",
    ),
    "before": Thing("il pre-scuola", "il pre-scuola", "è al pre-scuola", "non viene al pre-scuola"),
    "camp": Thing("il centro estivo", "il centro estivo", "è al centro estivo", "non viene al centro estivo"),
    "after": Thing("il post-scuola", "il post-scuola", "è al post-scuola", "non viene al post-scuola"),
}

# What was asked, as the head of its proof: "Pasto di Anna disdetto".
HEADS = {
    "cancel": "{Thing} di {who} disdetto",
    "book": "{Thing} di {who} prenotato",
    "white": "Pasto in bianco per {who}",
    "packed": "Pranzo al sacco per {who}",
    "keep": "{Thing} di {who}: resta",
}

# The same of many days: "4 giorni disdetti".
MANY = {
    "cancel": ("giorno disdetto", "giorni disdetti"),
    "book": ("giorno prenotato", "giorni prenotati"),
    "white": ("pasto in bianco", "pasti in bianco"),
    "packed": ("pranzo al sacco", "pranzi al sacco"),
    "keep": ("giorno tenuto", "giorni tenuti"),
    "undo": ("giorno", "giorni"),
}

# A request that was taken back, as the head of its page: "Disdetta annullata: Anna".
UNDONE = {
    "cancel": "Disdetta annullata",
    "book": "Prenotazione annullata",
    "white": "Pasto in bianco annullato",
    "packed": "Pranzo al sacco annullato",
    "keep": "Richiesta annullata",
}

# By which way a request came, as its proof says it.
CAME_BY = {"portal": "portale delle famiglie", "command": "assistenza, con un comando"}

# Why a day does not count, as "mercoledì 14 ottobre: …" goes on.
REFUSED = {
    "late": "è arrivata tardi",
    "doubtful": "è arrivata tardi",
    "taken": "l’appello era già fatto",
    "too_far": "è troppo presto per chiederlo",
    "row": "serve il certificato",
    "month": "serve il certificato",
    "no_white": "quel giorno il servizio è chiuso",
}


def white_label(limits: WhiteLimits) -> str:
    """Offer white meals, and say how many there are without a certificate: "Pasto in bianco, al più 3 di seguito senza…"."""
    most = [
        f"{number} {of}" for number, of in ((limits.in_a_row, "di seguito"), (limits.in_a_month, "in un mese")) if number
    ]
    return f"Pasto in bianco, al più {' e '.join(most)} senza certificato" if most else "Pasto in bianco"


def capital(text: str) -> str:
    """Write the first letter in capital."""
    return text[:1].upper() + text[1:]


def bare(thing: Thing) -> str:
    """Take the article away: "Pasto", "Scuolabus"."""
    return capital(thing.one.split(" ", 1)[1])


def named(names: list[str]) -> str:
    """Write "Anna", "Anna e Luca", "Anna, Luca e Sara"."""
    return " e ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else ""
