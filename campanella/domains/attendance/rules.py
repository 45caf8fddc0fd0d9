"""How a day is asked for: which terms hold in a school, and whether what is asked, or marked, came in time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Literal

Mode = Literal["roll_call", "opt_out", "opt_in", "register"]
# What a family may ask for; to keep is to book what the register calls absent.
Action = Literal["cancel", "book", "white", "packed", "keep"]

# What may have an hour of its own, before the numbers close.
OWN = ("book", "white", "packed")

# Adults who eat with one class: more are a slip of the finger.
MOST_ADULTS = 99

LAST_HOUR = timedelta(minutes=60)
# Beats come every few seconds: a longer silence than this was an outage.
A_HOLE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Mark:
    """
    One child on the sheet, as a teacher marks it.

    :param is_white: eats the white meal, or False the usual one; None says nothing of it, and what the family wants stays
    :param is_late: is not there yet, but comes in time to eat
    """

    is_present: bool
    is_white: bool | None = None
    is_late: bool = False

    @classmethod
    def of(cls, *, is_present: bool, is_white: bool | None, is_late: bool) -> "Mark":
        """Return the mark; who is absent has neither menu nor hour."""
        return cls(is_present, is_white if is_present else None, is_present and is_late)


@dataclass(frozen=True, slots=True)
class DayTerms:
    """
    How one day of a service goes in a school.

    :ivar own: the last instant for what is asked until an hour of its own, earlier than the cut-off
    :ivar cut_off: the last instant at which a family's request counts, that instant included
    :ivar marks_until: the last instant of a school's mark that counts, of a day that is confirmed too
    :ivar horizon_days: how many days ahead a family may ask, None as far as the service runs
    :ivar opens: the first instant at which a family's request counts, that instant included; None for no first one
    :ivar is_known: the rule was there at the cut-off; a day of one that was entered later is charged by nobody but a person
    """

    mode: Mode
    cut_off: datetime
    marks_until: datetime
    horizon_days: int | None = None
    is_known: bool = True
    opens: datetime | None = None
    own: Mapping[str, datetime] = field(default_factory=dict)

    def is_near(self, now: datetime) -> bool:
        """Tell whether the day may be asked for already."""
        return self.opens is None or now >= self.opens

    def cut_off_of(self, action: Action | Literal["undo"], *, is_wanted: bool) -> datetime:
        """
        Return the last instant at which an action counts.

        A booking has an hour of its own only where a day is booked at all; who asks for a menu of a day that is not booked
        books it, and keeps to both hours.

        :param is_wanted: the day is booked already
        """
        books = self.mode == "opt_in" and not is_wanted and action in ("book", "white", "packed")
        own = [self.own[action]] if action in ("white", "packed") and action in self.own else []
        if books and "book" in self.own:
            own.append(self.own["book"])
        return min([self.cut_off, *own])

    @property
    def is_booked(self) -> bool:
        """Whether a child eats of whom nobody has said anything."""
        return is_booked_by_default(self.mode)


@dataclass(frozen=True, slots=True)
class Offline:
    """
    What a town grants to a tap made without network.

    :ivar grace: how long after the cut-off it may arrive; nothing at all where the receipt alone counts
    :ivar error: how wrong the phone's clock may be
    """

    grace: timedelta
    error: timedelta


@dataclass(frozen=True, slots=True)
class Judgement:
    """
    Whether a request came in time.

    :ivar by_tap: judged by the corrected moment of the tap, not by its receipt
    :ivar is_doubtful: the phone's clock is too wrong to be believed: the office sees both moments
    """

    is_in_time: bool
    by_tap: bool = False
    is_doubtful: bool = False


def own_hours(of: object) -> dict[str, tuple[time, int]]:
    """
    Return what is asked until an hour of its own, with that hour and how many days before.

    :param of: a rule, or what one says: of each such action ``<action>_cut_off`` and ``<action>_cut_off_days_before``
    """
    hours: dict[str, time | None] = {action: getattr(of, f"{action}_cut_off") for action in OWN}
    return {action: (hour, getattr(of, f"{action}_cut_off_days_before")) for action, hour in hours.items() if hour}


def is_booked_by_default(mode: Mode) -> bool:
    """Tell whether a child eats of whom nobody has said anything."""
    return mode != "opt_in"


def pays_by_booking(mode: Mode) -> bool:
    """Tell whether the family's word decides what is charged, rather than the school's."""
    return mode in ("opt_out", "opt_in")


def is_due(*, mode: Mode, is_booked: bool, is_present: bool) -> bool:
    """Tell whether a day is charged (R1): who eats pays and, where meals are booked, who did not cancel in time."""
    return is_present or (pays_by_booking(mode) and is_booked)


def judge(
    *, received_at: datetime, tapped_at: datetime | None, error: timedelta, terms: DayTerms, offline: Offline
) -> Judgement:
    """
    Judge when a request came. Its receipt decides; a tap made without network counts by its own corrected moment where
    the town grants it (R2).

    :param tapped_at: corrected by the error of the phone's clock, None for a request made with network
    :param error: of the phone's clock, measured at contact
    """
    if received_at <= terms.cut_off:
        return Judgement(is_in_time=True)
    if tapped_at is None or not offline.grace or received_at > terms.cut_off + offline.grace:
        return Judgement(is_in_time=False)
    if abs(error) > offline.error:
        return Judgement(is_in_time=False, is_doubtful=True)
    return Judgement(is_in_time=tapped_at <= terms.cut_off, by_tap=True)


def mark_counts(*, takes_away: bool, made_at: datetime, marks_until: datetime, confirmed_at: datetime | None) -> bool:
    """
    Tell whether a school's mark changes the day: made before the class was confirmed, or before marks end. Who comes later
    than that eats all the same, and is an addition; only who is called absent then was cooked for, and stays.

    :param takes_away: it says that a child is absent
    :param made_at: its corrected moment
    """
    return not takes_away or confirmed_at is None or made_at <= max(marks_until, confirmed_at)


def leaves_before_the_meal(
    *, kind: str, eats_first: bool, made_at: datetime, marks_until: datetime, confirmed_at: datetime | None
) -> bool:
    """
    Tell whether the meal of who goes home is taken off: told while a mark may still do so. Later it was cooked for, and a
    nursery's day, or a ride, is not of an hour: there only the hour is kept.

    :param kind: of the service
    :param eats_first: it goes after the meal
    :param made_at: when it was told, corrected
    """
    is_told_in_time = mark_counts(takes_away=True, made_at=made_at, marks_until=marks_until, confirmed_at=confirmed_at)
    return kind == "meal" and not eats_first and is_told_in_time


def moved_by_outage(
    *, beats: Sequence[datetime], now: datetime, cut_off: datetime, extra: timedelta = timedelta()
) -> datetime | None:
    """
    Tell where a cut-off moves because the pages could not be reached in its last hour, None when they could (R2).

    :param beats: instants at which the pages could be reached, in order, from the last one before that hour
    :param extra: by how much it moves; nothing is as long as the outage lasted inside that hour
    """
    if not beats:
        return None
    begin = cut_off - LAST_HOUR
    ends = [*beats[1:], now]
    holes = [(first, then) for first, then in zip(beats, ends, strict=True) if then - first > A_HOLE]
    lost = sum((max(min(then, cut_off) - max(first, begin), timedelta()) for first, then in holes), timedelta())
    return cut_off + (extra or lost) if lost else None
