"""
Days that a closure gives back after they were charged, and takes again when it is withdrawn.

Both are facts of the day beside the others, which stay: while the closure holds nobody was there and nobody pays; once it
is withdrawn the day comes to what the family, the school and the office had said.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import F

from campanella.domains.attendance import operations
from campanella.domains.attendance.models import Presence, RollCall
from campanella.domains.attendance.queries import DayMark
from campanella.domains.attendance.statements import marking
from campanella.domains.ledger.holding import check_held
from campanella.domains.ledger.rules import Source
from campanella.foundation.core import audit, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.italian import day_short
from campanella.foundation.core.scope import active_town_id, operation

audit.sentences({"presence.given_back": "ha chiuso il {day}: non si paga"})


class GivenDay(NamedTuple):
    """A day of a child that a closure gave back."""

    presence_id: int
    child_id: int
    service_id: int
    day: date


def given_back(
    *, first: date, last: date, school_id: int | None, class_group_id: int | None, service_ids: Sequence[int] | None
) -> list[GivenDay]:
    """
    Return the days between two, both included, that were given back and that no closure shuts any more: one query.

    :param school_id: of this school, None for all; so for the class and the services
    """
    values: sql.Values = {
        "town": active_town_id(),
        "first": first,
        "last": last,
        "school": school_id,
        "class": class_group_id,
        "services": None if service_ids is None else list(service_ids),
    }
    return [GivenDay(*row) for row in sql.rows(marking.GIVEN_BACK, values)]


@operation
def give_back(*, by: Actor, marks: Sequence[DayMark], reason: str, now: datetime) -> None:
    """
    Let a closure give many days back: six statements, however many.

    :param marks: of confirmed roll-calls, whom they charge
    :raises NotHeld: the children's wallets are not held
    """
    for service_id in {mark.service_id for mark in marks}:
        check_held(child_ids=(mark.child_id for mark in marks if mark.service_id == service_id), service_id=service_id)
    presence_ids = [mark.presence_id for mark in marks]
    rows = Presence.objects.filter(pk__in=presence_ids)
    calls = set(rows.values_list("roll_call_id", flat=True))
    operations.hold_calls(roll_call_ids=calls)
    _on_record("closed", by=by, presence_ids=presence_ids, note=reason, now=now)
    rows.update(is_present=False, is_due=False, marked_at=now, marked_by_id=by.actor_id)
    RollCall.objects.filter(pk__in=calls).update(changes=F("changes") + 1)
    told = [
        ((f"child:{mark.child_id}", Source.of_presence(mark.presence_id)), {"day": day_short(mark.day)}) for mark in marks
    ]
    audit.record_each(by=by, action="presence.given_back", at=now, told=told, why=reason)


@operation
def take_again(*, by: Actor, days: Sequence[GivenDay], why: str, now: datetime) -> None:
    """
    Note that the closure of these days was withdrawn; whoever notes it folds them again: one statement.

    :raises NotHeld: the children's wallets are not held
    """
    for service_id in {day.service_id for day in days}:
        check_held(child_ids=(day.child_id for day in days if day.service_id == service_id), service_id=service_id)
    _on_record("opened", by=by, presence_ids=[day.presence_id for day in days], note=why, now=now)


def _on_record(kind: str, *, by: Actor, presence_ids: Sequence[int], note: str, now: datetime) -> None:
    values: sql.Values = {
        "town": active_town_id(),
        "presences": list(presence_ids),
        "kind": kind,
        "by": by.actor_id,
        "now": now,
        "note": note,
    }
    sql.run(marking.CLOSED, values)
