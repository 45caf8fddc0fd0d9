"""Marking, confirming and correcting who is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F

from campanella.domains.accounts.models import User
from campanella.domains.attendance import statements
from campanella.domains.attendance.models import Presence, RollCall
from campanella.domains.attendance.rules import Mark
from campanella.domains.schools.models import ClassGroup
from campanella.domains.services.models import Service
from campanella.foundation.core import audit, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.scope import active_town_id, operation

audit.sentences(
    {
        "roll_call.confirmed": "ha confermato l’appello: {present} presenti, {absent} assenti",
        "roll_call.adults_corrected": "ha corretto gli adulti: da {before} a {adults}",
        "presence.corrected": "ha corretto il {day}: {state}",
    }
)


class AlreadyConfirmed(Refusal):
    """The roll-call is confirmed: marks change only one by one, with a reason."""

    message = "L’appello di questa classe è già confermato. Per cambiare un bambino, toccalo e scrivi il motivo."


class NotOnTheSheet(Refusal):
    """The child is not in this class, or does not use this service on that day."""

    message = "Questo bambino non è nell’elenco di oggi. Chiama l’ufficio."


@dataclass(frozen=True, slots=True)
class Marked:
    """A presence as it was written."""

    presence_id: int
    child_id: int
    is_present: bool


@operation
def begin(*, class_group: ClassGroup, service: Service, day: date) -> RollCall:
    """Begin the roll-call of a class; a second call gives the same one."""
    return RollCall.objects.get_or_create(class_group=class_group, service=service, day=day)[0]


@operation
def begin_served(*, by: User, class_group_id: int, service_code: str, day: date) -> int | None:
    """
    Begin the roll-call of a class that is served on a day: one statement, for the first tap.

    It says in SQL what ``usecases.serving`` says of the calendar and the closures, and ``schools.seen_by`` of the schools
    of a member of staff; a test holds them together.

    :returns: its id; None when the class is not this person's, is closed, or has no such service on that day
    """
    values = {"town": active_town_id(), "class": class_group_id, "service": service_code, "day": day, "by": by.pk}
    found = sql.row(statements.BEGIN, values)
    return int(found[0]) if found else None


@operation
def begin_many(*, class_group_ids: Sequence[int], service_id: int, day: date) -> dict[int, int]:
    """Begin the roll-calls of many classes and return their ids by class: two statements."""
    values = {"town": active_town_id(), "classes": list(class_group_ids), "service": service_id, "day": day}
    sql.run(statements.BEGIN_MANY, values)
    return dict(sql.rows(statements.BEGUN, values))


@operation
def mark(*, by: User, roll_call_id: int, child_id: int, mark: Mark, now: datetime) -> None:
    """
    Mark one child before the confirmation: one tap, one statement. A mark says the whole state of the child.

    :raises AlreadyConfirmed: the roll-call is confirmed
    :raises NotOnTheSheet: the child is not expected in this class
    """
    values = {
        "town": active_town_id(), "call": roll_call_id, "child": child_id, "now": now, "by": by.pk,
        "present": mark.is_present, "white": mark.is_white, "late": mark.is_late,
    }  # fmt: skip
    is_open, is_marked = sql.row(statements.MARK, values) or (False, False)
    if not is_open:
        raise AlreadyConfirmed
    if not is_marked:
        raise NotOnTheSheet


@operation
def hold(*, roll_call_ids: Sequence[int]) -> None:
    """
    Hold roll-calls before their marks are read for a confirmation, so that no tap comes in between unseen.

    :raises AlreadyConfirmed: one of them is confirmed
    """
    if _hold(roll_call_ids):
        raise AlreadyConfirmed


@operation
def mark_many(*, by: User, roll_call: RollCall, marks: Mapping[int, Mark], now: datetime) -> None:
    """
    Mark several children before the confirmation: a whole page at once.

    :param marks: by child; the caller has looked at the sheet
    :raises AlreadyConfirmed: the roll-call is confirmed
    """
    if _hold([roll_call.pk]):
        raise AlreadyConfirmed
    RollCall.objects.filter(pk=roll_call.pk).update(changes=F("changes") + 1)
    values = {
        "town": active_town_id(), "call": roll_call.pk, "service": roll_call.service_id, "day": roll_call.day, "now": now,
        "by": by.pk, "children": list(marks), "present": [mark.is_present for mark in marks.values()],
        "white": [mark.is_white for mark in marks.values()], "late": [mark.is_late for mark in marks.values()],
    }  # fmt: skip
    sql.run(statements.MARK_MANY, values)


@operation
def confirm(
    *, by: Actor, roll_call_ids: Sequence[int], marks: Sequence[tuple[int, int, bool]], service_id: int, day: date,
    adults: int | None, now: datetime,
) -> list[Marked]:  # fmt: skip
    """
    Confirm roll-calls with everybody's mark: set-based, three statements whatever their number.

    :param marks: (roll-call, child, present) of every child expected
    :param adults: meals of adults, None leaves them
    :raises AlreadyConfirmed: one of them is confirmed
    """
    if _hold(roll_call_ids):
        raise AlreadyConfirmed
    values: dict[str, object] = {"confirmed_at": now, "confirmed_by_id": by.actor_id}
    if adults is not None:
        values["adults"] = adults
    RollCall.objects.filter(pk__in=list(roll_call_ids)).update(changes=F("changes") + 1, **values)
    written = _write(marks=marks, service_id=service_id, day=day, by=by, now=now)
    present = sum(1 for mark in written if mark.is_present)
    audit.record(
        by=by, action="roll_call.confirmed", at=now,
        subjects=[f"roll_call:{call}" for call in roll_call_ids] if len(roll_call_ids) <= 20 else [f"day:{day}"],
        data={"present": present, "absent": len(written) - present},
    )  # fmt: skip
    return written


@operation
def correct(*, by: Actor, child_id: int, service_id: int, day: date, mark: Mark, reason: str, now: datetime) -> Marked:
    """
    Correct one presence after its confirmation; a child that joined the class since is written down here.

    :raises NotFound: no confirmed roll-call expects this child for this service on this day
    """
    presence = _presence_to_correct(child_id=child_id, service_id=service_id, day=day)
    was = (presence.is_present, presence.is_present and presence.is_white)
    if presence.pk is None or was != (mark.is_present, mark.is_white):
        if presence.is_present != mark.is_present or mark.is_white:
            # Back to the usual menu is no meal more: the kitchen's list of changes goes by this time.
            presence.marked_at = now
        presence.is_present, presence.is_white, presence.is_late = mark.is_present, mark.is_white, mark.is_late
        presence.marked_by_id = by.actor_id
        presence.save()
        RollCall.objects.filter(pk=presence.roll_call_id).update(changes=F("changes") + 1)
        state = "presente, in bianco" if mark.is_white else "presente" if mark.is_present else "assente"
        audit.record(
            by=by, action="presence.corrected", at=now, why=reason,
            subjects=[f"child:{child_id}", f"presence:{presence.pk}", f"roll_call:{presence.roll_call_id}"],
            data={"day": f"{day:%d/%m}", "state": state},
        )  # fmt: skip
    return Marked(presence.pk, child_id, mark.is_present)


@operation
def set_adults(*, by: User, roll_call_id: int, adults: int) -> None:
    """
    Count the adults who eat with a class, before its confirmation.

    :raises AlreadyConfirmed: the roll-call is confirmed
    """
    if not RollCall.objects.filter(pk=roll_call_id, confirmed_at=None).update(adults=adults, changes=F("changes") + 1):
        raise AlreadyConfirmed


@operation
def correct_adults(*, by: Actor, roll_call_id: int, adults: int, reason: str, now: datetime) -> None:
    """
    Correct the number of adults who eat with a class, after its confirmation; the same number again writes nothing.

    :raises NotFound: the roll-call is not confirmed yet
    """
    calls = RollCall.objects.filter(pk=roll_call_id).exclude(confirmed_at=None)
    before = calls.select_for_update(no_key=True, of=("self",)).values_list("adults", flat=True).first()
    if before is None:
        raise NotFound
    if before != adults:
        calls.update(adults=adults, changes=F("changes") + 1)
        audit.record(
            by=by, action="roll_call.adults_corrected", at=now, why=reason, subjects=[f"roll_call:{roll_call_id}"],
            data={"before": before, "adults": adults},
        )  # fmt: skip


def _presence_to_correct(*, child_id: int, service_id: int, day: date) -> Presence:
    """Return the presence under lock; a new one when the child came to a class that had confirmed already."""
    of_day = Presence.objects.filter(child_id=child_id, service_id=service_id, day=day)
    confirmed = of_day.exclude(roll_call__confirmed_at=None).select_for_update(no_key=True, of=("self",)).first()
    if confirmed:
        return confirmed
    calls = RollCall.objects.filter(service_id=service_id, day=day).exclude(confirmed_at=None)
    calls = calls.filter(class_group__memberships__child_id=child_id, class_group__memberships__days__contains=day)
    # The class is held, so that two hands do not write one newcomer twice.
    call = calls.select_for_update(no_key=True, of=("self",)).first()
    expected = {
        "service": service_id,
        "day": day,
        "town": active_town_id(),
        "classes": [call.class_group_id] if call else [],
    }
    if call is None or child_id not in [row[0] for row in sql.rows(statements.EXPECTED, expected)]:
        raise NotFound("Per questo bambino quel giorno non c’è stato l’appello, o non è ancora confermato.")
    presence = of_day.first() or Presence(child_id=child_id, service_id=service_id, day=day)
    presence.roll_call = call
    return presence


def _hold(roll_call_ids: Sequence[int]) -> bool:
    """Hold roll-calls in order, and tell whether one of them is confirmed."""
    held = RollCall.objects.filter(pk__in=list(roll_call_ids)).select_for_update(no_key=True, of=("self",)).order_by("id")
    return any(confirmed for confirmed in held.values_list("confirmed_at", flat=True))


def _write(*, marks: Sequence[tuple[int, int, bool]], service_id: int, day: date, by: Actor, now: datetime) -> list[Marked]:
    values = {
        "town": active_town_id(), "service": service_id, "day": day, "now": now, "by": by.actor_id,
        "calls": [call for call, _, _ in marks],
        "children": [child for _, child, _ in marks],
        "present": [present for _, _, present in marks],
    }  # fmt: skip
    return [Marked(*row) for row in sql.rows(_WRITE, values)]


_WRITE = """
insert into attendance_presence
    (municipality_id, roll_call_id, child_id, service_id, day, is_present, marked_at, marked_by_id)
select %(town)s, m.call, m.child, %(service)s, %(day)s, m.present, %(now)s, %(by)s
  from unnest(%(calls)s::bigint[], %(children)s::bigint[], %(present)s::bool[]) as m(call, child, present)
on conflict (municipality_id, child_id, service_id, day)
do update set is_present = excluded.is_present, roll_call_id = excluded.roll_call_id,
              marked_at = case when attendance_presence.is_present = excluded.is_present
                               then attendance_presence.marked_at else excluded.marked_at end,
              marked_by_id = case when attendance_presence.is_present = excluded.is_present
                                  then attendance_presence.marked_by_id else excluded.marked_by_id end
returning id, child_id, is_present
"""
