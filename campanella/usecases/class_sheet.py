"""
The sheet of one class on one day, as a teacher holds it: look, tap, save, confirm.

Everybody is there until somebody taps; a tap is one statement and reaches the kitchen at once. What a page does not touch
stays as it is, so that two tablets on one class do not undo each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.accounts import queries as accounts
from campanella.domains.accounts.models import User
from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.models import RollCall
from campanella.domains.attendance.operations import NotOnTheSheet
from campanella.domains.attendance.queries import SheetLine
from campanella.domains.attendance.rules import Mark
from campanella.domains.schools import queries as schools
from campanella.domains.schools.models import ClassGroup
from campanella.domains.services.models import Service
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.scope import operation, use_case
from campanella.usecases import mealtime, serving

MOST_ADULTS = 99


class NotServed(NotFound):
    """The school does not have this service on this day, or the class is closed."""

    message = "Quel giorno in questa classe il servizio non c’è."


@dataclass(frozen=True)
class ClassSheet:
    """One class, one service, one day; ``closed_because`` says why nobody is expected."""

    class_group: ClassGroup
    service: Service
    day: date
    closed_because: str
    roll_call: RollCall | None
    lines: list[SheetLine]

    @property
    def confirmed_at(self) -> datetime | None:
        """When it was confirmed, None while it is open."""
        return self.roll_call.confirmed_at if self.roll_call else None

    def is_confirmed_after(self, instant: datetime) -> bool:
        """Tell whether it was confirmed after an instant, such as the closing time."""
        return self.confirmed_at is not None and self.confirmed_at > instant

    @property
    def adults(self) -> int:
        """Adults who eat with the class."""
        return self.roll_call.adults if self.roll_call else 0

    @property
    def present(self) -> int:
        """How many children are there; once it is confirmed, of those it has counted."""
        counted = [line for line in self.lines if not self.confirmed_at or line.is_present is not None]
        return sum(1 for line in counted if line.eats)

    @property
    def white(self) -> int:
        """How many of them have a white meal."""
        return sum(1 for line in self.lines if line.is_white)

    @property
    def absent(self) -> int:
        """How many children are not there."""
        return len(self.lines) - self.present

    def confirmed_by(self) -> str:
        """Return the name of who confirmed it: one query, empty for the software."""
        user_id = self.roll_call.confirmed_by_id if self.roll_call else None
        return accounts.user(user_id=user_id).display_name if user_id else ""


def of(*, user: User, class_group_id: int, service_code: str, day: date) -> ClassSheet:
    """
    Return the sheet of a class: two queries once the roll-call is confirmed, three while it is open, five before.

    :raises NotFound: another school's class
    :raises NotServed: the school does not have this service on that day
    """
    call = sheets.roll_call_seen_by(user=user, class_group_id=class_group_id, service_code=service_code, day=day)
    if call:
        # What is confirmed stays; a class closed in the middle of its roll-call stays at home.
        closed = "" if call.confirmed_at else _closed_because(call.class_group, day)
        lines = [] if closed else sheets.sheet(class_group_id=class_group_id, service_id=call.service_id, day=day)
        return ClassSheet(call.class_group, call.service, day, closed, call, lines)
    group = schools.class_for(user=user, class_group_id=class_group_id)
    today = serving.on(day=day)
    service = _service(today, group, service_code)
    closed = today.closed_because(school_id=group.school_id, class_group_id=group.pk)
    lines = [] if closed else sheets.sheet(class_group_id=group.pk, service_id=service.pk, day=day)
    return ClassSheet(group, service, day, closed, None, lines)


# Taps come by the thousand in the same minutes: they join the page's transaction without a savepoint of their own.
@operation
def tap(*, by: User, class_group_id: int, service_code: str, day: date, child_id: int, mark: Mark, now: datetime) -> None:
    """
    Mark one child by one tap: two statements, the first tap of a class three.

    :raises NotFound: another school's class, or nothing is served (``NotServed``)
    :raises AlreadyConfirmed: the roll-call is confirmed
    :raises NotOnTheSheet: the child is not expected in this class
    """
    call = _call_id(by=by, class_group_id=class_group_id, service_code=service_code, day=day)
    attendance.mark(by=by, roll_call_id=call, child_id=child_id, mark=mark, now=now)


@operation
def count_adults(*, by: User, class_group_id: int, service_code: str, day: date, adults: int) -> None:
    """
    Count the adults who eat with a class; the number is held between 0 and 99.

    :raises NotFound: another school's class, or nothing is served (``NotServed``)
    :raises AlreadyConfirmed: the roll-call is confirmed
    """
    call = _call_id(by=by, class_group_id=class_group_id, service_code=service_code, day=day)
    attendance.set_adults(by=by, roll_call_id=call, adults=_within(adults))


@use_case
def save(*, by: User, sheet: ClassSheet, changes: Mapping[int, Mark], adults: int | None, now: datetime) -> None:
    """
    Keep what a page says before it is confirmed: pages without JavaScript send everything at once.

    :param changes: by child, of those that the page has changed
    :param adults: None leaves them
    :raises NotOnTheSheet: one of them is not in this class
    :raises AlreadyConfirmed: the roll-call is confirmed
    """
    _known(sheet, changes)
    call = _begun(by=by, sheet=sheet)
    if changes:
        attendance.mark_many(by=by, roll_call=call, marks=changes, now=now)
    if adults is not None:
        attendance.set_adults(by=by, roll_call_id=call.pk, adults=_within(adults))


@use_case
def confirm(*, by: User, sheet: ClassSheet, changes: Mapping[int, Mark], adults: int | None, now: datetime) -> int:
    """
    Confirm the class and charge those who are there.

    :returns: how many are there
    :raises NotOnTheSheet: a changed child is not in this class
    :raises AlreadyConfirmed: it was confirmed before; nothing is charged twice
    """
    _known(sheet, changes)
    call = _begun(by=by, sheet=sheet)
    attendance.hold(roll_call_ids=[call.pk])
    if changes:
        attendance.mark_many(by=by, roll_call=call, marks=changes, now=now)
    # Read again under the hold: a tap of this second counts, one of the next is refused.
    lines = sheets.expected(class_group_ids=[call.class_group_id], service_id=call.service_id, day=sheet.day)
    absent = [child_id for child_id, _, mark in lines if mark is False]
    counted = None if adults is None else _within(adults)
    return mealtime.confirm(by=by, roll_call=call, absent_ids=absent, adults=counted, now=now)


@use_case
def correct_adults(*, by: User, sheet: ClassSheet, adults: int, reason: str, now: datetime) -> None:
    """
    Correct the number of adults after the confirmation; the number is held between 0 and 99.

    :raises ReasonMissing: without a reason
    :raises NotFound: the roll-call is not confirmed yet
    """
    if not reason.strip():
        raise mealtime.ReasonMissing
    if not sheet.roll_call:
        raise NotFound
    attendance.correct_adults(
        by=by, roll_call_id=sheet.roll_call.pk, adults=_within(adults), reason=reason.strip(), now=now
    )  # fmt: skip


def _call_id(*, by: User, class_group_id: int, service_code: str, day: date) -> int:
    call = sheets.roll_call_id_seen_by(user=by, class_group_id=class_group_id, service_code=service_code, day=day)
    if call:
        return call
    begun = attendance.begin_served(by=by, class_group_id=class_group_id, service_code=service_code, day=day)
    if begun is None:
        schools.class_for(user=by, class_group_id=class_group_id)
        raise NotServed
    return begun


def _begun(*, by: User, sheet: ClassSheet) -> RollCall:
    if sheet.roll_call:
        return sheet.roll_call
    group, service = sheet.class_group, sheet.service
    if not attendance.begin_served(by=by, class_group_id=group.pk, service_code=service.code, day=sheet.day):
        raise NotServed
    return attendance.begin(class_group=group, service=service, day=sheet.day)


def _service(today: serving.ServingDay, group: ClassGroup, code: str) -> Service:
    service = today.service(code=code, school_id=group.school_id)
    if service is None:
        raise NotServed
    return service


def _closed_because(group: ClassGroup, day: date) -> str:
    closures = schools.closures_between(first=day, last=day)
    closure = schools.closure_on(closures=closures, day=day, school_id=group.school_id, class_group_id=group.pk)
    return closure.reason if closure else ""


def _known(sheet: ClassSheet, changes: Mapping[int, Mark]) -> None:
    if not changes.keys() <= {line.child_id for line in sheet.lines}:
        raise NotOnTheSheet


def _within(adults: int) -> int:
    return min(max(adults, 0), MOST_ADULTS)
