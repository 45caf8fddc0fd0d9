"""A history as it reaches the server: in one of its orders, some of it more than once, by the real ways in."""

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from campanella.domains.attendance import ruling
from campanella.domains.attendance.answers import Answer
from campanella.domains.attendance.judging import Arrival
from campanella.domains.attendance.ruled import Terms
from campanella.foundation.core import clock
from campanella.usecases import class_register, closing, mealtime, wishes
from campanella.usecases.importing.absences import Said
from tests.browsing import Browser
from tests.tablets import Marks
from tests.towns import OFFICE, Cast
from tests.usecases.days.history import (
    CUT_OFF,
    DAYS,
    END,
    PAGE,
    Ask,
    Closing,
    Confirming,
    Correction,
    History,
    Register,
    Tap,
    on,
)

Act = tuple[datetime, Callable[[], object]]


@dataclass
class School:
    """Whom a history is about, and what they have in their hands."""

    valle: Cast
    children: list[int]
    families: list[Any]
    tablets: list[Marks]
    page: Browser

    @property
    def meal(self) -> Any:
        """The service."""
        return self.valle.services["mensa"]


@dataclass
class Play:
    """One order of a history."""

    told: History
    school: School
    dice: random.Random
    answers: dict[int, Answer] = field(default_factory=dict)
    closures: dict[Closing, int] = field(default_factory=dict)
    sent: dict[int, dict[str, Any]] = field(default_factory=dict)
    confirming: dict[tuple[int, date], dict[str, Any]] = field(default_factory=dict)

    def go(self) -> None:
        """Let everything reach the server."""
        for marks in self.school.tablets:
            marks.seq = 0
        for day in DAYS:
            self._change_mode(day)
        for moment, act in sorted(self._acts(), key=lambda one: one[0]):
            with clock.standing_at(moment):
                act()

    def _acts(self) -> Iterator[Act]:
        yield from self._deliveries()
        yield from self._requests()
        for tap in self.told.taps:
            if tap.tablet == PAGE:
                yield tap.made, partial(self._tap, tap)
        for register in self.told.registers:
            yield register.at, partial(self._take, register)
        for one in self.told.corrections:
            yield one.at, partial(self._correct, one)
        for confirming in self.told.confirmed.values():
            yield confirming.at, partial(self._confirm, confirming)
            if confirming.again:
                yield confirming.again, partial(self._confirm_again, confirming.day)
        for shut in (shut for closed in self.told.closed.values() for shut in closed):
            yield shut.entered, partial(self._close, shut)
            for moment in shut.given:
                yield moment, partial(self._give_back, shut)
            if shut.withdrawn:
                yield shut.withdrawn, partial(self._open, shut)

    def _change_mode(self, day: Any) -> None:
        terms = Terms(self.told.modes[day], CUT_OFF, 0, None, self.told.marks_until)
        where = {"service_id": self.school.meal.pk, "school_id": self.school.valle.school.pk}
        ruling.change(by=OFFICE, **where, first=day, terms=terms, words="prova", now=on(day, -12))

    def _between(self, first: datetime, last: datetime) -> datetime:
        return first + (last - first) * self.dice.random()

    def _deliveries(self) -> Iterator[Act]:
        """Tablets have network now and then: what waits goes out together, and some of it once more later."""
        for number in range(PAGE):
            mine = [tap for tap in self.told.taps if tap.tablet == number]
            self._count(number, mine)
            contacts = [self._between(on(DAYS[0], 8), END) for _ in range(7)]
            waiting: dict[datetime, list[Tap]] = {}
            for tap in mine:
                possible = [moment for moment in contacts if tap.window[0] < moment < tap.window[1]]
                first = self.dice.choice(possible) if possible else self._between(*tap.window)
                if not possible:
                    contacts.append(first)
                later = [moment for moment in contacts if moment > first]
                for moment in [first, *self.dice.sample(later, min(len(later), self.dice.choice([0, 0, 1])))]:
                    waiting.setdefault(moment, []).append(tap)
            for moment, taps in waiting.items():
                yield moment, partial(self._hand_in, number, taps)

    def _count(self, number: int, taps: list[Tap]) -> None:
        """Make a tablet's marks, its confirmations among them: what was made first has the lower count."""
        made: list[tuple[datetime, Callable[[], object]]] = [(tap.made, partial(self._make, tap)) for tap in taps]
        for day, one in self.told.confirmed.items():
            at = one.again if number else one.at if one.by == "tablet" else None
            if at:
                made.append((at, partial(self._make_confirmation, number, day, at)))
        for _, make in sorted(made, key=lambda one: one[0]):
            make()

    def _make(self, tap: Tap) -> None:
        self.sent[tap.number] = self._event(tap)

    def _make_confirmation(self, number: int, day: date, at: datetime) -> None:
        with clock.standing_at(at):
            self.confirming[number, day] = self.school.tablets[number].made("confirmed")

    def _event(self, tap: Tap) -> dict[str, Any]:
        marks = self.school.tablets[tap.tablet]
        value = {"arrived": "08:30", "adults": tap.adults, "usual": {"white": False}}.get(tap.kind)
        kind = "present" if tap.kind == "usual" else tap.kind
        with clock.standing_at(tap.made):
            child = None if tap.child is None else self.school.children[tap.child]
            return marks.made(kind, child, value, event_id=str(UUID(int=(7 << 64) + tap.number)))

    def _hand_in(self, number: int, taps: list[Tap]) -> None:
        events = [self.sent[tap.number] for tap in taps]
        self.dice.shuffle(events)
        told = self.school.tablets[number].hand_in(*events, *events[:1])
        assert not [one for one in told if one.startswith("refused")], told

    def _tap(self, tap: Tap) -> None:
        assert tap.child is not None
        fields = {"child": self.school.children[tap.child], "eats": int(tap.kind != "absent")}
        fields |= {"white": {"white": 1}, "late": {"late": 1}, "usual": {"menu": 1}}.get(tap.kind, {})
        place = f"/appello/{self.school.valle.classes['2B'].pk}/mensa/segno/"
        answer = self.school.page.post(place, {"day": tap.day.isoformat(), **fields})
        assert answer.status_code == 204, answer

    def _requests(self) -> Iterator[Act]:
        """The server takes its time, and a form is sent twice."""
        done: dict[int, datetime] = {}
        for ask in self.told.asks:
            begin = max(ask.received, done.get(ask.undoes.number, ask.received)) if ask.undoes else ask.received
            waits = self.dice.random() < 0.6
            at = self._between(begin, max(begin, ask.until)) if waits else begin
            done[ask.number] = at
            yield at, partial(self._ask, ask)
            if self.dice.random() < 0.3:
                yield self._between(at, END), partial(self._ask, ask, is_repeated=True)

    def _ask(self, ask: Ask, *, is_repeated: bool = False) -> None:
        key = UUID(int=(9 << 64) + ask.number)
        arrival = Arrival(ask.received, tapped_at=ask.tapped, error=ask.error)
        common: Any = {"by": self.school.families[ask.family].user, "key": key, "arrival": arrival, "now": clock.now()}
        if ask.undoes:
            with suppress(wishes.NothingToAsk):
                wishes.take_back(number=self.answers[ask.undoes.number].number, **common)
            return
        lines = [(self.school.children[child], self.school.meal.pk) for child in ask.children]
        answer = wishes.ask(lines=lines, days=ask.days, action=ask.action, **common)  # type: ignore[arg-type]  # one of them
        assert not is_repeated or answer == self.answers[ask.number]
        self.answers[ask.number] = answer

    def _take(self, register: Register) -> None:
        said = [Said(self.school.children[child], register.day, there) for child, there in register.states.items()]
        class_register.take(by=OFFICE, service=self.school.meal, said=said, now=clock.now())

    def _correct(self, one: Correction) -> None:
        mealtime.correct(
            by=OFFICE,
            child_id=self.school.children[one.child],
            service=self.school.meal,
            day=one.day,
            is_present=one.is_present,
            is_white=one.is_white,
            reason="prova",
            now=clock.now(),
        )

    def _confirm(self, one: Confirming) -> None:
        teacher, group = self.school.valle.staff["school"], self.school.valle.classes["2B"]
        if one.by == "tablet":
            self.school.tablets[0].hand_in(self.confirming[0, one.day])
        elif one.by == "town":
            mealtime.confirm_day(
                by=OFFICE, service=self.school.meal, day=one.day, class_group_ids=[group.pk], absent_ids=[], now=one.at
            )
        else:
            call = self.school.valle.roll_call(day=one.day)
            absent = [self.school.children[child] for child in one.absent]
            with suppress(mealtime.ClosedMeanwhile):
                mealtime.confirm(by=teacher, roll_call=call, absent_ids=absent, adults=one.adults, now=one.at)

    def _confirm_again(self, day: date) -> None:
        self.school.tablets[1].hand_in(self.confirming[1, day])

    def _close(self, shut: Closing) -> None:
        valle = self.school.valle
        where: Any = {"school": valle.school} if shut.is_of_school else {"class_group": valle.classes["2B"]}
        made = closing.enter(by=OFFICE, first=shut.day, last=shut.day, reason="Sciopero", now=shut.entered, **where)
        self.closures[shut] = made.pk

    def _give_back(self, shut: Closing) -> None:
        for _ in range(2):
            closing.give_back(by=OFFICE, closure_id=self.closures[shut], now=clock.now())

    def _open(self, shut: Closing) -> None:
        closing.withdraw(by=OFFICE, closure_id=self.closures[shut], why="revocato", now=clock.now())
