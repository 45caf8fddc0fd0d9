"""
A child goes home before the end of the day, as the school's page tells it; a tablet's mark is judged the same
(``marks/judging``).

Who goes before the numbers are ordered does not eat; for who goes later the meal was cooked: its hour is kept, and it stays
counted.
"""

from datetime import datetime, time

from campanella.domains.accounts.models import User
from campanella.domains.attendance import leaving, queries, receiving, terms
from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance.operations import ClosedMeanwhile, NotOnTheSheet
from campanella.domains.attendance.rules import Mark, leaves_before_the_meal
from campanella.domains.ledger import holding
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import use_case
from campanella.readings.class_sheet import ClassSheet
from campanella.usecases import mealtime


class NotThere(Refusal):
    """The child is absent, or nobody has counted it: it cannot leave."""

    message = "Questo bambino oggi non risulta presente: se c’era, segnalo presente e poi scrivi l’uscita."


@use_case
def leave(*, by: User, sheet: ClassSheet, child_id: int, hour: time, eats_first: bool, now: datetime) -> bool:
    """
    Write down that a child of a class goes home at an hour.

    :param eats_first: it has its meal before
    :returns: whether its meal is not counted any more
    :raises NotOnTheSheet: it is not in this class
    :raises NotThere: it does not eat, or is not there
    :raises ClosedMeanwhile: the class has been closed
    """
    service, day = sheet.service, sheet.day
    holding.hold_payers(child_ids=[child_id], service_id=service.pk)
    (call,) = attendance.hold(class_group_ids=[sheet.class_group.pk], service_id=service.pk, day=day)
    if call.is_closed and not call.is_confirmed:
        raise ClosedMeanwhile
    # What somebody else has marked since the page was drawn counts.
    held = queries.sheet(class_group_id=sheet.class_group.pk, service_id=service.pk, day=day)
    line = next((line for line in held if line.child_id == child_id), None)
    if line is None:
        raise NotOnTheSheet
    if not line.eats or (call.is_confirmed and line.is_present is None):
        raise NotThere
    of_day = terms.of_place(service_id=service.pk, school_id=sheet.class_group.school_id, day=day)
    takes_away = leaves_before_the_meal(
        kind=service.kind,
        eats_first=eats_first,
        made_at=now,
        marks_until=of_day.marks_until,
        confirmed_at=call.confirmed_at,
    )
    if not takes_away and not call.is_confirmed and line.is_present is None:
        # The hour is of somebody who was there.
        attendance.mark(by=by, roll_call_id=call.id, child_id=child_id, mark=Mark(is_present=True), now=now)
    leaving.leave(
        by=by,
        call=call,
        child_id=child_id,
        service_id=service.pk,
        day=day,
        hour=hour,
        takes_away=takes_away,
        now=now,
        channel="page",
    )
    if takes_away:
        why = f"uscita alle {hour:%-H:%M}"
        mealtime.fold_again(by=by, child_ids=[child_id], service=service, day=day, why=why, now=now)
    else:
        receiving.follow(class_group_ids=[call.class_group_id], service_id=service.pk, day=day)
    return takes_away
