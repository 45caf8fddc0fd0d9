"""
The sheet of one class on one day, as a teacher works on it: tap, save, confirm, correct.

Everybody is there until somebody taps; a tap is one statement and reaches the kitchen at once. What a page does not touch
stays as it is, so that two tablets on one class do not undo each other.
"""

from collections.abc import Mapping
from datetime import date, datetime

from campanella.domains.accounts.models import User
from campanella.domains.attendance import correcting
from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.models import RollCall
from campanella.domains.attendance.operations import NotOnTheSheet
from campanella.domains.attendance.rules import MOST_ADULTS, Mark
from campanella.domains.schools import queries as schools
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.scope import operation, use_case
from campanella.readings.class_sheet import ClassSheet, NotServed
from campanella.usecases import mealtime


class TooManyAdults(Refusal):
    """More adults than eat with a class."""

    message = f"Scrivi quanti adulti mangiano, da 0 a {MOST_ADULTS}: non è stato salvato nulla."


# Taps come by the thousand in the same minutes: they join the page's transaction without a savepoint of their own.
@operation
def tap(*, by: User, class_group_id: int, service_code: str, day: date, child_id: int, mark: Mark, now: datetime) -> None:
    """
    Mark one child by one tap: one statement, the first tap of a class four.

    :raises NotFound: another school's class, or nothing is served (``NotServed``)
    :raises AlreadyConfirmed: the roll-call is confirmed
    :raises NotOnTheSheet: the child is not expected in this class
    :raises SettledElsewhere: it is in another roll-call of that day, which is confirmed
    """
    if not attendance.tap(
        by=by, class_group_id=class_group_id, service_code=service_code, day=day, child_id=child_id, mark=mark, now=now
    ):
        # The first tap of a class begins its roll-call; for any other this says why it was refused.
        call = _call_id(by=by, class_group_id=class_group_id, service_code=service_code, day=day)
        attendance.mark(by=by, roll_call_id=call, child_id=child_id, mark=mark, now=now)


@operation
def count_adults(*, by: User, class_group_id: int, service_code: str, day: date, adults: int, now: datetime) -> None:
    """
    Count the adults who eat with a class.

    :raises NotFound: another school's class, or nothing is served (``NotServed``)
    :raises AlreadyConfirmed: the roll-call is confirmed
    :raises TooManyAdults: more than 99
    """
    call = _call_id(by=by, class_group_id=class_group_id, service_code=service_code, day=day)
    attendance.set_adults(by=by, roll_call_id=call, adults=_checked(adults), now=now)


@use_case
def save(*, by: User, sheet: ClassSheet, changes: Mapping[int, Mark], adults: int | None, now: datetime) -> None:
    """
    Keep what a page says before it is confirmed: pages without JavaScript send everything at once.

    :param changes: by child, of those that the page has changed
    :param adults: None leaves them
    :raises NotOnTheSheet: one of them is not in this class
    :raises AlreadyConfirmed: the roll-call is confirmed
    :raises SettledElsewhere: one of them is in another roll-call that is confirmed
    :raises TooManyAdults: more than 99
    """
    _known(sheet, changes)
    call = _begun(by=by, sheet=sheet)
    if changes:
        attendance.mark_many(by=by, roll_call=call, marks=changes, now=now)
    if adults is not None:
        attendance.set_adults(by=by, roll_call_id=call.pk, adults=_checked(adults), now=now)


@use_case
def confirm(*, by: User, sheet: ClassSheet, changes: Mapping[int, Mark], adults: int | None, now: datetime) -> int:
    """
    Confirm the class and charge those who are there.

    :returns: how many are there
    :raises NotOnTheSheet: a changed child is not in this class
    :raises AlreadyConfirmed: it was confirmed before; nothing is charged twice
    :raises ClosedMeanwhile: the class has been closed
    :raises SettledElsewhere: a changed child is in another roll-call that is confirmed
    :raises TooManyAdults: more than 99
    """
    _known(sheet, changes)
    return mealtime.confirm(
        by=by,
        roll_call=sheet.roll_call or RollCall(class_group=sheet.class_group, service=sheet.service, day=sheet.day),
        absent_ids=[],
        changes=changes,
        adults=None if adults is None else _checked(adults),
        now=now,
    )


@use_case
def enter_from_paper(
    *, by: Actor, sheet: ClassSheet, states: Mapping[int, Mark], adults: int | None, now: datetime, channel: str = "office"
) -> int:
    """
    Confirm a roll-call that was made on paper, and charge those who are there.

    Paper says how every child is, whatever was tapped before or the family has asked: each is put on record.

    :param states: by child; who is missing stays as the sheet says
    :param channel: who copies it: the office, or the school on its page
    :returns: how many are there
    :raises AlreadyConfirmed: it was confirmed before; nothing is charged twice
    :raises ClosedMeanwhile: the class has been closed
    :raises SettledElsewhere: a child that differs is in another roll-call that is confirmed
    :raises TooManyAdults: more than 99
    """
    return mealtime.confirm(
        by=by,
        roll_call=sheet.roll_call or RollCall(class_group=sheet.class_group, service=sheet.service, day=sheet.day),
        absent_ids=[],
        changes=states,
        is_whole_sheet=True,
        adults=None if adults is None else _checked(adults),
        now=now,
        channel=channel,
    )


@use_case
def correct_adults(*, by: User, sheet: ClassSheet, adults: int, reason: str, now: datetime) -> None:
    """
    Correct the number of adults after the confirmation.

    :raises TooManyAdults: more than 99
    :raises ReasonMissing: without a reason
    :raises NotFound: the roll-call is not confirmed yet
    """
    if not reason.strip():
        raise mealtime.ReasonMissing
    if not sheet.roll_call:
        raise NotFound
    correcting.correct_adults(
        by=by, roll_call_id=sheet.roll_call.pk, adults=_checked(adults), reason=reason.strip(), now=now
    )


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


def _known(sheet: ClassSheet, changes: Mapping[int, Mark]) -> None:
    if not changes.keys() <= {line.child_id for line in sheet.lines}:
        raise NotOnTheSheet


def _checked(adults: int) -> int:
    """One less than none is none; more than a class can have is a slip of the finger."""
    if adults > MOST_ADULTS:
        raise TooManyAdults
    return max(adults, 0)
