"""Class sheets, a child's days, and the kitchen's numbers."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.db.models import Count

from campanella.domains.accounts.models import User
from campanella.domains.attendance.models import Presence, RollCall
from campanella.domains.attendance.statements import marking, sheets
from campanella.domains.schools import queries as schools
from campanella.domains.services.models import Service
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id

# Up to so many classes are looked up one by one; a school's or a town's are joined whole.
FEW_CLASSES = 20


@dataclass(frozen=True)
class SheetLine:
    """A child on the sheet of its class; ``is_present`` None means nobody has touched it yet."""

    child_id: int
    given_name: str
    family_name: str
    is_present: bool | None
    diet_code: str
    is_white: bool = False
    is_late: bool = False
    birth_date: date | None = None
    # What is booked, and whether the family has said so itself.
    is_booked: bool = True
    is_asked: bool = False
    is_packed: bool = False
    # When the family has cancelled the day, as its cancellation was received.
    cancelled_at: datetime | None = None
    # The family has said one thing, the school marks another, and the office has not decided.
    is_at_odds: bool = False
    # When it went home, and came in, where somebody wrote that down.
    left: time | None = None
    arrived: time | None = None

    @property
    def eats(self) -> bool:
        """Nobody touches those who are as booked."""
        return self.is_booked if self.is_present is None else self.is_present

    @property
    def is_taken_out(self) -> bool:
        """It is booked, and somebody at school has marked it absent: what *Tutti presenti* takes back."""
        return self.is_booked and self.is_present is False

    @property
    def is_cancelled(self) -> bool:
        """The family has cancelled the day."""
        return self.is_asked and not self.is_booked


class MenuKey(NamedTuple):
    """What is cooked apart: a diet by its code (empty for none), in white, packed, or more than one of them."""

    code: str
    is_white: bool
    is_packed: bool


@dataclass(frozen=True)
class BoardLine:
    """
    One class on the kitchen's board.

    ``menus`` counts what is cooked apart among those who eat: the white meal of a child with a diet stays apart from the
    white meal of the others, for the pot without gluten does.
    """

    school_id: int
    school_name: str
    class_group_id: int
    class_name: str
    service_id: int
    expected: int
    eating: int
    adults: int
    confirmed_at: datetime | None
    begun: bool
    menus: dict[MenuKey, int]

    @property
    def is_confirmed(self) -> bool:
        """A confirmed class no longer changes by itself."""
        return self.confirmed_at is not None

    @property
    def plain(self) -> int:
        """Children who eat the usual menu."""
        return self.eating - sum(self.menus.values())

    @property
    def total(self) -> int:
        """Meals to bring, adults included."""
        return self.eating + self.adults


class ClassTally(NamedTuple):
    """One class and service on one day in numbers; ``begun`` once somebody at school has marked it."""

    school_id: int
    school_name: str
    class_group_id: int
    class_name: str
    service_id: int
    expected: int
    eating: int
    adults: int
    confirmed_at: datetime | None
    begun: bool

    @property
    def is_confirmed(self) -> bool:
        """A confirmed class no longer changes by itself."""
        return self.confirmed_at is not None


@dataclass(frozen=True)
class DayMark:
    """
    What the roll-call of a day says of a child.

    :ivar arrived: when it came in, where somebody wrote that down, as ``left`` when it went home
    :ivar service: the service whole, where it was read with the mark
    """

    presence_id: int
    child_id: int
    service_id: int
    day: date
    is_present: bool
    is_due: bool
    is_white: bool
    is_late: bool
    marked_at: datetime
    confirmed_at: datetime | None
    confirmed_by_id: int | None
    arrived: time | None
    left: time | None
    service: Service | None = None


def roll_call(*, class_group_id: int, service_id: int, day: date) -> RollCall | None:
    """Return the roll-call of a class, if somebody has begun it."""
    return RollCall.objects.filter(class_group_id=class_group_id, service_id=service_id, day=day).first()


def roll_call_seen_by(*, user: User, class_group_id: int, service_code: str, day: date) -> RollCall | None:
    """Return the roll-call of a class that somebody has begun, if this member of staff works there: one query."""
    calls = RollCall.objects.filter(class_group_id=class_group_id, service__code=service_code, day=day)
    seen = calls.filter(schools.seen_by(user=user, school="class_group__school_id"))
    return seen.select_related("service", "class_group__school").first()


def roll_call_id_seen_by(*, user: User, class_group_id: int, service_code: str, day: date) -> int | None:
    """
    Return only the id of what ``roll_call_seen_by`` finds: one statement written by hand, for taps.

    None too when the class has been closed since it was begun.
    """
    values = {"town": active_town_id(), "class": class_group_id, "service": service_code, "day": day, "by": user.pk}
    found = sql.row(marking.CALL_ID, values)
    return int(found[0]) if found else None


def confirmed_classes(*, service_id: int, day: date) -> set[int]:
    """Return the classes whose roll-call for a service is confirmed: one query."""
    done = RollCall.objects.filter(day=day, service_id=service_id).exclude(confirmed_at=None)
    return set(done.values_list("class_group_id", flat=True))


def sheet(*, class_group_id: int, service_id: int, day: date) -> list[SheetLine]:
    """Return the children of a class enrolled in a service on a day, in the order of the register: one query."""
    return sheet_of(class_group_ids=[class_group_id], service_id=service_id, day=day)


def sheet_of(*, class_group_ids: Sequence[int], service_id: int, day: date) -> list[SheetLine]:
    """Return the children of some classes enrolled in a service on a day, by their names: one query."""
    values = {"town": active_town_id(), "classes": list(class_group_ids), "service": service_id, "day": day}
    return [SheetLine(*row) for row in sql.rows(sheets.SHEET, values)]


class Expected(NamedTuple):
    """
    A child expected in a class.

    :ivar mark: what was tapped so far, None when nobody has touched it
    :ivar is_settled: another roll-call of the day is confirmed with it: it changes by a correction only
    :ivar wish: what the family has asked, None when nothing
    """

    child_id: int
    class_group_id: int
    mark: bool | None
    is_settled: bool
    wish: bool | None
    is_white: bool


def expected(*, class_group_ids: Sequence[int], service_id: int, day: date) -> list[Expected]:
    """Return everybody expected in these classes: one query."""
    values = {"town": active_town_id(), "classes": list(class_group_ids), "service": service_id, "day": day}
    if len(class_group_ids) <= FEW_CLASSES:
        return [Expected(*row) for row in sql.rows(sheets.EXPECTED, values)]
    with sql.reading_everything():
        return [Expected(*row) for row in sql.rows(sheets.EXPECTED_IN_TOWN, values)]


def board(*, day: date, service_ids: Sequence[int], class_group_ids: Sequence[int] | None = None) -> list[BoardLine]:
    """
    Return the kitchen's numbers of a day by class, open classes included: one query.

    Days without service are not known here; ``readings.serving`` leaves them out.

    :param class_group_ids: only these classes, None for the whole town
    """
    classes = None if class_group_ids is None else list(class_group_ids)
    values = {"town": active_town_id(), "services": list(service_ids), "day": day, "classes": classes}
    return [_board_line(row) for row in sql.rows(sheets.BOARD, values)]


def tallies(*, day: date, service_ids: Sequence[int], class_group_ids: Sequence[int] | None = None) -> list[ClassTally]:
    """
    Return the numbers of a day by class without its menus, as the board counts them: one query.

    :param class_group_ids: only these classes, None for the whole town
    """
    classes = None if class_group_ids is None else list(class_group_ids)
    values = {"town": active_town_id(), "services": list(service_ids), "day": day, "classes": classes}
    if classes is not None and len(classes) <= FEW_CLASSES:
        return [ClassTally(*row) for row in sql.rows(sheets.TALLY, values)]
    with sql.reading_everything():
        return [ClassTally(*row) for row in sql.rows(sheets.TALLY, values)]


def marks_of(*, child_id: int, first: date, last: date) -> list[DayMark]:
    """Return what the roll-calls say of a child between two days, both included: one query."""
    rows = Presence.objects.filter(child_id=child_id, day__range=(first, last)).select_related("roll_call")
    return [_mark(row) for row in rows.order_by("day", "service_id")]


def charged_days(*, child_ids: Sequence[int], service_id: int, first: date, last: date) -> list[DayMark]:
    """Return which days of these children are charged by confirmed roll-calls, both included, by day: one query."""
    rows = Presence.objects.filter(child_id__in=child_ids, service_id=service_id, day__range=(first, last), is_due=True)
    confirmed = rows.exclude(roll_call__confirmed_at=None).select_related("roll_call")
    return [_mark(row) for row in confirmed.order_by("day", "child_id")]


def days_due(*, service_id: int, first: date, last: date) -> dict[int, int]:
    """Return by child how many days of a service confirmed roll-calls charge between two days, both included: one query."""
    rows = Presence.objects.filter(service_id=service_id, day__range=(first, last), is_due=True)
    counted = rows.exclude(roll_call__confirmed_at=None).values_list("child_id").annotate(days=Count("id"))
    return dict(counted.order_by("child_id"))


def due_between(
    *, first: date, last: date, school_id: int | None, class_group_id: int | None, service_ids: Sequence[int] | None
) -> list[DayMark]:
    """
    Return whom the roll-calls confirmed between two days charge, both included: one query.

    :param school_id: of this school, None for all; so for the class and the services
    """
    rows = Presence.objects.filter(day__range=(first, last), is_due=True).exclude(roll_call__confirmed_at=None)
    if school_id:
        rows = rows.filter(roll_call__class_group__school_id=school_id)
    if class_group_id:
        rows = rows.filter(roll_call__class_group_id=class_group_id)
    if service_ids is not None:
        rows = rows.filter(service_id__in=service_ids)
    return [_mark(row) for row in rows.select_related("roll_call").order_by("day", "child_id", "service_id")]


def children_called(
    *, first: date, last: date, school_id: int | None, class_group_id: int | None, service_ids: Sequence[int] | None
) -> set[int]:
    """Return the children in the roll-calls of these days and of this place, charged or not: one query."""
    rows = Presence.objects.filter(day__range=(first, last))
    if school_id:
        rows = rows.filter(roll_call__class_group__school_id=school_id)
    if class_group_id:
        rows = rows.filter(roll_call__class_group_id=class_group_id)
    if service_ids is not None:
        rows = rows.filter(service_id__in=service_ids)
    return set(rows.values_list("child_id", flat=True))


def marks_on(*, child_ids: Sequence[int], day: date) -> list[DayMark]:
    """Return what the roll-calls of one day say of these children: one query."""
    rows = Presence.objects.filter(child_id__in=child_ids, day=day).select_related("roll_call")
    return [_mark(row) for row in rows.order_by("service_id")]


def marks_between(*, child_ids: Sequence[int], service_id: int | None, first: date, last: date) -> list[DayMark]:
    """
    Return what confirmed roll-calls say of these children between two days, both included: one query.

    :param service_id: None for all services
    """
    rows = Presence.objects.filter(child_id__in=child_ids, day__range=(first, last)).exclude(roll_call__confirmed_at=None)
    mine = rows if service_id is None else rows.filter(service_id=service_id)
    return [_mark(row) for row in mine.select_related("roll_call").order_by("day")]


def marks_by_id(*, presence_ids: Iterable[int]) -> dict[int, DayMark]:
    """Return presences by id with their services, for explaining charges: one query."""
    rows = Presence.objects.filter(pk__in=list(presence_ids)).select_related("roll_call", "service")
    return {row.pk: _mark(row, row.service) for row in rows}


def present_by_day(*, service_ids: Sequence[int], first: date, last: date) -> dict[date, int]:
    """Count who was there by confirmed roll-calls, both days included; a day without any is missing. One query."""
    confirmed = Presence.objects.filter(is_present=True, roll_call__confirmed_at__isnull=False)
    rows = confirmed.filter(service_id__in=list(service_ids), day__range=(first, last))
    return dict(rows.values_list("day").annotate(n=Count("pk")).order_by("day"))


def _board_line(row: Sequence[Any]) -> BoardLine:
    cells = list(row)
    # Django hands jsonb over as text to statements written by hand.
    cells[-1] = {MenuKey(*key): count for *key, count in json.loads(cells[-1])}
    return BoardLine(*cells)


def _mark(row: Presence, service: Service | None = None) -> DayMark:
    call = row.roll_call
    return DayMark(
        row.pk,
        row.child_id,
        row.service_id,
        row.day,
        row.is_present,
        row.is_due,
        row.is_present and row.is_white,
        row.is_present and row.is_late,
        row.marked_at,
        call.confirmed_at,
        call.confirmed_by_id,
        row.arrived,
        row.left,
        service,
    )
