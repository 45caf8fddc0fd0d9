"""Putting on record what families ask, each of its days an event, and folding it into what is booked."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from campanella.domains.attendance.asked import DayAsked, DayOfLine, Line
from campanella.domains.attendance.events import CutOffMoved, FamilyAsked
from campanella.domains.attendance.fact_rules import REQUEST, Wish
from campanella.domains.attendance.judging import Judged, Moments
from campanella.domains.attendance.models import CutOffShift, DayEvent, FamilyRequest
from campanella.domains.attendance.statements import wishes
from campanella.foundation.core import audit, clock, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.events import publish
from campanella.foundation.core.italian import day_short
from campanella.foundation.core.scope import active_town_id, operation

audit.sentences(
    {
        "family.asked": "ha {what}: {days}, n. {number}",
        "cut_off.moved": "ha spostato la chiusura del {day} alle {until}",
        "own_hour.moved": "ha spostato l’ora fino a cui si può {what}, per il {day}, alle {until}",
        "family.refused": "ha chiesto e non ha ottenuto ({what}): {days}, n. {number}",
        "family.key_used": (
            "ha mandato un’altra richiesta con il modulo della n. {number}, e non è stata presa: {what}, {days}"
        ),
    }
)

WORDS = {
    "cancel": "disdetto",
    "book": "prenotato",
    "white": "chiesto il pasto in bianco",
    "packed": "chiesto il pranzo al sacco",
    "keep": "tenuto, benché il registro dica assente",
    "undo": "annullato una richiesta",
}

# What an hour of its own is for.
MOVED = {"book": "prenotare", "white": "chiedere il pasto in bianco", "packed": "chiedere il pranzo al sacco"}


@operation
def change_classes(*, days: Sequence[DayAsked]) -> None:
    """
    Hold the roll-calls of these days and count a change of each, so that a confirmation and a board see it: two statements.

    The children's wallets are held before.
    """
    values = {
        "town": active_town_id(),
        "classes": [day.class_group_id for day in days],
        "services": [day.service_id for day in days],
        "days": [day.day for day in days],
    }
    sql.run(wishes.BEGIN_CLASSES, values)
    sql.run(wishes.CHANGE_CLASSES, values)


@operation
def put_on_record(
    *,
    by: Actor,
    key: UUID,
    digest: UUID,
    action: str,
    channel: str,
    moments: Moments,
    days: Sequence[Judged],
    undoes: FamilyRequest | None,
    now: datetime,
    note: str = "",
    left_out: Mapping[Line, Sequence[date]] | None = None,
) -> FamilyRequest:
    """
    Write a request down with its number, and an event for each of its days; whether it counts or not. Four statements.

    :param digest: of what is asked
    :param undoes: the request that it takes back, for the days of it that are given
    :param left_out: days that were asked for and on which the child does not use the service
    """
    request = FamilyRequest.objects.create(
        key=key,
        digest=digest,
        number=_next_number(moments.received_at),
        action=action,
        channel=channel,
        by_id=by.actor_id,
        received_at=moments.received_at,
        made_at=min(moments.tapped_at or moments.made_at, moments.received_at),
        undoes=undoes,
        note=note,
        left_out=[[*line, [day.isoformat() for day in of_line]] for line, of_line in (left_out or {}).items()],
    )
    DayEvent.objects.bulk_create(
        DayEvent(
            service_id=day.asked.service_id,
            day=day.asked.day,
            child_id=day.asked.child_id,
            kind="undone" if undoes else "asked",
            channel=channel,
            level=REQUEST,
            by_id=by.actor_id,
            received_at=moments.received_at,
            made_at=moments.made_at,
            counts=day.counts,
            cut_off=day.cut_off,
            # The fold looks for the request that is taken back.
            request=undoes or request,
            # Of two requests of one instant the later number holds.
            seq=request.pk,
            is_on=day.is_on,
            is_white=day.is_white,
            is_packed=day.is_packed,
            note=note,
            answer=day.answer,
        )
        for day in days
    )
    audit.record(
        by=by,
        action="family.asked" if any(day.counts for day in days) else "family.refused",
        at=now,
        subjects=[*sorted({f"child:{day.asked.child_id}" for day in days}), f"family_request:{request.pk}"],
        data={"what": WORDS[action], "days": _told(days), "number": request.number},
    )
    publish(FamilyAsked(number=request.number))
    return request


@operation
def note_key_used(
    *, by: Actor, number: str, action: str, child_ids: Sequence[int], days: Sequence[date], now: datetime
) -> None:
    """
    Put on record, for the office, what somebody wanted who sent it by the form of another request; nothing of it is taken.

    :param number: of the request that the form was used for
    """
    words = {"what": WORDS[action], "days": _in_words(days), "number": number}
    audit.record(
        by=by, action="family.key_used", at=now, subjects=[f"child:{child_id}" for child_id in child_ids], data=words
    )


@operation
def book(*, wanted: Mapping[DayOfLine, Wish]) -> None:
    """Write down what families want, folded from what they asked; two statements, whatever the number of days."""
    said = [(key, wish, wish.because.request) for key, wish in wanted.items() if wish.because]
    unsaid = [key for key, wish in wanted.items() if not wish.because]
    values: dict[str, object] = {
        **_keys([key for key, _, _ in said]),
        "booked": [wish.is_booked for _, wish, _ in said],
        "white": [wish.is_white for _, wish, _ in said],
        "packed": [wish.is_packed for _, wish, _ in said],
        "requests": [request for _, _, request in said],
    }
    if said:
        sql.run(wishes.BOOK, values)
    if unsaid:
        sql.run(wishes.UNBOOK, _keys(unsaid))


@operation
def move_cut_off(
    *,
    by: Actor,
    day: date,
    service_id: int | None,
    school_id: int | None,
    until: datetime,
    reason: str,
    now: datetime,
    action: str = "",
) -> CutOffShift:
    """
    Move the cut-off of a day; the kitchen and the office are told.

    :param action: what is asked until an hour of its own, where that is what moves
    :param service_id: None moves it for every service, as ``school_id`` for every school
    """
    shift = CutOffShift.objects.create(
        day=day,
        service_id=service_id,
        school_id=school_id,
        action=action,
        until=until,
        reason=reason,
        at=now,
        by_id=by.actor_id,
    )
    data = {"day": day_short(day), "until": f"{until.astimezone(clock.ROME):%H:%M:%S}", "what": MOVED.get(action, "")}
    told = "own_hour.moved" if action else "cut_off.moved"
    audit.record(by=by, action=told, at=now, why=reason, subjects=[f"day:{day}"], data=data)
    publish(CutOffMoved(shift_id=shift.pk))
    return shift


def request_of(*, request_id: int) -> FamilyRequest:
    """Return a request that is to be taken back."""
    return FamilyRequest.objects.get(pk=request_id)


def _keys(keys: Sequence[DayOfLine]) -> dict[str, object]:
    return {
        "town": active_town_id(),
        "children": [child_id for child_id, _, _ in keys],
        "services": [service_id for _, service_id, _ in keys],
        "days": [day for _, _, day in keys],
    }


def _next_number(received_at: datetime) -> str:
    """
    Take the town's next number of the month: D-2610-04417.

    Its lock lasts until the end of the transaction: it is taken last, so that nobody waits for it long.
    """
    month = clock.day_of(received_at).replace(day=1)
    (number,) = sql.row(wishes.NEXT_NUMBER, {"town": active_town_id(), "month": month}) or (0,)
    return f"D-{month:%y%m}-{number:05d}"


def _told(days: Sequence[Judged]) -> str:
    return _in_words([day.asked.day for day in days])


def _in_words(days: Sequence[date]) -> str:
    found = sorted(set(days))
    return (
        day_short(found[0])
        if len(found) == 1
        else f"{len(found)} giorni dal {day_short(found[0])} al {day_short(found[-1])}"
    )
