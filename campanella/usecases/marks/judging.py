"""
How marks of a tablet are judged under the locks: whether they change the day, what holds instead, whom they contradict.

Nothing is written here. What is on record and changes nothing is kept with a sentence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from campanella.domains.accounts.models import Device
from campanella.domains.attendance import hours
from campanella.domains.attendance.fact_rules import CORRECTION, Fact, at_odds, overruling
from campanella.domains.attendance.folding import DayOfChild
from campanella.domains.attendance.operations import Call
from campanella.domains.attendance.receiving import Answer, Said
from campanella.domains.attendance.rules import leaves_before_the_meal, mark_counts
from campanella.foundation.core import clock
from campanella.foundation.core.italian import at_time
from campanella.usecases.marks.placing import CLOSED, Placed

LATE = "È di dopo le {until}, a numeri confermati: lo vede l’ufficio, l’appello non cambia."
NEWER = "Vale un altro segno, più recente, delle {at}."
CORRECTED = "Vale la correzione dell’ufficio delle {at}."
BEFORE_ENTRY = "L’uscita delle {left} è prima dell’entrata delle {arrived}: segna di nuovo l’ora."
GOES_NOW = timedelta(minutes=10)
# Whoever marks later than that after the tap could not see it: the tablet was without network.
SEEN_WITHIN = timedelta(minutes=1)


def said(
    *, placed: Sequence[Placed], device: Device, calls: Mapping[int, Call], days: Mapping[int, DayOfChild], now: datetime
) -> list[Said]:
    """
    Judge marks of one service and day under the locks, and say how they go on record.

    :param calls: the roll-calls that are held, by class
    :param days: of the children whose marks may count, before these marks
    """
    first = [_said_alone(one, calls.get(one.class_group_id)) for one in placed]
    facts: dict[int, list[Fact]] = {}
    for one in first:
        if one.child_id:
            facts.setdefault(one.child_id, []).append(one.fact(device_id=device.pk))
    beside = {
        child: _Beside.of([*days[child].facts, *mine], mine, device, now) for child, mine in facts.items() if child in days
    }
    return [beside[one.child_id].told(one) if one.child_id in beside else one for one in first]


def hour_refused(*, left: time | None, arrived: time | None) -> str:
    """Say why a child cannot have left at that hour, empty where it can."""
    if left is None or arrived is None or not hours.refused(left=left, arrived=arrived):
        return ""
    return BEFORE_ENTRY.format(left=f"{left:%-H:%M}", arrived=f"{arrived:%-H:%M}")


@dataclass(frozen=True)
class _Beside:
    """
    What stands beside the marks of a child that a tablet hands in.

    :ivar over: somebody else's mark that decides in their place
    :ivar odds: the last of them, and somebody else's that says otherwise without either knowing of the other
    """

    over: Fact | None
    odds: tuple[Fact, Fact] | None

    @classmethod
    def of(cls, facts: Sequence[Fact], mine: Sequence[Fact], device: Device, now: datetime) -> "_Beside":
        new = {fact.event_id for fact in mine}
        odds = at_odds(facts, new=new, device=device.pk, since=now - SEEN_WITHIN)
        return cls(overruling(facts, device=device.pk), odds)

    def told(self, one: Said) -> Said:
        """Say of a mark that counts what holds in its place, and whom it contradicts."""
        if not one.counts or one.is_on is None:
            return one
        answer = one.answer
        if self.over:
            words = CORRECTED if self.over.level == CORRECTION else NEWER
            answer = Answer("kept", words.format(at=at_time(self.over.made_at)))
        against = self.odds[1].event_id if self.odds and self.odds[0].event_id == one.key.event_id else None
        return replace(one, answer=answer, against=against)


def _said_alone(placed: Placed, call: Call | None) -> Said:
    """Say of a mark whether it came in time, whatever else is on record."""
    if placed.kept or call is None:
        return placed.said(Answer("kept", placed.kept), counts=False)
    if call.is_closed:
        # Entered after the mark was looked at, before its roll-call was held.
        return placed.said(Answer("kept", CLOSED.format(reason=call.closed_because)), counts=False)
    made_at = min(placed.clocked or placed.made_at, placed.made_at)
    handed, is_of_today = placed.handed, clock.day_of(made_at) == placed.handed.day
    mark = handed.mark
    if handed.kind == "left" and handed.hour and is_of_today:
        goes = leaves_before_the_meal(
            kind=placed.kind_of_service,
            # A tablet says who goes now; an hour that is still to come says nothing of the meal before it.
            eats_first=handed.hour > (made_at + GOES_NOW).astimezone(clock.ROME).time(),
            made_at=made_at,
            marks_until=placed.marks_until,
            confirmed_at=call.confirmed_at,
        )
        return placed.said(Answer("accepted"), counts=True, takes_away=goes)
    takes_away = not is_of_today or (mark is not None and not mark.is_present)
    if not mark_counts(
        takes_away=takes_away, made_at=made_at, marks_until=placed.marks_until, confirmed_at=call.confirmed_at
    ):
        return placed.said(Answer("kept", LATE.format(until=at_time(placed.marks_until))), counts=False)
    return placed.said(Answer("accepted"), counts=True)
