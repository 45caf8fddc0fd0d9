"""What a day was for a child: its facts, in whatever order they came, and what follows for table and purse."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeVar
from uuid import UUID

from campanella.domains.attendance.rules import Action, Mode, is_booked_by_default, is_due

DayState = Literal[
    "present", "absent", "cancelled", "unbooked", "closed", "not_enrolled", "no_service", "awaited", "to_come"
]

REQUEST, MARK, CORRECTION = 0, 1, 2
# What says whether a child is there: a tap, the hour at which it came in, a correction.
MARKS = ("marked", "arrived", "corrected")


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
