"""A request with its number, in words: what it was told, what holds of it now, and the facts that prove it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from django.urls import reverse

from campanella.domains.attendance.standing import Act
from campanella.domains.support.words import Topic
from campanella.foundation.core import clock
from campanella.foundation.core.italian import (
    at_second,
    at_time,
    counted,
    day_long_in,
    days_of_many,
    in_full,
)
from campanella.interfaces.portal.asking import contact_about
from campanella.interfaces.portal.asks import holding
from campanella.interfaces.portal.asks.facts import facts_of, of_many
from campanella.interfaces.portal.asks.refusals import refused, refused_title
from campanella.interfaces.portal.asks.words import HEADS, MANY, UNDONE, bare, capital, named
from campanella.readings.family.requests import Request, Told

# The line under the countdown is full this long before the cut-off.
MORNING = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class ProofPage:
    """Everything the page of a request shows; ``facts`` are label and value of what it proves."""

    number: str
    kind: str
    sign: str
    title: str
    lead: str
    facts: tuple[tuple[str, str], ...]
    received: str
    received_in_full: str
    is_accepted: bool
    is_late: bool
    days: tuple[tuple[str, str, str, str], ...]
    steps: tuple[tuple[str, str, str], ...]
    undo_until: str
    seconds_left: int
    line_percent: int
    others: tuple[tuple[str, str, str], ...]
    key: str
    child_id: int
    next_day: date | None
    explain: str
    notes: tuple[str, ...]

    @classmethod
    def of(cls, found: Request, *, town: str, now: datetime, next_day: date | None) -> "ProofPage":
        """Put a request into words."""
        answer, today = found.answer, clock.day_of(now)
        left = int((found.undo_until - now).total_seconds()) if found.undo_until else 0
        first = found.days[0]
        kind, sign = _seal(found)
        return cls(
            number=answer.number,
            kind=kind,
            sign=sign,
            title=_title(found, today),
            lead=_lead(found, today),
            facts=tuple(facts_of(found, town)),
            received=f"alle {at_second(answer.received_at)} di {day_long_in(answer.received_at, today)}",
            received_in_full=in_full(answer.received_at),
            is_accepted=answer.is_accepted,
            is_late=answer.is_late,
            days=tuple(holding.of_many(told, answer.action, today) for told in found.days) if len(found.days) > 1 else (),
            steps=tuple(_steps(found, first, today)),
            undo_until=_until(found.undo_until, today) if found.undo_until else "",
            seconds_left=max(left, 0),
            line_percent=max(3, 100 - int(100 * left / MORNING.total_seconds())) if left < MORNING.total_seconds() else 3,
            others=tuple(_others(found, today)),
            key=str(uuid4()),
            child_id=first.child.id,
            next_day=next_day,
            explain=contact_about(
                topic=Topic.PRESENCES,
                child_id=first.child.id,
                about=f"Richiesta n. {answer.number}, arrivata {in_full(answer.received_at)}: ",
            ),
            notes=tuple(note for note in (_tapped(found), _also(found, today), *_unused(found)) if note),
        )


def _unused(found: Request) -> list[str]:
    """Name what was asked for and is not used, child by child."""
    first, last = found.answer.asked_days
    return [
        f"{name}, {service}: {days_of_many(days, first=first, last=last)} non c’è servizio, e non c’era niente da chiedere."
        for name, service, days in found.unused
    ]


def _is_of_one_day(found: Request) -> bool:
    return len({told.answered.day for told in found.days}) == 1


def _names(found: Request) -> str:
    return named(list(dict.fromkeys(told.child.called for told in found.days)))


def _is_gone(found: Request) -> bool:
    """All of it that counted was taken back."""
    return all(told.standing.taken_back for told in found.days if told.answered.counts)


def _is_overtaken(found: Request) -> bool:
    """All of it that counted and was not taken back is said otherwise by another request."""
    live = [told for told in found.days if told.answered.counts and not told.standing.taken_back]
    return bool(live) and all(told.standing.is_overtaken for told in live) and not found.undoes[0]


def _seal(found: Request) -> tuple[str, str]:
    if not found.answer.is_accepted:
        return "warn", "it-clock"
    if not found.undoes[0] and (_is_gone(found) or _is_overtaken(found)):
        return "off", "it-info-circle"
    return "ok", "it-check"


def _title(found: Request, today: date) -> str:
    answer, first = found.answer, found.days[0]
    if not answer.is_accepted:
        return refused_title(found, today)
    if found.undoes[0]:
        return f"{UNDONE[found.undoes[1]]}: {_names(found)}"
    if _is_gone(found):
        return f"{UNDONE[answer.action]}: {_names(found)}"
    if _is_overtaken(found):
        return "Vale un’altra richiesta"
    if _is_of_one_day(found):
        return HEADS[answer.action].format(Thing=bare(holding.thing_of(first)), who=_names(found))
    one, many = MANY[answer.action]
    number = sum(told.counts for told in found.days)
    return f"{counted(number, one, many) or 'Nessun giorno conta'}: {_names(found)}"


def _lead(found: Request, today: date) -> str:
    answer, first = found.answer, found.days[0]
    if not answer.is_accepted:
        return refused(found, today)
    if len(found.days) > 1:
        return of_many(found)
    now_says = holding.day_now(first, today)
    if found.undoes[0]:
        return f"Ciò che avevi chiesto non vale più. {now_says}"
    stands = first.standing
    if stands.taken_back:
        return f"Questa richiesta non vale più. {now_says}"
    if stands.is_overtaken and stands.decided_by:
        is_contrary = bool(stands.known and stands.known.is_wanted != first.answered.is_on)
        what = "il contrario" if is_contrary else "un’altra cosa"
        return f"Una richiesta successiva, la {holding.act(stands.decided_by, today)}, dice già {what}. {now_says}"
    if answer.action == "keep":
        kept = f"{holding.thing_of(first).one} resta e {holding.pays(first)}"
        return f"{holding.when(first.answered.day, today)} {first.child.called} arriva più tardi: {kept}."
    return now_says


def _others(found: Request, today: date) -> list[tuple[str, str, str]]:
    """Name the requests that took this one back, hold in its place, or are taken back by it: words, number, address."""
    if found.undoes[0]:
        named_so = [("Annulla la richiesta", found.undoes[0])]
    else:
        stands = [told.standing for told in found.days if told.answered.counts]
        back = dict.fromkeys(one.taken_back for one in stands if one.taken_back)
        instead = dict.fromkeys(one.decided_by for one in stands if one.decided_by and one.is_overtaken)
        named_so = [(f"Annullata {_moment(one, today)} con la richiesta", one.number) for one in back]
        named_so += [(f"Vale la richiesta {_moment(one, today, 'delle')},", one.number) for one in instead]
    return [(words, number, reverse("portal:asked", args=[number])) for words, number in named_so]


def _moment(one: Act, today: date, at: str = "alle") -> str:
    day = clock.day_of(one.at)
    return f"{at} {at_second(one.at)}" + ("" if day == today else f" di {day_long_in(day, today)}")


def _until(instant: datetime, today: date) -> str:
    day = clock.day_of(instant)
    return f"alle {at_time(instant)}" if day == today else f"alle {at_time(instant)} di {day_long_in(day, today)}"


def _steps(found: Request, first: Told, today: date) -> list[tuple[str, str, str]]:
    """Tell what the school sees of a request for one child on one day, as long as it holds."""
    is_live = first.counts and not found.undoes[0]
    if not is_live or len(found.days) > 1 or first.place is None or first.answered.day < today:
        return []
    steps = []
    if found.eating is not None and holding.thing_of(first).is_cooked:
        fewer = "La cucina ha già un pasto in meno" if found.answer.action == "cancel" else "La cucina lo sa già"
        meals = counted(found.eating, "pasto", "pasti") or "nessun pasto"
        steps.append(("ok", fewer, f"{first.place.school_name}: adesso {meals}"))
    steps.append(("ok", "La scuola lo vede già", f"Nell’appello di {first.place.class_name}"))
    if found.undo_until:
        until = capital(_until(found.undo_until, today))
        steps.append(("off", f"{until} i numeri si chiudono", "Da quel momento non si cambia più"))
    return steps


def _also(found: Request, today: date) -> str:
    """Say that another request wants the same: taking this one back alone changes nothing."""
    first = found.days[0]
    other = first.standing.decided_by
    if len(found.days) > 1 or not first.counts or not other or found.undoes[0]:
        return ""
    return f"Chiede lo stesso anche la richiesta {holding.act(other, today)}: per cambiare idea annulla anche quella."


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
