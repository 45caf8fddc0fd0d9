"""What a day was for a child: what the family asked, what the school marked, and what follows for table and purse."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from typing import Literal, Protocol, TypeVar
from uuid import UUID

DayState = Literal[
    "present", "absent", "cancelled", "unbooked", "closed", "not_enrolled", "no_service", "awaited", "to_come"
]
Mode = Literal["roll_call", "opt_out", "opt_in", "register"]
# What a family may ask for; to keep is to book what the register calls absent.
Action = Literal["cancel", "book", "white", "packed", "keep"]

# What may have an hour of its own, before the numbers close.
OWN = ("book", "white", "packed")

REQUEST, MARK, CORRECTION = 0, 1, 2
# What says whether a child is there: a tap, the hour at which it came in, a correction.
MARKS = ("marked", "arrived", "corrected")

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


@dataclass(frozen=True, slots=True)
class WhiteLimits:
    """
    How many white meals a family may ask for without a certificate (R3); 0 sets no limit.

    :ivar in_a_row: consecutive days of the service: closed days and weekends neither count nor break the run
    :ivar in_a_month: days of a calendar month
    """

    in_a_row: int
    in_a_month: int


@dataclass(frozen=True, slots=True)
class Fact:
    """
    An event of a child's day, as far as it decides the day; ``request`` is the one it belongs to.

    ``seq`` is the tablet's own count; of what came straight to the server, the order in which it was written.

    :ivar is_white: None for a mark that says nothing of the menu
    """

    kind: str
    level: int
    made_at: datetime
    event_id: UUID
    is_on: bool | None
    counts: bool = True
    device: int = 0
    seq: int = 0
    request: int = 0
    is_white: bool | None = False
    is_packed: bool = False
    is_late: bool = False

    @property
    def rank(self) -> tuple[int, datetime, int, int, UUID]:
        """Its place in the order that decides: strength, then the moment it was made; never the moment it arrived."""
        return self.level, self.made_at, self.device, self.seq, self.event_id

    def contradicts(self, other: "Fact") -> bool:
        """Tell whether two marks do not say the same of the table: there or not, with which menu where both speak of it."""
        is_of_menu = self.is_on and None not in (self.is_white, other.is_white)
        return self.is_on != other.is_on or (bool(is_of_menu) and self.is_white != other.is_white)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the family wants for a day; ``because`` is the request that decided, None for what the mode says."""

    is_booked: bool
    is_white: bool = False
    is_packed: bool = False
    because: Fact | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a day came to: there or not, charged or not, with which menu; ``because`` is the fact that decided."""

    is_present: bool
    is_due: bool
    is_white: bool
    is_late: bool
    because: Fact | None
    is_packed: bool = False


def own_hours(of: object) -> dict[str, tuple[time, int]]:
    """
    Return what is asked until an hour of its own, with that hour and how many days before.

    :param of: a rule, or what one says: of each such action ``<action>_cut_off`` and ``<action>_cut_off_days_before``
    """
    hours: dict[str, time | None] = {action: getattr(of, f"{action}_cut_off") for action in OWN}
    return {action: (hour, getattr(of, f"{action}_cut_off_days_before")) for action, hour in hours.items() if hour}


def wish_of(action: Action | Literal["undo"], *, is_white: bool, is_packed: bool) -> Wish:
    """
    Tell what an action wants of a day for which so much was wanted before: who asks for one thing more, or keeps the meal,
    keeps the rest; who books anew has the usual meal.
    """
    wants = {
        "cancel": Wish(False),
        "undo": Wish(False),
        "book": Wish(True),
        "white": Wish(True, True, is_packed),
        "packed": Wish(True, is_white, True),
        "keep": Wish(True, is_white, is_packed),
    }
    return wants[action]


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


def overruling(facts: Iterable[Fact], *, device: int) -> Fact | None:
    """Return the mark that decides in the place of this tablet's, None where its own last one does, or nobody's."""
    last = max((fact for fact in facts if fact.kind in MARKS and fact.counts), key=lambda fact: fact.rank, default=None)
    return last if last and last.device != device else None


def at_odds(facts: Iterable[Fact], *, new: Collection[UUID], device: int, since: datetime) -> tuple[Fact, Fact] | None:
    """
    Return a tablet's last new mark and somebody else's last one, where they say otherwise and neither could know of the
    other: the new one was made before it, or waited on the tablet while the other was made or came in.

    :param new: the marks that come in now
    :param since: who marks from then on sees what was there before
    """
    marks = sorted((fact for fact in facts if fact.kind in MARKS and fact.counts), key=lambda fact: fact.rank)
    mine = next((fact for fact in reversed(marks) if fact.device == device), None)
    other = next((fact for fact in reversed(marks) if fact.device != device and fact.level == MARK), None)
    if mine is None or other is None or mine.event_id not in new or not mine.contradicts(other):
        return None
    return (mine, other) if other.rank > mine.rank or mine.made_at < since else None


def wish(facts: Iterable[Fact], *, mode: Mode) -> Wish:
    """Fold what the family asked: its last request that counts and was not taken back, else what the mode says."""
    facts = list(facts)
    undone = {fact.request for fact in facts if fact.kind == "undone" and fact.counts}
    asked = [fact for fact in facts if fact.kind == "asked" and fact.counts and fact.request not in undone]
    last = max(asked, key=lambda fact: fact.rank, default=None)
    if last is None:
        return Wish(is_booked_by_default(mode))
    return Wish(bool(last.is_on), bool(last.is_white), last.is_packed, last)


def fold(facts: Iterable[Fact], *, mode: Mode) -> Outcome:
    """
    Fold everything that happened to a day of a child into what it came to, whatever the order in which it is given.

    The school's last word on who is there beats the family's; the family's timely word decides what is charged where meals
    are booked; a correction of the office beats both. So does a closure that gave the day back, until it is withdrawn: then
    the day's own facts stand again, as if it had never been.
    """
    facts = list({fact.event_id: fact for fact in facts}.values())
    wanted = wish(facts, mode=mode)
    kinds = (*MARKS, "closed") if is_given_back(facts) else MARKS
    marks = [fact for fact in facts if fact.kind in kinds and fact.counts]
    mark = max(marks, key=lambda fact: fact.rank, default=None)
    present = wanted.is_booked if mark is None else bool(mark.is_on)
    corrected = mark is not None and mark.level == CORRECTION
    due = present if corrected else is_due(mode=mode, is_booked=wanted.is_booked, is_present=present)
    return Outcome(
        is_present=present,
        is_due=due,
        is_white=present and is_white(mark, wanted),
        is_late=present and mark is not None and mark.is_late,
        because=mark or wanted.because,
        is_packed=present and wanted.is_booked and wanted.is_packed,
    )


def is_white(mark: Fact | None, wanted: Wish) -> bool:
    """
    Tell whether who eats has the white meal: the mark decides where it speaks of the menu, but of a wish that came after it
    a teacher could say nothing.

    :param mark: what decides who is there, None where nobody has said
    """
    if mark is None or mark.is_white is None:
        return wanted.is_white
    is_unknown_to_it = mark.level < CORRECTION and wanted.because is not None and wanted.because.made_at > mark.made_at
    return mark.is_white or (is_unknown_to_it and wanted.is_white)


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


class Told(Protocol):
    """Something on record of a day, with who said it."""

    @property
    def kind(self) -> str: ...
    @property
    def channel(self) -> str: ...
    @property
    def is_on(self) -> bool | None: ...
    @property
    def counts(self) -> bool: ...
    @property
    def against(self) -> UUID | None: ...


ToldT = TypeVar("ToldT", bound=Told)


def register_asks(events: Sequence[Told]) -> bool:
    """
    Tell whether the class register has the last word on a day, says absent, and the family has not been heard since: it is
    asked, once. Nobody is asked of a child that somebody at school has seen, before or after.

    :param events: what is on record of the day, in the order in which it came in
    """
    marks = [event for event in events if event.kind in MARKS and event.counts and event.is_on is not None]
    if not marks or marks[-1].channel != "register" or marks[-1].is_on or marks[-1].against:
        return False
    return not any(event.counts for event in answers_to_register(events))


def answers_to_register(events: Sequence[ToldT]) -> list[ToldT]:
    """
    Return what the family has asked, or taken back, since the register first called its child absent.

    One that counts answers it; one that was refused does not.
    """
    absences = (n for n, event in enumerate(events) if event.channel == "register" and event.is_on is False)
    first = next(absences, len(events))
    return [event for event in events[first:] if event.kind in ("asked", "undone")]


class Ranked(Protocol):
    """Something on record of a day, in the order that decides."""

    @property
    def kind(self) -> str: ...
    @property
    def rank(self) -> tuple[int, datetime, int, int, UUID]: ...


def is_given_back(facts: Iterable[Ranked]) -> bool:
    """
    Tell whether a closure has given a day back, and has not been withdrawn since, whatever the order of what is told.

    A day that was corrected in between is given back twice, and withdrawn once.
    """
    of_closures = (fact for fact in facts if fact.kind in ("closed", "opened"))
    last = max(of_closures, key=lambda fact: fact.rank, default=None)
    return last is not None and last.kind == "closed"


def white_refused(
    *, day: date, white: Collection[date], service_days: Collection[date], limits: WhiteLimits
) -> Literal["", "row", "month"]:
    """
    Tell which limit one more white meal would break, empty for none (R3).

    :param white: the days of the service with a white meal that was asked for and not taken back
    :param service_days: the days on which the child's class is served, around the one asked for
    """
    this_month = [other for other in white if (other.year, other.month) == (day.year, day.month) and other != day]
    if limits.in_a_month and len(this_month) >= limits.in_a_month:
        return "month"
    days = sorted({*service_days, day})
    at = days.index(day)
    before, after = reversed(days[:at]), days[at + 1 :]
    run = 1 + sum(1 for side in (before, after) for _ in takewhile(lambda other: other in white, side))
    return "row" if limits.in_a_row and run > limits.in_a_row else ""


def day_state(
    *,
    is_enrolled: bool,
    runs: bool,
    is_closed: bool,
    is_present: bool | None,
    is_future: bool,
    is_today: bool,
    wish: bool | None = None,
    is_booked_by_default: bool = True,
    is_due: bool = False,
) -> DayState:
    """
    Tell what one day was: what was charged, closures, what was marked, enrolment, weekdays, what the family wants.

    :param is_present: what the roll-call says, None when there was none
    :param is_due: whether it charges the day; a closed day that charges nobody is closed, whatever was marked
    :param is_today: today without a confirmed roll-call is awaited, a past day without one has no service
    :param wish: whether the family wants it, None when it has said nothing
    """
    if is_present:
        return "present"
    if is_closed and not is_due:
        return "closed"
    is_wanted = is_booked_by_default if wish is None else wish
    not_wanted: DayState = "cancelled" if is_booked_by_default else "unbooked"
    if is_present is not None:
        return "absent" if is_wanted or is_due else not_wanted
    if not is_enrolled:
        return "not_enrolled"
    if not runs:
        return "no_service"
    if not is_future and not is_today:
        return "no_service"
    if not is_wanted:
        return not_wanted
    return "to_come" if is_future else "awaited"
