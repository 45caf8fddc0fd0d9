"""A week to be booked day by day, in words."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from django.urls import reverse

from campanella.foundation.core import clock
from campanella.foundation.core.italian import WEEKDAYS, day_long_in
from campanella.foundation.core.money import Euro
from campanella.interfaces.portal.asks.days import until_of
from campanella.interfaces.portal.asks.words import capital
from campanella.readings.family.askable import Askable, Week


@dataclass(frozen=True, slots=True)
class Box:
    """One day of a week."""

    value: str
    name: str
    state: str
    is_wanted: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class WeekPage:
    """Everything the page of a week shows."""

    child_id: int
    child_name: str
    service: str
    title: str
    boxes: tuple[Box, ...]
    is_open: bool
    price: Euro | None
    services: tuple[tuple[str, str], ...]
    siblings: tuple[tuple[str, str], ...]
    monday: date
    before: str
    after: str
    key: str

    @classmethod
    def of(cls, found: Week, *, monday: date, now: datetime) -> "WeekPage":
        """Lay a week out."""
        today, own = clock.day_of(now), found.use
        query = f"&servizio={own.service_id}" if own and len(found.services) > 1 else ""
        address = reverse("portal:book-week", args=[found.child.id])
        boxes = tuple(_box(one, today) for one in found.days)
        return cls(
            child_id=found.child.id,
            child_name=found.child.called,
            service=own.service_name if own else "",
            title=f"Settimana dal {day_long_in(monday, today)}",
            boxes=boxes,
            is_open=any(box.is_open for box in boxes),
            price=own.price if own else None,
            services=tuple(
                (one.service_name, f"{address}?dal={monday}&servizio={one.service_id}")
                for one in found.services
                if own and one.service_id != own.service_id
            ),
            siblings=tuple(
                (one.called, f"{reverse('portal:book-week', args=[one.id])}?dal={monday}") for one in found.siblings
            ),
            monday=monday,
            before=f"{address}?dal={monday - timedelta(days=7)}{query}" if monday > today - timedelta(days=28) else "",
            after=f"{address}?dal={monday + timedelta(days=7)}{query}",
            key=str(uuid4()),
        )


def _box(one: Askable, today: date) -> Box:
    day = one.known.day
    if one.known.closed_because:
        state = f"chiuso: {one.known.closed_because}"
    elif one.can(one.first_action):
        paid = f", già prenotato: si paga {one.use.price}" if one.known.is_wanted else f", {one.use.price}"
        state = until_of(one, today).lower() + paid
    else:
        closed = "i numeri sono chiusi" if one.now > one.terms.cut_off else "le prenotazioni sono chiuse"
        state = closed if one.now > one.until else "è ancora presto"
    name = f"{capital(WEEKDAYS[day.weekday()])} {day.day}"
    return Box(day.isoformat(), name, state, one.known.is_wanted, one.can(one.first_action))
