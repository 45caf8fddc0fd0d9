"""How a day stands before something is asked for it, in words."""

from datetime import date, datetime, time

from campanella.domains.attendance.rules import pays_by_booking
from campanella.foundation.core import clock
from campanella.foundation.core.italian import at_time, counted, day_long, day_long_in
from campanella.interfaces.portal.asks.words import THINGS, capital
from campanella.readings.family.askable import Askable


def offline(grace: int) -> str:
    """Say what a request written without network is worth."""
    if grace:
        return (
            "Se scrivi senza rete, vale l’ora in cui la scrivi, purché arrivi entro"
            f" {grace} minuti dopo la chiusura e l’orologio del telefono sia giusto."
        )
    return "Se scrivi senza rete, conta comunque quando arriva, non quando la scrivi."


def title(first: Askable | None, name: str, day_name: str) -> str:
    """Head the page of a day."""
    if first is None:
        return f"Per {day_name} niente da chiedere"
    if first.known.closed_because:
        return f"Per {day_name} non serve"
    if not first.can_ask:
        is_over = first.is_taken or first.now > first.until
        return f"Per {day_name} è tardi" if is_over else "È ancora presto"
    return f"{capital(THINGS[first.use.kind].one)} di {name}"


def sentence(first: Askable | None, name: str) -> str:
    """Say how the day stands, and what it costs."""
    if first is None:
        return f"Quel giorno {name} non usa nessun servizio: non devi disdire nulla."
    thing = THINGS[first.use.kind]
    if first.known.closed_because:
        return f"{first.known.closed_because}: il servizio è chiuso e non si paga."
    if first.can_ask:
        if first.known.is_wanted:
            menu = ", con il pasto in bianco" if first.known.is_white else ""
            return f"{name} {thing.there}{menu}: si paga {first.use.price}."
        return f"{name} {thing.not_there}: non si paga."
    if first.is_taken:
        return f"La scuola ha già fatto l’appello: dillo a lei. {name} paga solo se risulta presente."
    if not first.terms.is_near(first.now):
        ahead = counted(first.terms.horizon_days or 0, "giorno", "giorni")
        opens = first.terms.opens
        has_hour = opens and opens.astimezone(clock.ROME).time() > time.min
        since = f", dalle {at_time(opens)} di {day_long(opens)}" if opens and has_hour else ""
        return f"Si può chiedere al più {ahead} prima{since}."
    if first.until < first.terms.cut_off:
        return f"Si prenotava entro {moment(first.until, clock.day_of(first.now))}: {name} {thing.not_there}. Non si paga."
    if first.known.is_wanted and not pays_by_booking(first.known.mode):
        return f"I numeri si sono chiusi alle {at_time(first.terms.cut_off)}. Se {name} non viene, avvisa la scuola."
    at = at_time(first.terms.cut_off)
    if not thing.is_cooked:
        who = (
            f"e contano anche {name}. Si paga: {first.use.price}."
            if first.known.is_wanted
            else f"senza {name}. Non si paga."
        )
        return f"Alle {at} i numeri si sono chiusi {who}"
    if first.known.is_wanted:
        return f"Alle {at} la cucina ha fermato i numeri e prepara anche il pasto di {name}. Si paga: {first.use.price}."
    return f"Alle {at} la cucina ha fermato i numeri senza {name}. Non si paga."


def moment(instant: datetime, today: date) -> str:
    """Write "le 18:00", with the day where it is another."""
    day = clock.day_of(instant)
    return f"le {at_time(instant)}" + ("" if day == today else f" di {day_long_in(day, today)}")
