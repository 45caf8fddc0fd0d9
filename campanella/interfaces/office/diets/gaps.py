"""What the menus do not say yet of a diet, in the words of the office."""

from datetime import date

from campanella.domains.cooking import gaps as menus
from campanella.domains.cooking.gaps import Gap
from campanella.foundation.core.italian import WEEKDAYS

MOST_TOLD = 3


def told(*, code: str, day: date) -> str:
    """Say of which dishes the menus from a day on do not say what a diet eats; empty when there are none. One query."""
    found = menus.gaps(codes=[code], day=day)[code] if code else []
    if not found:
        return ""
    many = "un piatto" if len(found) == 1 else f"{len(found)} piatti"
    first = ", ".join(_place(gap) for gap in found[:MOST_TOLD]) + (" e altri" if len(found) > MOST_TOLD else "")
    return (
        f"Nei menù manca che cosa mangia la dieta {code} al posto di {many}: {first}. Scrivilo in Impostazioni, Menù: "
        "fino ad allora sull’etichetta c’è «sostituzione da definire», mai il piatto di tutti."
    )


def _place(gap: Gap) -> str:
    return f"{gap.dish} ({WEEKDAYS[gap.weekday]} della settimana {gap.week})"
