"""Correcting what is confirmed: one presence, the adults of a class. Each leaves its event behind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F

from campanella.domains.attendance import folding, operations
from campanella.domains.attendance.fact_rules import CORRECTION, MARK, fold, wish
from campanella.domains.attendance.models import DayEvent, Presence, RollCall
from campanella.domains.attendance.operations import Marked
from campanella.domains.attendance.queries import DayMark
from campanella.domains.attendance.rules import Mark, is_due
from campanella.domains.attendance.statements import marking, sheets
from campanella.domains.ledger.holding import check_held
from campanella.domains.ledger.rules import Source
from campanella.foundation.core import audit, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.italian import day_short
from campanella.foundation.core.scope import active_town_id, operation

audit.sentences(
    {
        "roll_call.adults_corrected": "ha corretto gli adulti: da {before} a {adults}",
        "presence.corrected": "ha corretto il {day}: {state}",
    }
)


class SettledByOffice(Refusal):
    """The office, or a closure, has had the last word on the day: the school does not turn it over."""

    message = "Su questo giorno l’ufficio ha già deciso: per cambiarlo chiama l’ufficio."


@operation
def correct(
    *, by: Actor, child_id: int, service_id: int, day: date, mark: Mark, reason: str, now: datetime, channel: str
) -> Marked:
    """
    Correct one presence after its confirmation; a child that joined the class since is written down here.

    What the day says already is put on record as well, once: a mark that comes in later does not change it. The school
    corrects who is there, as its marks do: where meals are booked, what is due stays the family's word. The office decides
    both.

    :raises SettledByOffice: the school would turn over what the office, or a closure, has decided
    :raises NotFound: no confirmed roll-call expects this child for this service on this day
    :raises NotHeld: the child's wallets are not held
    """
    check_held(child_ids=[child_id], service_id=service_id)
    presence = _presence_to_correct(child_id=child_id, service_id=service_id, day=day)
    level = MARK if channel == "page" else CORRECTION
    due = mark.is_present if level == CORRECTION else _is_due(child_id, service_id, day, mark)
    there = presence.is_present
    was, is_white = (there, presence.is_due, there and presence.is_white, there and presence.is_late), bool(mark.is_white)
    changes = presence.pk is None or was != (mark.is_present, due, is_white, mark.is_late)
    if changes:
        if presence.is_present != mark.is_present or is_white:
            # Back to the usual menu is no meal more: the kitchen's list of changes goes by this time.
            presence.marked_at = now
        presence.is_present, presence.is_white, presence.is_late = mark.is_present, is_white, mark.is_late
        presence.is_due, presence.marked_by_id = due, by.actor_id
        presence.save()
        RollCall.objects.filter(pk=presence.roll_call_id).update(changes=F("changes") + 1)
    if changes or not _is_said(presence, mark, level):
        _on_record(presence, by=by, mark=mark, level=level, reason=reason, now=now, channel=channel)
        state = _state(mark.is_present, is_white)
        audit.record(
            by=by,
            action="presence.corrected",
            at=now,
            why=reason,
            subjects=[f"child:{child_id}", Source.of_presence(presence.pk), f"roll_call:{presence.roll_call_id}"],
            data={"day": day_short(day), "state": state},
        )
    return Marked(presence.pk, child_id, mark.is_present, due)


def _is_due(child_id: int, service_id: int, day: date, mark: Mark) -> bool:
    """Tell whether a day is charged that the school corrects."""
    (of_child,) = folding.days_of(child_ids=[child_id], service_id=service_id, day=day)
    holds = fold(of_child.facts, mode=of_child.mode).because
    if holds and holds.level == CORRECTION:
        raise SettledByOffice
    is_booked = wish(of_child.facts, mode=of_child.mode).is_booked
    return is_due(mode=of_child.mode, is_booked=is_booked, is_present=mark.is_present)


@dataclass(frozen=True, slots=True)
class Corrected:
    """A presence of a confirmed roll-call, and what it becomes."""

    mark: DayMark
    is_present: bool
    is_white: bool


@operation
def correct_many(*, by: Actor, service_id: int, rows: Sequence[Corrected], reason: str, now: datetime, channel: str) -> None:
    """
    Correct many presences in one act, each on record: six statements, however many.

    :raises NotHeld: the children's wallets are not held
    """
    check_held(child_ids=(row.mark.child_id for row in rows), service_id=service_id)
    presence_ids = [row.mark.presence_id for row in rows]
    calls = set(Presence.objects.filter(pk__in=presence_ids).values_list("roll_call_id", flat=True))
    operations.hold_calls(roll_call_ids=calls)
    values: sql.Values = {
        "town": active_town_id(),
        "presences": presence_ids,
        "present": [row.is_present for row in rows],
        "white": [row.is_white for row in rows],
        "by": by.actor_id,
        "now": now,
        "note": reason,
        "channel": channel,
    }
    sql.run(marking.CORRECT_MANY, values)
    RollCall.objects.filter(pk__in=calls).update(changes=F("changes") + 1)
    told = [
        (
            (f"child:{row.mark.child_id}", Source.of_presence(row.mark.presence_id)),
            {"day": day_short(row.mark.day), "state": _state(row.is_present, row.is_white)},
        )
        for row in rows
    ]
    audit.record_each(by=by, action="presence.corrected", at=now, told=told, why=reason)


def _state(is_present: bool, is_white: bool) -> str:
    return "presente, in bianco" if is_white else "presente" if is_present else "assente"


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
        operations.count(by=by, roll_call_id=roll_call_id, adults=adults, now=now, is_confirmed=True, note=reason)
        audit.record(
            by=by,
            action="roll_call.adults_corrected",
            at=now,
            why=reason,
            subjects=[f"roll_call:{roll_call_id}"],
            data={"before": before, "adults": adults},
        )


def _is_said(presence: Presence, mark: Mark, level: int) -> bool:
    """Tell whether the last word on the day, of this strength, was the same correction."""
    of_day = DayEvent.objects.filter(child_id=presence.child_id, service_id=presence.service_id, day=presence.day)
    last = of_day.filter(level=level).order_by("-made_at", "-id").first()
    says = (mark.is_present, bool(mark.is_white))
    return last is not None and last.kind == "corrected" and (last.is_on, last.is_white) == says


def _on_record(presence: Presence, *, by: Actor, mark: Mark, level: int, reason: str, now: datetime, channel: str) -> None:
    DayEvent.objects.create(
        service_id=presence.service_id,
        day=presence.day,
        class_group_id=presence.roll_call.class_group_id,
        child_id=presence.child_id,
        kind="corrected",
        channel=channel,
        level=level,
        by_id=by.actor_id,
        received_at=now,
        made_at=now,
        is_on=mark.is_present,
        is_white=bool(mark.is_white),
        is_late=mark.is_late,
        note=reason,
    )


def _presence_to_correct(*, child_id: int, service_id: int, day: date) -> Presence:
    """Return the presence, its roll-call under lock; a new one when the child came to a class that had confirmed already."""
    of_day = Presence.objects.filter(child_id=child_id, service_id=service_id, day=day)
    settled = of_day.exclude(roll_call__confirmed_at=None).select_related("roll_call")
    if confirmed := settled.first():
        # The child's wallets are held: nobody else writes a presence of a confirmed roll-call.
        operations.hold_calls(roll_call_ids=[confirmed.roll_call_id])
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
    if call is None or child_id not in [row[0] for row in sql.rows(sheets.EXPECTED, expected)]:
        raise NotFound("Per questo bambino quel giorno non c’è stato l’appello, o non è ancora confermato.")
    presence = of_day.first() or Presence(child_id=child_id, service_id=service_id, day=day)
    presence.roll_call = call
    return presence
