"""Marking, confirming and correcting who is there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import F

from campanella.domains.accounts.models import User
from campanella.domains.attendance.models import Presence, RollCall
from campanella.domains.attendance.rules import Mark, Mode
from campanella.domains.attendance.statements import folding, marking, sheets
from campanella.domains.ledger.holding import check_held, hold_payers_among
from campanella.domains.schools.models import ClassGroup
from campanella.domains.services.models import Service
from campanella.foundation.core import audit, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import day_short
from campanella.foundation.core.scope import active_town_id, operation

audit.sentences(
    {
        "roll_call.confirmed": "ha confermato l’appello: {present:presente|presenti}, {absent:assente|assenti}",
        "presence.left_out": "non ha contato il segno del {day}: la sua classe di adesso ha già confermato, va corretto lì",
    }
)


class AlreadyConfirmed(Refusal):
    """The roll-call is confirmed: marks change only one by one, with a reason."""

    message = "L’appello di questa classe è già confermato. Per cambiare un bambino, toccalo e di’ il motivo."


class NotOnTheSheet(Refusal):
    """The child is not in this class, or does not use this service on that day."""

    message = "Questo bambino non è nell’elenco di oggi. Chiama l’ufficio."


class SettledElsewhere(Refusal):
    """The child is in another roll-call of that day, which is confirmed: it changes by a correction only."""

    message = (
        "Questo bambino è già in un appello confermato, quello della classe in cui era: "
        "per cambiarlo serve una correzione con il motivo. Chiama l’ufficio."
    )


class ClosedMeanwhile(Refusal):
    """The class was closed while its roll-call was being taken."""

    message = "Intanto l’ufficio ha chiuso il servizio per questa classe: oggi qui non c’è appello."


@dataclass(frozen=True, slots=True)
class Call:
    """
    A roll-call under lock.

    :ivar closed_because: the reason of the closure that keeps the class away that day, None where there is none
    """

    class_group_id: int
    id: int
    confirmed_at: datetime | None
    closed_because: str | None
    mode: Mode

    @property
    def is_closed(self) -> bool:
        """Whether nobody is served in the class that day."""
        return self.closed_because is not None

    @property
    def is_confirmed(self) -> bool:
        """Whether its marks change by a correction only."""
        return self.confirmed_at is not None


@dataclass(frozen=True, slots=True)
class Sent:
    """Which event of a tablet an act is; ``made_at`` is its corrected moment."""

    event_id: UUID
    device_id: int
    seq: int
    made_at: datetime
    digest: UUID


class ToWrite(NamedTuple):
    """What a confirmation writes down of one child; made by the thousand, as what is read of it."""

    call_id: int
    child_id: int
    is_present: bool
    is_due: bool
    is_white: bool = False
    # The confirmation itself says so, rather than the marks and wishes on record.
    is_said: bool = False
    # The word of a class register that it contradicts, and could not know of.
    against: UUID | None = None


class Marked(NamedTuple):
    """A presence as it was written; ``is_new`` when it was not there before, so that nothing was charged for it yet."""

    presence_id: int
    child_id: int
    is_present: bool
    is_due: bool
    is_new: bool = False


@operation
def begin(*, class_group: ClassGroup, service: Service, day: date) -> RollCall:
    """Begin the roll-call of a class; a second call gives the same one."""
    return RollCall.objects.get_or_create(class_group=class_group, service=service, day=day)[0]


@operation
def begin_served(*, by: User, class_group_id: int, service_code: str, day: date) -> int | None:
    """
    Begin the roll-call of a class that is served on a day: one statement, for the first tap.

    It says in SQL what ``readings.serving`` says of the calendar and the closures, and ``schools.seen_by`` of the schools
    of a member of staff; a test holds them together.

    :returns: its id; None when the class is not this person's, is closed, or has no such service on that day
    """
    values = {"town": active_town_id(), "class": class_group_id, "service": service_code, "day": day, "by": by.pk}
    found = sql.row(marking.BEGIN, values)
    return int(found[0]) if found else None


@operation
def begin_many(*, class_group_ids: Sequence[int], service_id: int, day: date) -> dict[int, int]:
    """Begin the roll-calls of many classes and return their ids by class: two statements."""
    values = {"town": active_town_id(), "classes": list(class_group_ids), "service": service_id, "day": day}
    sql.run(marking.BEGIN_MANY, values)
    return dict(sql.rows(marking.BEGUN, values))


@operation
def tap(*, by: User, class_group_id: int, service_code: str, day: date, child_id: int, mark: Mark, now: datetime) -> bool:
    """
    Mark one child on the sheet of a class: one statement, for taps.

    :returns: False when it was not marked; ``queries.roll_call_id_seen_by`` and ``mark`` say why
    """
    values: dict[str, object] = {
        "town": active_town_id(),
        "class": class_group_id,
        "service": service_code,
        "day": day,
        "child": child_id,
        "now": now,
        "by": by.pk,
        "present": mark.is_present,
        "white": mark.is_white,
        "late": mark.is_late,
    }
    _, is_marked = _mark(marking.TAP, values)
    return is_marked


@operation
def mark(*, by: User, roll_call_id: int, child_id: int, mark: Mark, now: datetime) -> None:
    """
    Mark one child before the confirmation: one tap, one statement. A mark says the whole state of the child.

    :raises AlreadyConfirmed: the roll-call is confirmed
    :raises NotOnTheSheet: the child is not expected in this class
    :raises SettledElsewhere: it is in another roll-call of that day, which is confirmed
    """
    values = {
        "town": active_town_id(),
        "call": roll_call_id,
        "child": child_id,
        "now": now,
        "by": by.pk,
        "present": mark.is_present,
        "white": mark.is_white,
        "late": mark.is_late,
    }
    is_open, is_marked = _mark(marking.MARK, values)
    if not is_open:
        raise AlreadyConfirmed
    if not is_marked:
        raise _why_not_marked(roll_call_id, child_id)


def _mark(statement: str, values: dict[str, object]) -> tuple[bool, bool]:
    """Return whether the roll-call is open, and the child marked: a second statement where it waited for a family's wish."""
    is_open, is_marked, waited_call = sql.row(statement, values) or (False, False, None)
    if is_marked and waited_call:
        sql.run(marking.WHITE_AGAIN, {"town": values["town"], "call": waited_call, "child": values["child"]})
    return is_open, is_marked


@operation
def hold_payers(*, class_group_ids: Sequence[int], service_id: int, day: date) -> dict[int, int]:
    """
    Hold the wallets that pay a service for everybody in these classes on a day: one statement, before anything is read.

    :returns: by child the wallet that pays; a child without one is missing
    """
    values: dict[str, object] = {"classes": list(class_group_ids), "day": day}
    return hold_payers_among(children=sheets.ON_SHEETS, values=values, service_id=service_id)


@operation
def hold(*, class_group_ids: Sequence[int], service_id: int, day: date) -> list[Call]:
    """
    Begin the roll-calls of these classes where nobody has, and hold them, so that no tap comes in unseen: two statements.

    The children's wallets are held before: they come first in every use case.
    """
    values = {"town": active_town_id(), "classes": list(class_group_ids), "service": service_id, "day": day}
    sql.run(marking.BEGIN_MANY, values)
    return [Call(*row) for row in sql.rows(marking.HOLD, values)]


@operation
def hold_calls(*, roll_call_ids: Iterable[int]) -> None:
    """Hold roll-calls by their ids, in the order in which everybody holds them, before their presences are written."""
    sql.run(folding.HELD, {"town": active_town_id(), "calls": sorted(set(roll_call_ids))})


@operation
def wait_for_taps(*, service_id: int, day: date) -> None:
    """Wait for the taps that are being written, in the order of their roll-calls, and keep others out: one statement."""
    calls = RollCall.objects.filter(service_id=service_id, day=day).order_by("id")
    list(calls.select_for_update(no_key=True, of=("self",)).values_list("id", flat=True))


@operation
def mark_many(*, by: Actor, roll_call: RollCall, marks: Mapping[int, Mark], now: datetime, channel: str = "page") -> None:
    """
    Mark several children before the confirmation: a whole page at once.

    :param marks: by child; the caller has looked at the sheet
    :param channel: by which way it came, as the day tells it
    :raises AlreadyConfirmed: the roll-call is confirmed
    :raises NotOnTheSheet: one of them does not use the service any more
    :raises SettledElsewhere: one of them is in another roll-call that is confirmed
    """
    if not RollCall.objects.filter(pk=roll_call.pk, confirmed_at=None).update(changes=F("changes") + 1):
        raise AlreadyConfirmed
    values = {
        "town": active_town_id(),
        "call": roll_call.pk,
        "class": roll_call.class_group_id,
        "service": roll_call.service_id,
        "day": roll_call.day,
        "now": now,
        "by": by.actor_id,
        "channel": channel,
        "children": list(marks),
        "present": [mark.is_present for mark in marks.values()],
        "white": [mark.is_white for mark in marks.values()],
        "late": [mark.is_late for mark in marks.values()],
    }
    marked = {child_id for (child_id,) in sql.rows(marking.MARK_MANY, values)}
    for child_id in marks.keys() - marked:
        raise _why_not_marked(roll_call.pk, child_id)


@operation
def confirm(
    *,
    by: Actor,
    roll_call_ids: Sequence[int],
    marks: Sequence[ToWrite],
    service_id: int,
    day: date,
    adults: int | None,
    now: datetime,
    channel: str,
    sent: Sent | None = None,
) -> list[Marked]:
    """
    Confirm roll-calls that are held, with everybody's mark: set-based, three statements whatever their number.

    :param marks: of every child expected and not settled elsewhere
    :param adults: meals of adults, None leaves them
    :param sent: which event of a tablet it is; then of one roll-call
    :raises AlreadyConfirmed: one of them is confirmed
    :raises NotHeld: the children's wallets are not held
    """
    check_held(child_ids=(mark.child_id for mark in marks), service_id=service_id)
    calls = {
        "town": active_town_id(),
        "calls": list(roll_call_ids),
        "now": now,
        "by": by.actor_id,
        "adults": adults,
        "channel": channel,
        "event": sent and sent.event_id,
        "device": sent and sent.device_id,
        "seq": sent and sent.seq,
        "made_at": sent and sent.made_at,
        "digest": sent and sent.digest,
    }
    if sql.run(marking.CONFIRM, calls) < len(set(roll_call_ids)):
        raise AlreadyConfirmed
    counted = [mark.child_id for mark in marks]
    _leave_no_mark(by=by, roll_call_ids=roll_call_ids, child_ids=counted, service_id=service_id, day=day, now=now)
    _say(marks=[mark for mark in marks if mark.is_said], by=by, now=now, channel=channel)
    written = _write(marks=marks, service_id=service_id, day=day, by=by, now=now)
    present = sum(1 for mark in written if mark.is_present)
    audit.record(
        by=by,
        action="roll_call.confirmed",
        at=now,
        subjects=[f"roll_call:{call}" for call in roll_call_ids] if len(roll_call_ids) <= 20 else [f"day:{day}"],
        data={"present": present, "absent": len(written) - present},
    )
    return written


@operation
def set_adults(*, by: User, roll_call_id: int, adults: int, now: datetime) -> None:
    """
    Count the adults who eat with a class, before its confirmation.

    :raises AlreadyConfirmed: the roll-call is confirmed
    """
    if not count(by=by, roll_call_id=roll_call_id, adults=adults, now=now, is_confirmed=False):
        raise AlreadyConfirmed


def count(*, by: Actor, roll_call_id: int, adults: int, now: datetime, is_confirmed: bool, note: str = "") -> bool:
    values = {
        "town": active_town_id(),
        "call": roll_call_id,
        "adults": adults,
        "confirmed": is_confirmed,
        "by": by.actor_id,
        "now": now,
        "note": note,
    }
    return bool(sql.run(marking.ADULTS, values))


def _why_not_marked(roll_call_id: int, child_id: int) -> Refusal:
    call = RollCall.objects.get(pk=roll_call_id)
    settled = Presence.objects.filter(child_id=child_id, service_id=call.service_id, day=call.day)
    return SettledElsewhere() if settled.exclude(roll_call__confirmed_at=None).exists() else NotOnTheSheet()


def _leave_no_mark(
    *, by: Actor, roll_call_ids: Sequence[int], child_ids: Sequence[int], service_id: int, day: date, now: datetime
) -> None:
    """
    Take the marks that a confirmation does not count out of its roll-calls: none may look confirmed.

    A child that has moved takes its mark along to its new class; where that one has confirmed, and charges nobody any more,
    it has joined it since and is added by a correction: the history says so. Who has left the service leaves none.
    """
    values = {"town": active_town_id(), "calls": list(roll_call_ids), "children": list(child_ids)}
    left = sql.rows(marking.LEFT_OVER, values)
    if not left:
        return
    calls = begin_many(class_group_ids=sorted({group for *_, group in left if group}), service_id=service_id, day=day)
    elsewhere = {group: call for group, call in calls.items() if call not in roll_call_ids}
    going = [(pk, group) for pk, _, group in left if group in elsewhere]
    values |= {"into": list(elsewhere.values()), "presences": [pk for pk, _ in going], "groups": [to for _, to in going]}
    moved = {pk for (pk,) in sql.rows(marking.MOVE_ALONG, values)}
    Presence.objects.filter(pk__in=[pk for pk, *_ in left if pk not in moved], roll_call_id__in=roll_call_ids).delete()
    told = [
        ((f"child:{child_id}", f"roll_call:{elsewhere[group]}"), {"day": day_short(day)})
        for pk, child_id, group in left
        if group in elsewhere and pk not in moved
    ]
    audit.record_each(by=by, action="presence.left_out", at=now, told=told)


def _say(*, marks: Sequence[ToWrite], by: Actor, now: datetime, channel: str) -> None:
    """Put on record what a confirmation says of single children."""
    if marks:
        values = {
            "town": active_town_id(),
            "calls": [mark.call_id for mark in marks],
            "children": [mark.child_id for mark in marks],
            "present": [mark.is_present for mark in marks],
            "against": [str(mark.against) if mark.against else None for mark in marks],
            "by": by.actor_id,
            "now": now,
            "channel": channel,
        }
        sql.run(marking.SAY, values)


def _write(*, marks: Sequence[ToWrite], service_id: int, day: date, by: Actor, now: datetime) -> list[Marked]:
    values = {
        "town": active_town_id(),
        "service": service_id,
        "day": day,
        "now": now,
        "by": by.actor_id,
        "calls": [mark.call_id for mark in marks],
        "children": [mark.child_id for mark in marks],
        "present": [mark.is_present for mark in marks],
        "due": [mark.is_due for mark in marks],
        "white": [mark.is_white for mark in marks],
    }
    return [Marked(*row) for row in sql.rows(marking.WRITE, values)]
