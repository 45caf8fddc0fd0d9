"""Judging what a family asks: whether it came in time, whether it may be asked, and by which words it is told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from campanella.domains.attendance import terms
from campanella.domains.attendance.asked import DayAsked, DayOfLine
from campanella.domains.attendance.choices import FamilyChoices
from campanella.domains.attendance.fact_rules import wish_of
from campanella.domains.attendance.rules import Action, DayTerms, Judgement, Offline, judge
from campanella.domains.attendance.whites import Whites
from campanella.foundation.tenants.queries import active_town


@dataclass(frozen=True, slots=True)
class Arrival:
    """
    How a request came.

    :ivar received_at: when the server got it, before it waited for anything
    :ivar tapped_at: of a tap made without network, corrected by the error of the phone's clock
    :ivar error: of the phone's clock, measured at contact
    """

    received_at: datetime
    channel: str = "portal"
    tapped_at: datetime | None = None
    error: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Judged:
    """One day of a request, judged: what it asks, and what it is told."""

    asked: DayAsked
    answer: str
    counts: bool
    cut_off: datetime
    is_on: bool
    is_white: bool = False
    is_packed: bool = False


@dataclass(frozen=True, slots=True)
class Moments:
    """When a request was received, and the moment of it that counts: the same, unless a tap without network is believed."""

    received_at: datetime
    made_at: datetime
    # The corrected moment of a tap, believed or not: it is told to the office.
    tapped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Judging:
    """What one request is judged by."""

    arrival: Arrival
    action: Action | Literal["undo"]
    terms: dict[date, terms.TermsOfDay]
    offline: Offline
    # None where no limit of white meals is looked at; what it counts grows with each day.
    whites: Whites | None
    # On these days taking back what was asked brings back a white meal that was asked for before.
    white_again: frozenset[DayOfLine]

    @classmethod
    def of(
        cls,
        found: Sequence[DayAsked],
        arrival: Arrival,
        action: Action | Literal["undo"],
        *,
        has_certificate: bool,
        white_again: frozenset[DayOfLine] = frozenset(),
    ) -> "Judging":
        """
        Gather it: two queries, three more for white meals.

        :param white_again: days on which it brings back a white meal
        """
        chosen = active_town().chosen(FamilyChoices)
        first, last = min(day.day for day in found), max(day.day for day in found)
        offline = Offline(
            grace=timedelta(minutes=chosen.offline_grace_minutes),
            error=timedelta(minutes=chosen.offline_clock_error_minutes),
        )
        whites = None
        if (action == "white" or white_again) and not has_certificate:
            lines = sorted({(day.child_id, day.service_id) for day in found})
            whites = Whites.around(lines=lines, first=first, last=last)
        return cls(arrival, action, terms.between(first=first, last=last), offline, whites, white_again)

    @property
    def moments(self) -> Moments:
        """When it came, and when it was made: the tap's moment where the town believes a tap at all."""
        received, tapped = self.arrival.received_at, self.arrival.tapped_at
        is_believed = tapped is not None and self.offline.grace and abs(self.arrival.error) <= self.offline.error
        return Moments(received, min(tapped, received) if tapped and is_believed else received, tapped)

    def terms_of(self, day: DayAsked) -> DayTerms:
        """Return how a day goes."""
        return self.terms[day.day].of(service_id=day.service_id, school_id=day.school_id)

    def judged(self, day: DayAsked) -> Judged:
        """Judge one day; a white meal that is granted counts for the next ones."""
        of_day = self.terms_of(day)
        answer = self._answer(day, of_day)
        asks = wish_of(self.action, is_white=day.is_white, is_packed=day.is_packed)
        counts = answer in ("accepted", "closed")
        cut_off = of_day.cut_off_of(self.action, is_wanted=day.is_wanted)
        return Judged(day, answer, counts, cut_off, asks.is_booked, asks.is_white, asks.is_packed)

    def _answer(self, day: DayAsked, of_day: DayTerms) -> str:
        found = judge(
            received_at=self.arrival.received_at,
            tapped_at=self.arrival.tapped_at,
            error=self.arrival.error,
            terms=replace(of_day, cut_off=of_day.cut_off_of(self.action, is_wanted=day.is_wanted)),
            offline=self.offline,
        )
        if refused := _refused(day, of_day, found, self.arrival.received_at):
            return refused
        if day.closed_because:
            return "no_white" if self.action == "white" else "closed"
        if self.whites and (self.action == "white" or day.key in self.white_again):
            return self.whites.ask(day.key) or "accepted"
        return "accepted"


def _refused(day: DayAsked, of_day: DayTerms, found: Judgement, received_at: datetime) -> str:
    """Tell why a day is refused by its hour, empty when it is not."""
    if not found.is_in_time:
        return "doubtful" if found.is_doubtful else "late"
    if not of_day.is_near(received_at):
        return "too_far"
    # Where the roll-call decides, the school has said who is there: a word of the family that comes after it is none.
    is_taken = day.confirmed_at is not None and received_at > day.confirmed_at
    return "taken" if is_taken and of_day.mode == "roll_call" else ""
