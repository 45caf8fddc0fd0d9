"""One day of a child, in words: what happened, what it cost, why, and what was corrected."""

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from campanella.domains.ledger.queries import Step
from campanella.domains.people.queries import FamilyChild
from campanella.foundation.core.money import Euro
from campanella.foundation.design.italian import at_time, day_long, moment
from campanella.interfaces.portal.words import BY_ROLE, KINDS, told
from campanella.usecases.family_month import ServiceDay
from campanella.usecases.statement import PRICED_AGAIN


@dataclass(frozen=True, slots=True)
class PartBlock:
    """One service on that day."""

    name: str
    kind: str
    sign: str
    word: str
    sentence: str
    rows: tuple[tuple[str, str], ...]
    steps: tuple[tuple[str, datetime, Euro], ...]
    corrections: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class DayPage:
    """Everything the page of a day shows."""

    child_name: str
    title: str
    month_address: str
    parts: tuple[PartBlock, ...]

    @classmethod
    def of(cls, child: FamilyChild, parts: list[ServiceDay], *, day: date) -> "DayPage":
        """Put a day into words."""
        return cls(
            child_name=child.given_name,
            title=day_long(day).capitalize(),
            month_address=reverse("portal:presences-month", args=[child.id, f"{day:%Y-%m}"]),
            parts=tuple(_part(child, part) for part in parts),
        )


def _part(child: FamilyChild, part: ServiceDay) -> PartBlock:
    word, kind, sign, _ = told(part.cell)
    return PartBlock(
        part.service_name, kind or "off", sign, word.capitalize(), _sentence(child.given_name, part), tuple(_rows(part)),
        tuple((_step(number, step, part), step.at, step.amount) for number, step in enumerate(part.steps)),
        tuple(_correction(act.who, act.sentence, act.why, act.at) for act in part.corrections),
    )  # fmt: skip


def _sentence(name: str, part: ServiceDay) -> str:
    words = KINDS[part.kind]
    if part.cell.is_white:
        return f"{name} {words.there}, con il pasto in bianco: costa come gli altri."
    return {
        "present": f"{name} {words.there}.",
        "absent": f"{name} {words.not_there}: il giorno non si paga.",
        "closed": f"{part.cell.closed_because}. Non si paga.",
        "awaited": "L’appello non è ancora stato confermato.",
        "to_come": f"Il giorno si paga solo se {name} è presente all’appello.",
        "no_service": "Nessun servizio quel giorno: non si paga.",
        "not_enrolled": "Nessuna iscrizione quel giorno.",
    }[part.cell.state]


def _rows(part: ServiceDay) -> list[tuple[str, str]]:
    rows = []
    if part.mark and part.mark.confirmed_at:
        rows.append(
            ("Appello", f"{at_time(part.mark.confirmed_at)}, confermato {BY_ROLE.get(part.confirmed_by, '')}".strip())
        )
        if part.mark.is_late:
            rows.append(("In classe", "arriva dopo l’appello"))
    if part.subscription:
        rows.append(("Tariffa", part.subscription.bracket_name))
        if part.subscription.reduction_percent:
            rows.append(("Riduzione", f"{part.subscription.reduction_percent} %"))
        rows.append((f"Prezzo di 1 {part.unit}", str(part.subscription.price)))
    return rows


def _step(number: int, step: Step, part: ServiceDay) -> str:
    """Name a posting; the act and the money of a correction were written at the same instant."""
    if number == 0:
        return "Addebito"
    if step.at not in {act.at for act in part.corrections}:
        return PRICED_AGAIN
    return "Restituito" if step.amount.cents > 0 else "Addebito dopo la correzione"


def _correction(who: str, sentence: str, why: str, at: datetime) -> tuple[str, str, str]:
    """The family reads the role of who corrected, not the name."""
    role = who.rpartition(", ")[2]
    return (f"{moment(at)}, {role}", sentence, why)
