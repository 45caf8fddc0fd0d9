"""
Two school days of one class, as they may go: taps of two tablets and of a page, files of the class register, requests of
families with and without network, corrections, closures that come and go, another mode from one day to the next.

Everything has the moment at which it was done, and no two moments are alike. When it reaches the server is another matter,
and changes from order to order; only an act at the server itself is of one moment: a tap on the page, a confirmation, a
correction, a closure.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from campanella.domains.attendance.rules import Mode
from campanella.foundation.core import clock

FIRST, SECOND = date(2026, 10, 13), date(2026, 10, 14)
DAYS = (FIRST, SECOND)
MODES: tuple[Mode, ...] = ("roll_call", "opt_out", "opt_in", "register")
KINDS = ("present", "present", "absent", "absent", "white", "usual", "late", "arrived")
PAGE = 2
CUT_OFF = time(9, 30)
GRACE, LARGEST_ERROR = timedelta(minutes=15), timedelta(minutes=10)


def on(day: date, hours: float) -> datetime:
    """Return an hour of a day in Italy."""
    return (clock.rome(day, time(0)) + timedelta(hours=hours)).astimezone(UTC)


END = on(SECOND, 22)


@dataclass(frozen=True)
class Tap:
    """
    What a tablet or the page says of a child; ``child`` None is the adults of the class.

    :ivar window: from when until when it may reach the server for the first time
    :ivar is_shut_out: it reaches the server while the day is closed
    """

    number: int
    tablet: int
    day: date
    child: int | None
    kind: str
    adults: int
    made: datetime
    window: tuple[datetime, datetime]
    is_shut_out: bool


@dataclass(frozen=True)
class Ask:
    """What a family asks; ``undoes`` is the request that it takes back."""

    number: int
    family: int
    children: tuple[int, ...]
    days: tuple[date, ...]
    action: str
    received: datetime
    until: datetime
    tapped: datetime | None = None
    error: timedelta = timedelta()
    undoes: "Ask | None" = None


@dataclass(frozen=True)
class Correction:
    """The office corrects a child's day."""

    at: datetime
    day: date
    child: int
    is_present: bool
    is_white: bool


@dataclass(frozen=True)
class Register:
    """A file of the class register is taken over: who it calls present, or absent, of some children."""

    at: datetime
    day: date
    states: dict[int, bool]


@dataclass(frozen=True)
class Closing:
    """
    A closure of the class, or of its whole school.

    :ivar given: when the office gives back what was charged by then
    """

    day: date
    entered: datetime
    given: tuple[datetime, ...]
    withdrawn: datetime | None
    is_of_school: bool

    @property
    def turns(self) -> set[datetime]:
        """When it does something to its day."""
        return {self.entered, *self.given, *filter(None, [self.withdrawn])}

    def holds(self, moment: datetime) -> bool:
        """Tell whether the day is closed at a moment."""
        return self.entered < moment and (self.withdrawn is None or moment < self.withdrawn)


@dataclass(frozen=True)
class Confirming:
    """Somebody confirms the class: by the page, on paper in the office, for the whole town, or by a tablet."""

    day: date
    at: datetime
    by: str
    absent: frozenset[int]
    adults: int | None
    # A second one finds it confirmed.
    again: datetime | None


@dataclass
class History:
    """What happened."""

    families: Sequence[tuple[int, ...]]
    modes: dict[date, Mode]
    marks_until: time | None
    confirmed: dict[date, Confirming]
    closed: dict[date, list[Closing]]
    taps: list[Tap] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    registers: list[Register] = field(default_factory=list)

    def is_called(self, day: date) -> bool:
        """Tell whether the class was confirmed that day: it was not closed in that moment."""
        return not self.is_closed(day, self.confirmed[day].at)

    def is_closed(self, day: date, moment: datetime) -> bool:
        """Tell whether a closure keeps the day closed at a moment."""
        return any(closing.holds(moment) for closing in self.closed[day])


class Writer:
    """Makes up one history; the seed says which."""

    def __init__(self, seed: int, families: Sequence[tuple[int, ...]]) -> None:
        self.dice, self.families, self.number = random.Random(seed), families, 0

    def history(self) -> History:
        """Return it."""
        dice = self.dice
        made = History(
            families=self.families,
            modes={day: dice.choice(MODES) for day in DAYS},
            marks_until=dice.choice([None, time(10, 30)]),
            confirmed={day: self._confirming(day) for day in DAYS},
            closed={day: list(self._closings(day)) for day in DAYS},
        )
        for day in DAYS:
            made.taps += self._taps(made, day)
            made.registers += self._registers(day)
            if made.is_called(day):
                made.corrections += self._corrections(day)
        for family, children in enumerate(self.families):
            for _ in range(dice.choice([0, 1, 1, 2])):
                made.asks += self._asked(made, family, children)
        return made

    def _at(self, day: date, first: float, last: float) -> datetime:
        """Return a moment between two hours that nothing else has."""
        self.number += 1
        return on(day, self.dice.uniform(first, last)).replace(microsecond=self.number)

    def _confirming(self, day: date) -> Confirming:
        dice, by = self.dice, self.dice.choice(["page", "paper", "town", "tablet"])
        everybody = [child for children in self.families for child in children]
        absent = frozenset(dice.sample(everybody, len(everybody) // 4)) if by == "paper" else frozenset()
        adults = dice.choice([None, 0, 3]) if by in ("page", "paper") else None
        again = self._at(day, 10, 10.5) if dice.random() < 0.4 else None
        return Confirming(day, self._at(day, 8.9, 9.9), by, absent, adults, again)

    def _closings(self, day: date) -> Iterator[Closing]:
        """One before the class is confirmed, or some after it: one after another, and one of the school beside them."""
        dice = self.dice
        first = dice.choice([None, None, None, 8.2, 10.9, 10.9])
        if first == 8.2:
            yield self._closing(day, 8.2, 8.8, is_of_school=False)
        elif first:
            yield self._closing(day, 10.9, ends := dice.choice([11.5, 15, 20]), is_of_school=False)
            if dice.random() < 0.4:
                yield self._closing(day, ends + 0.2, 21.5, is_of_school=False)
            if dice.random() < 0.4:
                yield self._closing(day, dice.choice([11, 13, 16]), 21.5, is_of_school=True)

    def _closing(self, day: date, first: float, last: float, *, is_of_school: bool) -> Closing:
        dice, third = self.dice, (last - first) / 3
        entered = self._at(day, first, first + third)
        given = [self._at(day, first + third, first + 2 * third) for _ in range(dice.choice([0, 0, 1, 2]))]
        stays = dice.random() < 0.4
        withdrawn = None if stays else self._at(day, first + 2 * third, last)
        return Closing(day, entered, (entered, *sorted(given)), withdrawn, is_of_school)

    def _taps(self, made: History, day: date) -> Iterator[Tap]:
        for children in self.families:
            for child in children:
                for _ in range(self.dice.choice([0, 0, 1, 2, 3])):
                    yield from self._tap(made, day, child)
        for _ in range(self.dice.randrange(4)):
            yield from self._tap(made, day, None)

    def _tap(self, made: History, day: date, child: int | None) -> Iterator[Tap]:
        dice, at = self.dice, self._at(day, 8, 10.8)
        kind = dice.choice(KINDS) if child is not None else "adults"
        tablet = dice.choice([0, 0, 1, 1, PAGE]) if child is not None and kind != "arrived" else dice.choice([0, 1])
        if tablet == PAGE:
            # A page says at once that it is too late, or that the day is closed.
            if at < made.confirmed[day].at and not made.is_closed(day, at):
                yield Tap(self.number, PAGE, day, child, kind, 0, at, (at, at), is_shut_out=False)
            return
        turns = sorted(moment for closing in made.closed[day] for moment in closing.turns if moment > at)
        window = dice.choice(list(pairwise([at, *turns, END])))
        shut = made.is_closed(day, max(window[0], at) + timedelta(microseconds=1))
        yield Tap(self.number, tablet, day, child, kind, dice.randrange(4), at, window, shut)

    def _registers(self, day: date) -> Iterator[Register]:
        """Before the class is confirmed, while families may answer it, and long after; a later file may say otherwise."""
        everybody = [child for children in self.families for child in children]
        for first, last in self.dice.choice(
            [(), ((7.2, 8.1),), ((7.2, 7.6), (7.7, 8.8)), ((10, 20),), ((8, 8.8), (10, 15))]
        ):
            some = self.dice.sample(everybody, self.dice.randint(1, len(everybody)))
            yield Register(self._at(day, first, last), day, {child: self.dice.random() < 0.4 for child in some})

    def _corrections(self, day: date) -> Iterator[Correction]:
        for child in (child for children in self.families for child in children):
            for _ in range(self.dice.choice([0, 0, 0, 0, 0, 0, 1, 2])):
                is_present = self.dice.random() < 0.5
                white = is_present and self.dice.random() < 0.3
                yield Correction(self._at(day, 10, 20), day, child, is_present, white)

    def _asked(self, made: History, family: int, children: tuple[int, ...]) -> Iterator[Ask]:
        dice = self.dice
        days = tuple(sorted(dice.sample(DAYS, dice.choice([1, 1, 2]))))
        some = tuple(sorted(dice.sample(children, dice.randint(1, len(children)))))
        received = self._at(dice.choice([FIRST - timedelta(days=1), *days]), 7, 10)
        action = dice.choice(["cancel", "cancel", "book", "white"])
        tapped, error = None, timedelta()
        if dice.random() < 0.3:
            self.number += 1
            tapped = (received - timedelta(minutes=dice.uniform(1, 40))).replace(microsecond=self.number)
            error = timedelta(minutes=dice.choice([0, -3, 12]))
        first = Ask(
            self.number, family, some, days, action, received, self._until(made, days, received, action), tapped, error
        )
        yield first
        if dice.random() < 0.35:
            back = received + timedelta(minutes=dice.uniform(1, 90))
            self.number += 1
            back = back.replace(microsecond=self.number)
            yield Ask(self.number, family, some, days, "undo", back, self._until(made, days, back, "undo"), undoes=first)

    def _until(self, made: History, days: Sequence[date], received: datetime, action: str) -> datetime:
        """Return until when it may wait for its turn: not over the beginning or the end of a closure of its days."""
        bounds = [moment for day in days for one in made.closed[day] for moment in one.turns if moment > received]
        return min([*bounds, END])
