"""
The hours at which the children of a nursery come in and go home, as the page writes them; a tablet's go by ``marks``.

Whoever has an hour is there. What a page does not touch stays as it is, so that a page and a tablet do not undo each other.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from campanella.domains.accounts.models import User
from campanella.domains.attendance import hours as attendance_hours
from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance import queries, receiving
from campanella.domains.attendance.hours import Hour, Kind
from campanella.domains.attendance.operations import ClosedMeanwhile, NotOnTheSheet
from campanella.domains.attendance.queries import SheetLine
from campanella.domains.attendance.rules import Mark
from campanella.domains.ledger import holding
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import use_case
from campanella.readings.class_sheet import ClassSheet
from campanella.usecases import mealtime
from campanella.usecases.leaving import NotThere

# The hour of a page and the clock of a wall are not the same.
SLACK = timedelta(minutes=10)

# Hours by child and kind, None where there is none: what a page has changed, and what it has shown before.
Hours = Mapping[tuple[int, Kind], time | None]


class HourRefused(Refusal):
    """An hour that cannot be; ``child_id`` says whose."""

    def __init__(self, child_id: int) -> None:
        self.child_id = child_id
        super().__init__(self.message)


class LeftBeforeComing(HourRefused):
    """It would have left before it came."""

    message = "L’uscita è prima dell’entrata: controlla le ore. Non è stato salvato nulla."


class StillToCome(HourRefused):
    """Nobody comes in at an hour that is still to come."""

    message = "L’entrata è a un’ora che deve ancora venire: controllala. Non è stato salvato nulla."


class AbsentMeanwhile(HourRefused, NotThere):
    """Somebody has marked it absent since the page was drawn."""

    message = "Adesso risulta assente: se c’era, segna prima che è presente e poi scrivi l’ora. Non è stato salvato nulla."


class WrittenMeanwhile(HourRefused):
    """A colleague, or a tablet, has written another hour since the page was drawn."""

    message = "Intanto un collega ha scritto un’altra ora: guarda com’è adesso, poi salva se la tua è quella giusta."


@use_case
def write(*, by: User, sheet: ClassSheet, changes: Hours, shown: Hours, now: datetime) -> int:
    """
    Write down when children of a class come in and go home, all at once.

    :param shown: the hours that the page has shown of those that change
    :returns: of how many children
    :raises NotOnTheSheet: one of them is not in this class
    :raises AbsentMeanwhile: one of them is absent: somebody has marked it so meanwhile
    :raises WrittenMeanwhile: one of them has another hour by now than the page has shown, and than it is given
    :raises LeftBeforeComing: of one of them, together with what is on record
    :raises StillToCome: one would have come in later than now
    :raises ClosedMeanwhile: the class has been closed
    """
    service, day, children = sheet.service, sheet.day, sorted({child_id for child_id, _ in changes})
    if not children:
        return 0
    holding.hold_payers(child_ids=children, service_id=service.pk)
    (call,) = attendance.hold(class_group_ids=[sheet.class_group.pk], service_id=service.pk, day=day)
    if call.is_closed and not call.is_confirmed:
        raise ClosedMeanwhile
    held = queries.sheet(class_group_id=sheet.class_group.pk, service_id=service.pk, day=day)
    lines = {line.child_id: line for line in held}
    for child_id in children:
        _check(lines.get(child_id), changes, shown, is_confirmed=call.is_confirmed, latest=_latest(sheet, now))
    for child_id in children:
        if lines[child_id].is_present is None:
            # The hour is of somebody who was there.
            attendance.mark(by=by, roll_call_id=call.id, child_id=child_id, mark=Mark(is_present=True), now=now)
    written = [
        Hour(child_id, kind, hour, None if lines[child_id].is_present is None else lines[child_id].is_white)
        for (child_id, kind), hour in changes.items()
    ]
    attendance_hours.write(by=by, call=call, service_id=service.pk, day=day, hours=written, now=now, channel="page")
    mealtime.fold_again(by=by, child_ids=children, service=service, day=day, why="entrate e uscite", now=now)
    receiving.follow(class_group_ids=[call.class_group_id], service_id=service.pk, day=day)
    return len(children)


def _latest(sheet: ClassSheet, now: datetime) -> time | None:
    """Return until when somebody can have come in, None for a day that is over."""
    until = (now + SLACK).astimezone(clock.ROME)
    return until.time() if until.date() == sheet.day else None


def _check(line: SheetLine | None, changes: Hours, shown: Hours, *, is_confirmed: bool, latest: time | None) -> None:
    if line is None:
        raise NotOnTheSheet
    if not line.eats or (is_confirmed and line.is_present is None):
        raise AbsentMeanwhile(line.child_id)
    known: dict[Kind, time | None] = {"arrived": line.arrived, "left": line.left}
    for kind, hour in known.items():
        key = (line.child_id, kind)
        if key in changes and hour not in (shown.get(key), changes[key]):
            raise WrittenMeanwhile(line.child_id)
    arrived = changes.get((line.child_id, "arrived"), line.arrived)
    left = changes.get((line.child_id, "left"), line.left)
    if attendance_hours.refused(left=left, arrived=arrived):
        raise LeftBeforeComing(line.child_id)
    came = changes.get((line.child_id, "arrived"))
    if came and latest and came > latest:
        raise StillToCome(line.child_id)
