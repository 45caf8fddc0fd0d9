"""A day, or a week, before something is asked for it, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from campanella.domains.attendance.rules import Action
from campanella.domains.support.words import Topic
from campanella.foundation.core import clock
from campanella.foundation.core.italian import day_long, day_long_in
from campanella.foundation.core.money import Euro
from campanella.interfaces.portal.asking import contact_about
from campanella.interfaces.portal.asks.day_words import moment, offline, sentence, title
from campanella.interfaces.portal.asks.proof import MORNING
from campanella.interfaces.portal.asks.refusals import no_more_white
from campanella.interfaces.portal.asks.words import THINGS, capital
from campanella.readings.family.askable import Askable, Day


@dataclass(frozen=True, slots=True)
class Row:
    """A child and a service that can be asked for together with others."""

    value: str
    label: str
    state: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Button:
    """One thing to ask."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class DayPage:
    """Everything the page of one day shows."""

    child_id: int
    child_name: str
    day: date
    day_name: str
    is_today: bool
    title: str
    sentence: str
    is_open: bool
    rows: tuple[Row, ...]
    main: Button | None
    others: tuple[Button, ...]
    # Until when what has an hour of its own is asked.
    hours: tuple[str, ...]
    # Why the white meal is not offered, though its hour has not passed.
    no_white: str
    until: str
    seconds_left: int
    line_percent: int
    next_day: date | None
    cost: Euro | None
    report: str
    key: str
    offline: str

    @classmethod
    def of(cls, found: Day, *, service_id: int | None, now: datetime, next_day: date | None, grace: int) -> "DayPage":
        """Lay a day out; the service that is spoken of is the one asked for, else the meal, else the first one."""
        today = clock.day_of(now)
        mine = sorted(found.services, key=lambda one: (one.use.service_id != service_id, not THINGS[one.use.kind].is_cooked))
        first = mine[0] if mine else None
        can_ask = [one for one in (*mine, *found.others) if one.can_ask]
        day_name = "oggi" if found.day == today else day_long_in(found.day, today)
        left = int((first.until - now).total_seconds()) if first else 0
        name = found.child.called
        return cls(
            child_id=found.child.id,
            child_name=name,
            day=found.day,
            day_name=f"{day_name}, {day_long(found.day)}" if found.day == today else day_name,
            is_today=found.day == today,
            title=title(first, name, day_name),
            sentence=sentence(first, name),
            is_open=first is not None and first.can_ask,
            rows=tuple(_row(one, first) for one in can_ask) if first and first.can_ask else (),
            main=_main(first, day_name) if first and first.can(first.first_action) else None,
            others=tuple(_others(first)) if first and first.can_ask else (),
            hours=tuple(_hours(first, today)) if first and first.can_ask else (),
            no_white=no_more_white(name, first.white_limit) if first and first.white_limit else "",
            until=until_of(first, today) if first else "",
            seconds_left=max(left, 0),
            line_percent=max(3, 100 - int(100 * left / MORNING.total_seconds())) if left < MORNING.total_seconds() else 3,
            next_day=next_day,
            cost=first.use.price if first and first.known.is_wanted else None,
            report=contact_about(
                topic=Topic.PRESENCES,
                child_id=found.child.id,
                about=f"{capital(day_long(found.day))}, il portale non andava: ",
            ),
            key=str(uuid4()),
            offline=offline(grace),
        )


def _main(first: Askable, day_name: str) -> Button:
    thing = THINGS[first.use.kind]
    if first.known.is_wanted:
        return Button("disdici", f"Disdici {thing.one} di {day_name}")
    return Button(
        "prenota", f"Prenota {thing.one} di {day_name}" if first.known.mode == "opt_in" else f"Rimetti {thing.one}"
    )


def _others(first: Askable) -> list[Button]:
    if not THINGS[first.use.kind].is_cooked:
        return []
    has_menu = first.known.is_wanted and (first.known.is_white or first.known.is_packed)
    usual = [Button("prenota", "Torna al menù di tutti")] if has_menu and first.can("book") else []
    has_white = not first.known.is_white and not first.white_limit and first.can("white")
    white = [Button("bianco", "Chiedi il pasto in bianco")] if has_white else []
    packed = [] if first.known.is_packed or not first.can("packed") else [Button("sacco", "Chiedi il pranzo al sacco")]
    return [*white, *packed, *usual]


def _hours(first: Askable, today: date) -> Iterator[str]:
    """Say until when what has an hour of its own is asked, be it over or not."""
    if not first.known.is_wanted and first.until < first.terms.cut_off:
        yield f"Si prenota entro {moment(first.until, today)}; dopo si può solo disdire."
    if THINGS[first.use.kind].is_cooked:
        menus: tuple[tuple[Action, str], ...] = (("white", "Il pasto in bianco"), ("packed", "Il pranzo al sacco"))
        for action, what in menus:
            if action in first.terms.own:
                yield f"{what} si chiede entro {moment(first.until_for(action), today)}."


def _row(one: Askable, first: Askable) -> Row:
    state = f"prenotato, {one.use.price}" if one.known.is_wanted else "non prenotato"
    return Row(
        f"{one.child.id}-{one.use.service_id}",
        f"{one.child.called}, {one.use.service_name}",
        state,
        is_chosen=one is first,
    )


def until_of(first: Askable, today: date) -> str:
    """Say until when what is asked first is asked for: "Fino alle 9:30"."""
    return f"Fino al{moment(first.until, today)}"
