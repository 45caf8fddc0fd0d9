"""Class sheets, a child's days, and the kitchen's numbers."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, Sum

from campanella.domains.accounts.models import User
from campanella.domains.attendance import statements
from campanella.domains.attendance.models import Presence, RollCall
from campanella.domains.schools import queries as schools
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id


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

    @property
    def eats(self) -> bool:
        """Nobody touches those who are there: untouched is present."""
        return self.is_present is not False


@dataclass(frozen=True)
class BoardLine:
    """
    One class on the kitchen's board.

    ``diets`` counts special menus by code among those who eat. ``white`` are white meals; a child with a diet who asks
    for one is in ``white_diets`` instead, by code, because the pot without gluten stays apart.
    """

    school_id: int
    school_name: str
    class_group_id: int
    class_name: str
    service_id: int
    expected: int
    eating: int
    adults: int
    diets: dict[str, int]
    confirmed_at: datetime | None
    begun: bool
    white: int
    white_diets: dict[str, int]

    @property
    def is_confirmed(self) -> bool:
        """A confirmed class no longer changes by itself."""
        return self.confirmed_at is not None

    @property
    def plain(self) -> int:
        """Children who eat the usual menu."""
        return self.eating - self.white - sum(self.diets.values()) - sum(self.white_diets.values())

    @property
    def total(self) -> int:
        """Meals to bring, adults included."""
        return self.eating + self.adults


@dataclass(frozen=True)
class Change:
    """What moved on the board: so many children of a class, there or not or with a white meal, at one moment."""

    at: datetime
    school_id: int
    school_name: str
    class_name: str
    is_present: bool
    is_white: bool
    children: int


@dataclass(frozen=True)
class DayMark:
    """What the roll-call of a day says of a child."""

    presence_id: int
    child_id: int
    service_id: int
    day: date
    is_present: bool
    is_white: bool
    is_late: bool
    marked_at: datetime
    confirmed_at: datetime | None
    confirmed_by_id: int | None


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
    found = sql.row(statements.CALL_ID, values)
    return int(found[0]) if found else None


def confirmed_classes(*, service_id: int, day: date) -> set[int]:
    """Return the classes whose roll-call for a service is confirmed: one query."""
    done = RollCall.objects.filter(day=day, service_id=service_id).exclude(confirmed_at=None)
    return set(done.values_list("class_group_id", flat=True))


def confirmed_between(*, first: date, last: date, school_id: int | None, class_group_id: int | None) -> int:
    """
    Count the roll-calls confirmed between two days, both included: one query.

    :param school_id: of this school, None for all
    :param class_group_id: of this class, None for all
    """
    done = RollCall.objects.filter(day__range=(first, last)).exclude(confirmed_at=None)
    if school_id:
        done = done.filter(class_group__school_id=school_id)
    if class_group_id:
        done = done.filter(class_group_id=class_group_id)
    return done.count()


def sheet(*, class_group_id: int, service_id: int, day: date) -> list[SheetLine]:
    """Return the children of a class enrolled in a service on a day, in the order of the register: one query."""
    values = {"town": active_town_id(), "classes": [class_group_id], "service": service_id, "day": day}
    return [SheetLine(*row) for row in sql.rows(statements.SHEET, values)]


def expected(*, class_group_ids: Sequence[int], service_id: int, day: date) -> list[tuple[int, int, bool | None]]:
    """Return (child, class, mark so far) for everybody expected in these classes: one query."""
    values = {"town": active_town_id(), "classes": list(class_group_ids), "service": service_id, "day": day}
    return [(a, b, c) for a, b, c in sql.rows(statements.EXPECTED, values)]


def board(*, day: date, service_ids: Sequence[int], class_group_ids: Sequence[int] | None = None) -> list[BoardLine]:
    """
    Return the kitchen's numbers of a day by class, open classes included: one query.

    Days without service are not known here; ``usecases.serving`` leaves them out.

    :param class_group_ids: only these classes, None for the whole town
    """
    classes = None if class_group_ids is None else list(class_group_ids)
    values = {"town": active_town_id(), "services": list(service_ids), "day": day, "classes": classes}
    return [_board_line(row) for row in sql.rows(statements.BOARD, values)]


def board_version(*, day: date) -> str:
    """
    Return a token that changes whenever the board of a day changes: one look-up of the day's roll-calls.

    Changes are counted under each class's lock, so that a tap made earlier but committed later changes the token too.
    """
    calls = RollCall.objects.filter(day=day).aggregate(calls=Count("id"), changes=Sum("changes"))
    return f"{calls['calls']}-{calls['changes'] or 0}"


def last_changes(*, day: date, service_ids: Sequence[int], limit: int = 6) -> list[Change]:
    """
    Return what changed last, newest first: one query.

    Everybody is expected: who is there with the usual menu is a change only when corrected after the confirmation.
    """
    rows = Presence.objects.filter(roll_call__day=day, roll_call__service_id__in=list(service_ids))
    is_corrected = Q(marked_at__gt=F("roll_call__confirmed_at"))
    rows = rows.filter(Q(is_present=False) | Q(is_white=True) | is_corrected)
    group = (
        F("roll_call__class_group__school_id"),
        F("roll_call__class_group__school__name"),
        F("roll_call__class_group__name"),
    )
    grouped = rows.values_list("marked_at", *group, "is_present", "is_white")
    counted = grouped.annotate(children=Count("id")).order_by("-marked_at", "is_present", "is_white")
    return [Change(*row) for row in counted[:limit]]


def marks_of(*, child_id: int, first: date, last: date) -> list[DayMark]:
    """Return what the roll-calls say of a child between two days, both included: one query."""
    rows = Presence.objects.filter(child_id=child_id, day__range=(first, last)).select_related("roll_call")
    return [_mark(row) for row in rows.order_by("day", "service_id")]


def marks_on(*, child_ids: Sequence[int], day: date) -> list[DayMark]:
    """Return what the roll-calls of one day say of these children: one query."""
    rows = Presence.objects.filter(child_id__in=child_ids, day=day).select_related("roll_call")
    return [_mark(row) for row in rows.order_by("service_id")]


def marks_by_id(*, presence_ids: Iterable[int]) -> dict[int, DayMark]:
    """Return presences by id, for explaining charges: one query."""
    rows = Presence.objects.filter(pk__in=list(presence_ids)).select_related("roll_call")
    return {row.pk: _mark(row) for row in rows}


def present_by_day(*, service_ids: Sequence[int], first: date, last: date) -> dict[date, int]:
    """Count who was there by confirmed roll-calls, both days included; a day without any is missing. One query."""
    confirmed = Presence.objects.filter(is_present=True, roll_call__confirmed_at__isnull=False)
    rows = confirmed.filter(service_id__in=list(service_ids), day__range=(first, last))
    return dict(rows.values_list("day").annotate(n=Count("pk")).order_by("day"))


def children_of_roll_calls(*, roll_call_ids: Sequence[int]) -> list[int]:
    """Return everybody present in these roll-calls."""
    rows = Presence.objects.filter(roll_call_id__in=list(roll_call_ids), is_present=True)
    return list(rows.values_list("child_id", flat=True))


def _board_line(row: Sequence[Any]) -> BoardLine:
    cells = list(row)
    # Django hands jsonb over as text to statements written by hand.
    cells[8], cells[12] = json.loads(cells[8]), json.loads(cells[12])
    return BoardLine(*cells)


def _mark(row: Presence) -> DayMark:
    call = row.roll_call
    return DayMark(
        row.pk, row.child_id, row.service_id, row.day, row.is_present, row.is_present and row.is_white,
        row.is_present and row.is_late, row.marked_at, call.confirmed_at, call.confirmed_by_id,
    )  # fmt: skip
