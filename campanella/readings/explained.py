"""
Why a day was charged, or not: one sentence, out of what is on record of it, the same for the family and for the office.

The events of a day tell who said what and when; what decided is told, and what came too late beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.attendance import answers, asked, terms
from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.answers import Noted
from campanella.domains.attendance.asked import DayAsked, Line
from campanella.domains.attendance.fact_rules import CORRECTION, MARKS, REQUEST, DayState, day_state, is_given_back
from campanella.domains.attendance.queries import DayMark
from campanella.domains.attendance.rules import DayTerms, is_booked_by_default, pays_by_booking
from campanella.domains.ledger import queries as ledger
from campanella.domains.ledger.rules import Source
from campanella.foundation.core import clock
from campanella.foundation.core.italian import at_second, at_time, day_short
from campanella.foundation.core.money import Euro

BY = {
    "portal": "dalla famiglia",
    "office": "dall’ufficio",
    "page": "dalla scuola",
    "tablet": "dalla scuola",
    "register": "dal registro di classe",
    "command": "dall’assistenza, con un comando,",
    "software": "in automatico",
}


@dataclass(frozen=True, slots=True)
class Explained:
    """
    A day of a child's service, with its reason.

    :ivar charged: what it took from the credit; None while it is not charged yet
    :ivar can_change: its family may still ask something for it
    """

    child_id: int
    service_id: int
    class_group_id: int
    state: DayState
    charged: Euro | None
    because: str
    requests: tuple[str, ...]
    can_change: bool


def explained(*, lines: Sequence[Line], day: date, now: datetime) -> list[Explained]:
    """
    Explain one day of these children and services: six queries, whatever their number; who is not enrolled is left out.
    """
    today = clock.day_of(now)
    known = asked.days_of(lines=lines, days=[day])
    child_ids = sorted({one.child_id for one in known})
    marks = {
        (mark.child_id, mark.service_id): mark for mark in sheets.marks_on(child_ids=child_ids, day=day) if mark.confirmed_at
    }
    charged = ledger.charged_for(sources=[Source.of_presence(mark.presence_id) for mark in marks.values()]) if marks else {}
    noted = answers.noted_on(child_ids=child_ids, day=day)
    of_day = terms.on(day=day)
    found = []
    for one in known:
        line = (one.child_id, one.service_id)
        mark = marks.get(line)
        facts = _Day(
            one,
            mark,
            charged.get(Source.of_presence(mark.presence_id), Euro(0)) if mark else None,
            of_day.of(service_id=one.service_id, school_id=one.school_id),
            tuple(noted.get(line, ())),
            now,
        )
        state = day_state(
            is_enrolled=True,
            runs=one.is_served,
            is_closed=bool(one.closed_because),
            is_present=mark.is_present if mark else None,
            is_future=day > today,
            is_today=day == today,
            wish=one.is_booked,
            is_booked_by_default=is_booked_by_default(one.mode),
            is_due=bool(mark and mark.is_due),
        )
        numbers = tuple(dict.fromkeys(event.number for event in facts.events if event.number))
        because = _because(facts, state)
        found.append(Explained(*line, one.class_group_id, state, facts.charged, because, numbers, facts.can_change))
    return found


@dataclass(frozen=True, slots=True)
class _Day:
    known: DayAsked
    mark: DayMark | None
    charged: Euro | None
    terms: DayTerms
    events: tuple[Noted, ...]
    now: datetime

    @property
    def is_open(self) -> bool:
        """A family may still cancel what was charged already: it was confirmed before the numbers close."""
        return pays_by_booking(self.terms.mode) and self.now <= self.terms.cut_off

    @property
    def can_change(self) -> bool:
        """A request of this instant would count."""
        is_served = self.known.is_served and not self.known.closed_because and self.now <= self.terms.cut_off
        return is_served and self.terms.is_near(self.now) and not (self.mark and self.terms.mode == "roll_call")

    @property
    def wish(self) -> Noted | None:
        """The request that holds."""
        undone = {event.request_id for event in self.events if event.kind == "undone" and event.counts}
        asked = [e for e in self.events if e.kind == "asked" and e.counts and e.request_id not in undone]
        return max(asked, key=lambda event: event.rank, default=None)

    @property
    def said(self) -> Noted | None:
        """The school's word that holds, or the office's."""
        marks = [event for event in self.events if event.kind in self._kinds and event.is_on is not None and event.counts]
        return max(marks, key=lambda event: event.rank, default=None)

    @property
    def unheard(self) -> Noted | None:
        """The last mark of the school that came when it changed nothing any more."""
        marks = (event for event in reversed(self.events) if event.kind in MARKS and event.is_on is not None)
        return next((event for event in marks if not event.counts), None)

    @property
    def _kinds(self) -> tuple[str, ...]:
        """A closure that gave the day back speaks until it is withdrawn."""
        return (*MARKS, "closed") if is_given_back(self.events) else MARKS

    @property
    def late(self) -> Noted | None:
        """The last request that came too late, and that the office has not let count."""
        taken = {event.seq for event in self.events if event.level == REQUEST and event.counts}
        late = (e for e in reversed(self.events) if e.level == REQUEST and not e.counts and e.answer != "accepted")
        return next((event for event in late if event.seq not in taken), None)

    @property
    def cost(self) -> str:
        """What it costs, as a sentence ends."""
        return f"si paga {self.charged}" if self.charged and self.charged.cents else "non si paga"


def _because(day: _Day, state: DayState) -> str:
    sentence = _before(day, state) if day.mark is None or state == "closed" else _after(day, day.mark)
    late = day.late
    if late and late.number and not (day.wish and not day.wish.is_on):
        verb = _REFUSED.get(late.answer, "è arrivata alle {at}, dopo la chiusura")
        sentence += f" La richiesta n. {late.number} {verb.format(at=at_second(late.received_at))}."
    if day.mark and day.mark.is_present:
        sentence += f" È arrivato alle {day.mark.arrived:%-H:%M}." if day.mark.arrived else ""
        sentence += f" È andato via alle {day.mark.left:%-H:%M}." if day.mark.left else ""
    if day.mark and (unheard := day.unheard):
        what = "presente" if unheard.is_on else "assente"
        whose = "Il registro di classe" if unheard.channel == "register" else "Un segno della scuola"
        sentence += f" {whose} delle {at_second(unheard.told_at)} ({what}) non ha cambiato l’appello."
    return sentence


_REFUSED = {
    "taken": "è arrivata alle {at}, ad appello già fatto",
    "doubtful": "è arrivata alle {at}, e l’orologio del telefono era troppo sbagliato",
    "too_far": "chiedeva un giorno troppo lontano",
    "row": "chiedeva un pasto in bianco oltre il limite",
    "month": "chiedeva un pasto in bianco oltre il limite",
    "no_white": "chiedeva un pasto in bianco in un giorno chiuso",
}


def _before(day: _Day, state: DayState) -> str:
    """Tell of a day that is not charged yet."""
    until = f"entro le {at_time(day.terms.cut_off)}{_of(day.terms.cut_off, day.known.day)}"
    if state == "closed":
        return f"{day.known.closed_because}: non si paga."
    if state == "no_service":
        return "Quel giorno non c’è servizio: non si paga."
    if state == "cancelled" and day.wish:
        return f"Disdetto {_by(day.wish)}: non si paga."
    if state == "unbooked":
        return f"Disdetto {_by(day.wish)}: non si paga." if day.wish else "Nessuno l’ha prenotato: non si paga."
    if day.wish and day.wish.is_on:
        return f"Chiesto {_by(day.wish)}: si paga, se non è disdetto {until}."
    if pays_by_booking(day.terms.mode):
        return f"È previsto: si paga, se non è disdetto {until}."
    if day.terms.mode == "register":
        return "Si paga se il registro di classe non lo segna assente."
    return "Si paga solo se è presente all’appello."


def _after(day: _Day, mark: DayMark) -> str:
    """Tell of a day that the roll-call, or the cut-off, has decided."""
    said, wish = day.said, day.wish
    is_corrected = said is not None and (said.level == CORRECTION or said.kind == "corrected")
    why = f" («{said.note}»)" if said and is_corrected and said.note else ""
    if said and is_corrected and (said.level == CORRECTION or mark.is_present == mark.is_due):
        return f"Corretto {_by(said)}{why}: {day.cost}."
    is_cancelled = wish is not None and not wish.is_on
    if mark.is_present:
        if is_cancelled and said:
            return f"Disdetto {_by(wish)}, ma segnato presente {_by(said)}: {day.cost}."
        if said and said.request_id:
            return f"Tenuto {_by(said)}, benché il registro di classe dicesse assente: {day.cost}."
        if said:
            return f"Segnato presente {_by(said)}: {day.cost}."
        if pays_by_booking(day.terms.mode):
            return f"{_booked(wish)} e {_uncancelled(day)}."
        if day.terms.mode == "register":
            return f"Il registro di classe non lo segna assente: {day.cost}."
        return f"Presente all’appello confermato alle {at_time(mark.confirmed_at or mark.marked_at)}: {day.cost}."
    if is_cancelled:
        return f"Disdetto {_by(wish)}: {day.cost}."
    if mark.is_due:
        absent = f", {_absent(said)}{why}" if said else ""
        return f"{_booked(wish)} e {_uncancelled(day, absent)}."
    if said:
        absent = _absent(said)
        return f"{absent[0].upper()}{absent[1:]}: {day.cost}."
    return f"Nessuno l’ha prenotato: {day.cost}." if day.known.mode == "opt_in" else f"Assente all’appello: {day.cost}."


def _absent(said: Noted) -> str:
    """Write that the school has marked a child absent, or that it went home before the meal."""
    how = f"andato via alle {said.clock:%-H:%M}, segnato" if said.clock else "segnato assente"
    return f"{how} {_by(said)}"


def _uncancelled(day: _Day, absent: str = "") -> str:
    """Say that nobody has cancelled; as long as somebody still may, it is not over."""
    until = f"le {at_time(day.terms.cut_off)}{_of(day.terms.cut_off, day.known.day)}"
    if day.is_open:
        return f"finora non disdetto{absent}: {day.cost}, se non è disdetto entro {until}"
    return f"non disdetto entro {until}{absent}: {day.cost}"


def _booked(wish: Noted | None) -> str:
    return f"Prenotato {_by(wish)}" if wish else "Previsto"


def _by(event: Noted | None) -> str:
    """Write who said it, when, and under which number: "dalla famiglia alle 8:47:12 (n. D-2610-04417)"."""
    if event is None:
        return ""
    number = f" (n. {event.number})" if event.number else ""
    return f"{BY[event.channel]} alle {at_second(event.told_at)}{_of(event.told_at, event.day)}{number}"


def _of(instant: datetime, day: date) -> str:
    return "" if clock.day_of(instant) == day else f" del {day_short(instant)}"
