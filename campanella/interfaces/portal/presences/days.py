"""One day of a child, in words: what happened, what it cost, why, and what was corrected."""

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from campanella.domains.ledger.queries import Step
from campanella.domains.people.queries import FamilyChild
from campanella.foundation.core.italian import at_time, day_long, day_long_in, moment
from campanella.foundation.core.money import Euro
from campanella.interfaces.portal.asking import about_day
from campanella.interfaces.portal.words import BY_ROLE, KINDS, told
from campanella.readings.family.day import ContestedDay, ServiceDay
from campanella.readings.movements import PRICED_AGAIN

Beside = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class PartBlock:
    """One service on that day."""

    name: str
    kind: str
    sign: str
    word: str
    sentence: str
    because: str
    requests: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]
    steps: tuple[tuple[str, datetime, Euro], ...]
    corrections: tuple[tuple[str, str, str], ...]
    left: Euro | None
    ask: str
    # The charge is contested: in words, and where it is read.
    contest: tuple[str, str]
    # Where it is cancelled or booked, as long as it can be.
    change: str


@dataclass(frozen=True, slots=True)
class DayPage:
    """Everything the page of a day shows; ``before`` and ``after`` are the nearest days on which something runs."""

    child_name: str
    title: str
    month_address: str
    before: tuple[str, str] | None
    after: tuple[str, str] | None
    parts: tuple[PartBlock, ...]

    @classmethod
    def of(cls, child: FamilyChild, parts: list[ServiceDay], *, day: date, today: date, beside: Beside) -> "DayPage":
        """Put a day into words."""
        return cls(
            child_name=child.called,
            title=day_long_in(day, today).capitalize(),
            month_address=reverse("portal:presences-month", args=[child.id, f"{day:%Y-%m}"]),
            before=_way_to(child, beside[0]),
            after=_way_to(child, beside[1]),
            parts=tuple(_part(child, part, day, is_past=day < today) for part in parts),
        )


def _way_to(child: FamilyChild, day: date | None) -> tuple[str, str] | None:
    return (day_long(day), reverse("portal:presence-day", args=[child.id, day.isoformat()])) if day else None


def _part(child: FamilyChild, part: ServiceDay, day: date, *, is_past: bool) -> PartBlock:
    word, kind, sign, _ = told(part.cell)
    return PartBlock(
        part.service_name,
        kind or "off",
        sign,
        word.capitalize(),
        _sentence(child.called, part, is_past=is_past),
        part.because,
        part.requests,
        tuple(_rows(part)),
        tuple((_step(number, step, part), step.at, step.amount) for number, step in enumerate(part.steps)),
        tuple(_correction(act.who, act.sentence, act.why, act.at) for act in part.corrections),
        part.left,
        _ask(child, part, day),
        _contest(part.contest),
        f"{reverse('portal:ask-day', args=[child.id])}?giorno={day}&servizio={part.service_id}" if part.can_change else "",
    )


def _contest(found: ContestedDay | None) -> tuple[str, str]:
    """Say that a charge is contested, and lead whoever wrote it to the answer."""
    if found is None:
        return "", ""
    state = "la sta guardando l’ufficio" if found.is_open else "l’ufficio ha risposto"
    address = reverse("portal:ticket", args=[found.number]) if found.is_own else ""
    return f"Addebito contestato il {moment(found.at)}, segnalazione n. {found.number}: {state}.", address


def _ask(child: FamilyChild, part: ServiceDay, day: date) -> str:
    """Lead to where a charge is contested; a day that cost nothing is asked about as anything else."""
    if part.cell.charged and part.cell.charged.cents:
        return reverse("portal:contest", args=[child.id, day.isoformat(), part.service_id])
    return about_day(child_id=child.id, service=part.service_name, day=day, charged=part.cell.charged)


def _sentence(name: str, part: ServiceDay, *, is_past: bool) -> str:
    words = KINDS[part.kind]
    there, not_there = (words.was_there, words.was_not_there) if is_past else (words.there, words.not_there)
    if part.cell.is_white:
        return f"{name} {there}, con il pasto in bianco: costa come gli altri."
    if part.cell.is_paid_absence:
        return f"{name} {not_there}, ma il giorno non {'era disdetto in tempo' if is_past else 'è disdetto'}: si paga."
    return {
        "present": f"{name} {there}.",
        "absent": f"{name} {not_there}.",
        "cancelled": f"{name} {not_there}: il giorno è disdetto.",
        "unbooked": f"{name} {not_there}: il giorno non è prenotato.",
        "closed": f"{part.cell.closed_because}. Non si paga.",
        "awaited": "L’appello non è ancora stato confermato.",
        "to_come": "Giorno previsto.",
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
        if part.subscription.reckoned_by is None:
            rows.append(("Tariffa", part.subscription.bracket_name))
        if part.subscription.reduction_percent:
            rows.append(("Riduzione", f"{part.subscription.reduction_percent} %"))
        if part.cell.state not in ("absent", "cancelled", "unbooked", "closed", "no_service"):
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
