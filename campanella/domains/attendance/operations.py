"""Marking, confirming and correcting who is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F

from campanella.domains.accounts.models import User
from campanella.domains.attendance.models import Presence, RollCall
from campanella.domains.schools.models import ClassGroup
from campanella.domains.services.models import Service
from campanella.foundation.core import audit, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.scope import active_town_id, operation

audit.sentences(
    {
        "roll_call.confirmed": "ha confermato l’appello: {present} presenti, {absent} assenti",
        "presence.corrected": "ha corretto il {day}: {state}",
    }
)


class AlreadyConfirmed(Refusal):
    """The roll-call is confirmed: marks change only one by one, with a reason."""

    message = "L’appello di questa classe è già confermato. Per cambiare un bambino usa Correggi e scrivi il motivo."


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
    found = sql.row(_BEGIN, values)
    return int(found[0]) if found else None


@operation
def begin_many(*, class_group_ids: Sequence[int], service_id: int, day: date) -> dict[int, int]:
    """Begin the roll-calls of many classes and return their ids by class: two statements."""
    values = {"town": active_town_id(), "classes": list(class_group_ids), "service": service_id, "day": day}
    sql.run(_BEGIN_MANY, values)
    return dict(sql.rows(_BEGUN, values))


@operation
def mark(*, by: User, roll_call_id: int, child_id: int, is_present: bool, now: datetime) -> None:
    """
    Mark one child before the confirmation: one tap, one statement.

    :raises AlreadyConfirmed: the roll-call is confirmed
    :raises NotOnTheSheet: the child is not expected in this class
    """
    values = {
        "town": active_town_id(), "call": roll_call_id, "child": child_id, "present": is_present, "now": now, "by": by.pk,
    }  # fmt: skip
    is_open, is_marked = sql.row(_MARK, values) or (False, False)
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
def mark_many(*, by: User, roll_call: RollCall, marks: Mapping[int, bool], now: datetime) -> None:
    """
    Mark several children before the confirmation: a whole page at once.

    :param marks: present or not by child; the caller has looked at the sheet
    :raises AlreadyConfirmed: the roll-call is confirmed
    """
    if _hold([roll_call.pk]):
        raise AlreadyConfirmed
    RollCall.objects.filter(pk=roll_call.pk).update(changes=F("changes") + 1)
    rows = [(roll_call.pk, child_id, is_present) for child_id, is_present in marks.items()]
    _write(marks=rows, service_id=roll_call.service_id, day=roll_call.day, by=by, now=now)


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
def correct(*, by: Actor, child_id: int, service_id: int, day: date, is_present: bool, reason: str, now: datetime) -> Marked:
    """
    Correct one presence after its confirmation.

    :raises NotFound: there was no roll-call for this child, service and day
    """
    presence = (
        Presence.objects.filter(child_id=child_id, service_id=service_id, day=day)
        .select_for_update(no_key=True, of=("self",))
        .first()
    )
    if presence is None:
        raise NotFound("Per questo bambino quel giorno non c’è stato l’appello.")
    if presence.is_present != is_present:
        presence.is_present, presence.marked_at, presence.marked_by_id = is_present, now, by.actor_id
        presence.save(update_fields=["is_present", "marked_at", "marked_by_id"])
        RollCall.objects.filter(pk=presence.roll_call_id).update(changes=F("changes") + 1)
        state = "presente" if is_present else "assente"
        audit.record(
            by=by, action="presence.corrected", at=now, why=reason,
            subjects=[f"child:{child_id}", f"presence:{presence.pk}", f"roll_call:{presence.roll_call_id}"],
            data={"day": f"{day:%d/%m}", "state": state},
        )  # fmt: skip
    return Marked(presence.pk, child_id, is_present)


@operation
def set_adults(*, by: User, roll_call_id: int, adults: int) -> None:
    """
    Count the adults who eat with a class, before its confirmation.

    :raises AlreadyConfirmed: the roll-call is confirmed
    """
    if not RollCall.objects.filter(pk=roll_call_id, confirmed_at=None).update(adults=adults, changes=F("changes") + 1):
        raise AlreadyConfirmed


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


_BEGIN = """
insert into attendance_rollcall (municipality_id, class_group_id, service_id, day, adults, changes)
select %(town)s, g.id, s.id, %(day)s, 0, 0
  from schools_classgroup g
  join services_service s on s.municipality_id = g.municipality_id and s.code = %(service)s
  join services_servicecalendar c on c.municipality_id = g.municipality_id and c.service_id = s.id
   and c.school_id = g.school_id and c.days @> %(day)s::date
   and (c.weekdays >> (extract(isodow from %(day)s::date)::int - 1)) & 1 = 1
 where g.municipality_id = %(town)s and g.id = %(class)s
   and not exists (select from schools_closure x where x.municipality_id = g.municipality_id and x.days @> %(day)s::date
                      and (x.school_id is null or x.school_id = g.school_id)
                      and (x.class_group_id is null or x.class_group_id = g.id))
   and (exists (select from schools_workplace w where w.municipality_id = g.municipality_id and w.user_id = %(by)s
                   and w.school_id = g.school_id)
        or not exists (select from schools_workplace w where w.municipality_id = g.municipality_id and w.user_id = %(by)s))
on conflict (municipality_id, class_group_id, service_id, day) do update set day = excluded.day
returning id
"""

_BEGIN_MANY = """
insert into attendance_rollcall (municipality_id, class_group_id, service_id, day, adults, changes)
select %(town)s, id, %(service)s, %(day)s, 0, 0 from unnest(%(classes)s::bigint[]) as c(id)
on conflict (municipality_id, class_group_id, service_id, day) do nothing
"""

_BEGUN = """
select class_group_id, id from attendance_rollcall
 where municipality_id = %(town)s and class_group_id = any(%(classes)s) and service_id = %(service)s and day = %(day)s
"""

_MARK = """
with call as (
  update attendance_rollcall set changes = changes + 1
   where municipality_id = %(town)s and id = %(call)s and confirmed_at is null
  returning id, class_group_id, service_id, day
), marked as (
  insert into attendance_presence
    (municipality_id, roll_call_id, child_id, service_id, day, is_present, marked_at, marked_by_id)
  select %(town)s, call.id, m.child_id, call.service_id, call.day, %(present)s, %(now)s, %(by)s
    from call
    join schools_membership m on m.municipality_id = %(town)s and m.class_group_id = call.class_group_id
     and m.child_id = %(child)s and m.days @> call.day
    join enrolment_subscription s on s.municipality_id = %(town)s and s.child_id = m.child_id
     and s.service_id = call.service_id and s.days @> call.day
  on conflict (municipality_id, child_id, service_id, day)
  do update set is_present = excluded.is_present, marked_at = excluded.marked_at, marked_by_id = excluded.marked_by_id
  returning id
)
select exists (select 1 from call), exists (select 1 from marked)
"""

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
