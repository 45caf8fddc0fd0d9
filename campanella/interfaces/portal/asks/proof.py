"""A request with its number, in words: done, too late, or needing something else."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from django.urls import reverse

from campanella.domains.support.words import Topic
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.design.italian import at_second, at_time, day_long, day_long_in, in_full
from campanella.interfaces.portal.asking import contact_about
from campanella.interfaces.portal.asks.words import HEADS, REFUSED, THINGS, bare, capital, named
from campanella.readings.family.requests import Request, Told

# The line under the countdown is full this long before the cut-off.
MORNING = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class ProofPage:
    """Everything the page of a request shows."""

    number: str
    kind: str
    sign: str
    title: str
    lead: str
    received: str
    received_in_full: str
    is_accepted: bool
    is_late: bool
    days: tuple[tuple[str, str, str, str], ...]
    steps: tuple[tuple[str, str, str], ...]
    undo_until: str
    seconds_left: int
    line_percent: int
    taken_back: tuple[tuple[str, str, str], ...]
    undoes: str
    key: str
    child_id: int
    next_day: date | None
    explain: str
    note: str

    @classmethod
    def of(cls, found: Request, *, now: datetime, next_day: date | None) -> "ProofPage":
        """Put a request into words."""
        answer, today = found.answer, clock.day_of(now)
        left = int((found.undo_until - now).total_seconds()) if found.undo_until else 0
        first = found.days[0]
        kind, sign = ("ok", "it-check") if answer.is_accepted else ("warn", "it-clock")
        return cls(
            number=answer.number,
            kind=kind,
            sign=sign,
            title=_title(found, today),
            lead=_lead(found, today),
            received=f"alle {at_second(answer.received_at)} di {day_long_in(answer.received_at, today)}",
            received_in_full=in_full(answer.received_at),
            is_accepted=answer.is_accepted,
            is_late=answer.is_late,
            days=tuple(_day(told, answer.action, today) for told in found.days) if len(found.days) > 1 else (),
            steps=tuple(_steps(found, first, today)),
            undo_until=_until(found.undo_until, today) if found.undo_until else "",
            seconds_left=max(left, 0),
            line_percent=max(3, 100 - int(100 * left / MORNING.total_seconds())) if left < MORNING.total_seconds() else 3,
            taken_back=tuple(
                (number, at_second(at), reverse("portal:asked", args=[number])) for number, at in found.taken_back
            ),
            undoes=found.undoes,
            key=str(uuid4()),
            child_id=first.child.id,
            next_day=next_day,
            explain=contact_about(
                topic=Topic.PRESENCES,
                child_id=first.child.id,
                about=f"Richiesta n. {answer.number}, arrivata {in_full(answer.received_at)}: ",
            ),
            note=_tapped(found),
        )


def _names(found: Request) -> str:
    return named(list(dict.fromkeys(told.child.called for told in found.days)))


def _title(found: Request, today: date) -> str:
    answer, first = found.answer, found.days[0]
    thing = THINGS[first.use.kind if first.use else "meal"]
    if answer.is_accepted:
        return HEADS[answer.action].format(Thing=bare(thing), who=_names(found))
    days = {told.answered.day for told in found.days}
    day = _day_name(first.answered.day, today) if len(days) == 1 else "questi giorni"
    if answer.is_late:
        return f"Per {day} è tardi"
    return {"too_far": "È ancora presto", "row": "Serve il certificato", "month": "Serve il certificato"}.get(
        first.answered.answer, f"Per {day} non si può"
    )


def _lead(found: Request, today: date) -> str:
    answer, first = found.answer, found.days[0]
    counting = [told for told in found.days if told.answered.counts]
    thing = THINGS[first.use.kind if first.use else "meal"]
    if not answer.is_accepted:
        return _refused(found, first, today)
    if answer.action == "undo":
        return "Ciò che avevi chiesto non vale più: i giorni sono tornati come prima."
    if len(counting) > 1 or len(found.days) > 1:
        price = "" if answer.action != "cancel" else " Non li paghi."
        late = len(found.days) - len(counting)
        rest = f" Per {late} è tardi o non si può: guarda sotto." if late else ""
        days = "1 giorno" if len(counting) == 1 else f"{len(counting)} giorni"
        return f"{_names(found)}: {days}.{price}{rest}"
    day, name = first.answered.day, first.child.called
    when = f"Oggi, {day_long(day)}," if day == today else f"{day_long(day).capitalize()}"
    if first.answered.answer == "closed":
        return f"{when} il servizio è chiuso: se riapre, la tua richiesta vale."
    if answer.action == "cancel":
        return f"{when} {name} {thing.not_there}. Non paghi nulla."
    if answer.action == "keep":
        return f"{when} {name} arriva più tardi: {thing.one} resta e si paga {first.price}."
    menu = {"white": ", con il pasto in bianco", "packed": ", con il pranzo al sacco"}.get(answer.action, "")
    return f"{when} {name} {thing.there}{menu}. Si paga {first.price}."


def _refused(found: Request, first: Told, today: date) -> str:
    name, answered = first.child.called, first.answered
    thing = THINGS[first.use.kind if first.use else "meal"]
    total = Euro(sum(told.price.cents for told in found.days))
    if answered.answer in ("late", "doubtful"):
        if found.answer.action == "undo":
            return f"Alle {at_time(answered.cut_off)} i numeri si sono chiusi: la richiesta resta com’era."
        if found.answer.action != "cancel":
            return f"Alle {at_time(answered.cut_off)} i numeri si sono chiusi: non si può più cambiare."
        if len(found.days) > 1 and first.pays_by_booking:
            return f"I numeri erano già chiusi. Si paga: {total}."
        if not first.pays_by_booking:
            at = at_time(answered.cut_off)
            return f"I numeri si sono chiusi alle {at}. Avvisa la scuola: {name} paga solo se risulta presente all’appello."
        closed = f"la cucina ha fermato i numeri e prepara anche il pasto di {name}"
        if not thing.is_cooked:
            closed = f"i numeri si sono chiusi e contano anche {name}"
        return f"Alle {at_time(answered.cut_off)} {closed}. {capital(thing.one)} si paga: {first.price}."
    return {
        "taken": f"La scuola ha già fatto l’appello: dillo a lei. Chi c’è paga, chi non c’è no. Prezzo: {first.price}.",
        "too_far": "Questo giorno è troppo lontano: puoi chiederlo quando si avvicina.",
        "row": f"{name} ha già avuto tutti i pasti in bianco di seguito che si possono chiedere senza certificato medico.",
        "month": f"{name} ha già avuto tutti i pasti in bianco del mese che si possono chiedere senza certificato medico.",
    }.get(answered.answer, "Quel giorno il servizio è chiuso.")


def _day_name(day: date, today: date) -> str:
    return "oggi" if day == today else "domani" if day == today + timedelta(days=1) else day_long_in(day, today)


def _until(instant: datetime, today: date) -> str:
    day = clock.day_of(instant)
    return f"alle {at_time(instant)}" if day == today else f"alle {at_time(instant)} di {day_long_in(day, today)}"


def _day(told: Told, action: str, today: date) -> tuple[str, str, str, str]:
    """Tell one day of many: its colour, its sign, which it is, and what came of it."""
    answered = told.answered
    label = f"{told.child.called}, {day_long_in(answered.day, today)}"
    if answered.counts:
        done = {"cancel": "disdetto, non si paga", "undo": "annullato"}.get(action, "fatto")
        return "ok", "it-check", label, "chiuso: vale se riapre" if answered.answer == "closed" else done
    is_due = answered.answer in ("late", "doubtful") and action == "cancel" and told.pays_by_booking
    cost = f", si paga {told.price}" if is_due else ""
    return "warn", "it-clock", label, f"{REFUSED[answered.answer]}{cost}"


def _steps(found: Request, first: Told, today: date) -> list[tuple[str, str, str]]:
    """Tell what the school sees of a request for one child and today."""
    if not found.answer.is_accepted or len(found.days) > 1 or found.answer.action == "undo" or first.place is None:
        return []
    steps = []
    if found.eating is not None and first.use and THINGS[first.use.kind].is_cooked:
        fewer = "La cucina ha già un pasto in meno" if found.answer.action == "cancel" else "La cucina lo sa già"
        steps.append(("ok", fewer, f"{first.place.school_name}: adesso {found.eating} pasti"))
    steps.append(("ok", "La scuola lo vede già", f"Nell’appello della {first.place.class_name}"))
    if found.undo_until:
        until = _until(first.answered.cut_off, today)
        steps.append(("off", f"{until[:1].upper()}{until[1:]} i numeri si chiudono", "Da quel momento non si cambia più"))
    return steps


def _tapped(found: Request) -> str:
    """Say of a tap without network by which moment it was judged."""
    answer = found.answer
    if answer.made_at == answer.received_at:
        return ""
    tapped = f"L’hai scritta sul telefono senza rete alle {at_second(answer.made_at)}"
    first = found.days[0].answered
    if first.answer == "doubtful":
        return f"{tapped}, ma il suo orologio è troppo diverso: conta quando è arrivata. L’ufficio vede i due orari."
    if first.counts and answer.received_at > first.cut_off:
        return f"{tapped}: il Comune conta quell’ora."
    return f"{tapped}. Conta quando è arrivata."
