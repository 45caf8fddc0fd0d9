"""What today is for a child on the family's first page, and what can still be done about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.urls import reverse

from campanella.domains.attendance.rules import pays_by_booking
from campanella.foundation.core import clock
from campanella.foundation.core.italian import at_time, day_long_in
from campanella.foundation.design.signs import service_sign
from campanella.interfaces.portal.asks.words import THINGS
from campanella.interfaces.portal.words import BY_ROLE, KINDS
from campanella.readings.family.home import ChildCard, ServiceToday

# The line under "entro le 9:30" is full this long before the roll-call closes.
MORNING = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class TodayBlock:
    """What today is for a child, in words; ``seconds_left`` 0 when nothing runs out."""

    kind: str
    sign: str
    title: str
    detail: str
    seconds_left: int = 0
    line_percent: int = 0
    # What can be done about it, and where; ``ask`` is the address, empty when nothing can.
    ask: str = ""
    ask_label: str = ""
    # Where other days are booked, for a service that is booked day by day.
    book: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What the class register makes one ask: sent to ``address`` for one child and service, with a key of its own."""

    title: str
    text: str
    yes: str
    no: str
    address: str
    line: str
    key: str


@dataclass(frozen=True, slots=True)
class OtherBlock:
    """What today is for one more service, in a line, and what can be done about it."""

    sign: str
    text: str
    address: str = ""
    label: str = ""


def today(child: ChildCard, service: ServiceToday | None, now: datetime) -> TodayBlock:
    """Tell what today is for the service the page speaks about."""
    if service is None or service.state == "not_enrolled":
        return TodayBlock(
            "off", "it-info-circle", f"{child.called} non ha iscrizioni a servizi", "Chiedi all’ufficio come si fa."
        )
    words = KINDS[service.kind]
    if service.confirmed_at and service.is_open(now):
        # Confirmed, perhaps charged, before the numbers close: the family may still change it.
        return _awaited(child, service, now)
    if service.state == "present":
        return TodayBlock("ok", "it-check", f"Oggi {words.there}", _confirmed(service))
    if service.state == "absent":
        return TodayBlock("warn", "it-close-circle", f"Oggi {words.not_there}: risulta assente", _confirmed(service))
    if service.confirmed_at and service.state == "cancelled":
        return TodayBlock("off", "c-nomeal", f"Oggi {words.not_there}: disdetto", "Non si paga.")
    if service.state == "closed":
        return TodayBlock("off", "it-locked", f"Oggi {words.is_closed}", service.closed_because)
    if service.state == "no_service":
        return TodayBlock("off", "it-calendar", "Oggi non c’è servizio", f"{service.name}: oggi non è previsto.")
    return _awaited(child, service, now)


def _awaited(child: ChildCard, service: ServiceToday, now: datetime) -> TodayBlock:
    """Tell of a day that is not decided yet: what is wanted, and until when it can be changed."""
    words, thing, end = KINDS[service.kind], THINGS[service.kind], service.until
    left = int((end - now).total_seconds())
    is_booked = pays_by_booking(service.terms.mode)
    book = _booking(child, service) if service.terms.mode == "opt_in" else ""
    kind, sign, title, label = "ok", "it-check", f"Oggi {words.is_open}", f"Disdici {thing.one} di oggi"
    if service.state == "cancelled":
        kind, sign, title, label = "off", "c-nomeal", f"Oggi {words.not_there}: disdetto", "Rimetti o cambia"
    elif service.state == "unbooked":
        kind, sign, title, label = "off", "it-minus", "Oggi non è prenotato", f"Prenota {thing.one} di oggi"
    elif service.state == "absent":
        kind, sign, title = "warn", "it-close-circle", f"Oggi {words.not_there}: risulta assente, ma non disdetto"
    elif is_booked:
        title = f"Oggi {words.there}" + (", in bianco" if service.is_white else "")
    if left <= 0:
        if service.state == "awaited" and not is_booked:
            return TodayBlock("wait", "it-clock", title, "L’appello di oggi non è ancora arrivato.")
        over = "Si prenotava fino" if end < service.terms.cut_off else "I numeri si sono chiusi"
        return TodayBlock(kind, sign, title, f"{over} alle {at_time(end)}{_of(end, now)}.", book=book)
    percent = max(3, 100 - int(100 * left / MORNING.total_seconds())) if left < MORNING.total_seconds() else 3
    by_roll_call = service.terms.mode == "roll_call"
    detail = f"L’appello è entro le {at_time(end)}" if by_roll_call else f"Fino alle {at_time(end)}"
    ask = f"{reverse('portal:ask-day', args=[child.id])}?servizio={service.id}"
    return TodayBlock(kind, sign, title, detail, left, percent, ask, label, book)


def _of(end: datetime, now: datetime) -> str:
    """Name the day of an hour that is over, where it was another."""
    day, today = clock.day_of(end), clock.day_of(now)
    return "" if day == today else f" di {day_long_in(day, today)}"


def question(child: ChildCard, service: ServiceToday) -> Question:
    """Ask about a meal of a child that the class register calls absent."""
    one = THINGS[service.kind].one
    until = at_time(service.terms.cut_off)
    return Question(
        title=f"Il registro dice assente: disdici {one}?",
        text=f"{child.called} oggi risulta assente. Rispondi entro le {until}; senza risposta il pasto non si paga.",
        yes="Sì, disdici",
        no="No, viene più tardi",
        address=reverse("portal:ask-day", args=[child.id]),
        line=f"{child.id}-{service.id}",
        key=str(uuid4()),
    )


def _confirmed(service: ServiceToday) -> str:
    if service.confirmed_at is None:
        return ""
    return f"Confermato {BY_ROLE.get(service.confirmed_by, '')} alle {at_time(service.confirmed_at)}".replace("  ", " ")


def is_told(service: ServiceToday) -> bool:
    """Whether a further service has something to say today: what was, or what its family decides."""
    if service.state in ("present", "absent", "closed") or service.terms.mode == "opt_in":
        return service.state != "not_enrolled"
    return pays_by_booking(service.terms.mode) and service.state in ("awaited", "cancelled")


def other(child: ChildCard, service: ServiceToday, now: datetime) -> OtherBlock:
    """Tell what today is for a further service, and where it is cancelled or booked."""
    words = KINDS[service.kind]
    said = {
        "absent": f"Oggi {words.not_there}",
        "closed": f"Oggi {words.is_closed}",
        "cancelled": f"Oggi {words.not_there}: disdetto",
        "unbooked": f"{service.name}: oggi non è prenotato",
        "no_service": f"{service.name}: oggi non è previsto",
    }.get(service.state, f"Oggi {words.there}")
    query = f"?servizio={service.id}"
    if service.terms.mode == "opt_in":
        is_booked = service.state in ("awaited", "present", "absent")
        label = "Prenota o disdici i giorni" if is_booked else f"Prenota {THINGS[service.kind].one}"
        return OtherBlock(service_sign(service.kind), said, _booking(child, service), label)
    if service.is_open(now):
        label = "Rimetti o cambia" if service.state == "cancelled" else f"Disdici {THINGS[service.kind].one}"
        return OtherBlock(
            service_sign(service.kind), said, reverse("portal:ask-day", args=[child.id]) + query, f"{label} di oggi"
        )
    return OtherBlock(service_sign(service.kind), said)


def _booking(child: ChildCard, service: ServiceToday) -> str:
    """Lead to the week of a service that is booked day by day."""
    return f"{reverse('portal:book-week', args=[child.id])}?servizio={service.id}"
