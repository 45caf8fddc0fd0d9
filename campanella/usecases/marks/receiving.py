"""
The marks that a tablet hands in, hours after they were made or at once: each gets its own answer, and none blocks the rest.

1. Look at what they speak of; what cannot be is refused, and kept as it came. 2. Service by service and day by day: hold the
children's wallets, then the roll-calls; put on record; fold the days again. 3. Confirm. Each step is one transaction: a kill
between two loses nothing, because what was not answered is sent again, and what was answered is answered the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from campanella.domains.accounts.models import Device
from campanella.domains.accounts.queries import Operator
from campanella.domains.accounts.rules import clock_ahead
from campanella.domains.attendance import folding, receiving
from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance.folding import DayOfChild, by_author
from campanella.domains.attendance.models import RollCall
from campanella.domains.attendance.moments import clock_error, in_sequence
from campanella.domains.attendance.operations import AlreadyConfirmed, Call, ClosedMeanwhile, Sent
from campanella.domains.attendance.receiving import Answer, Key, Said
from campanella.domains.attendance.refusing import Unfit
from campanella.domains.ledger import holding
from campanella.domains.services import queries as services
from campanella.foundation.core.scope import active_town_id, scope, use_case
from campanella.readings import handed_in
from campanella.readings.handed_in import Asked, Known, Spot
from campanella.usecases import mealtime
from campanella.usecases.marks import judging, placing
from campanella.usecases.marks.placing import SEQ_TAKEN, HandedIn, Placed
from campanella.usecases.marks.refusing import refuse, reused


def receive(*, device: Device, sent_at: datetime | None, handed: Sequence[HandedIn], now: datetime) -> dict[Key, Answer]:
    """
    Receive what a tablet hands in, and answer for each mark; one that was answered before gets the same answer.

    :param sent_at: the tablet's clock at sending: by it every moment is corrected; None where it showed what no clock shows
    """
    first: dict[UUID, HandedIn] = {}
    others: dict[Key, HandedIn] = {}
    for sent in handed:
        if first.setdefault(sent.key.event_id, sent).key != sent.key:
            others.setdefault(sent.key, sent)
    with scope(active_town_id()):
        known = _known(device, first.values())
    ahead = None if sent_at is None else _ahead(device, sent_at - now)
    judged = [(one, placing.place(handed=one, known=known, device=device, ahead=ahead, now=now)) for one in first.values()]
    placed = [found for _, found in judged if isinstance(found, Placed)]
    unfit = [Unfit(one.key, one.content, why) for one, why in judged if isinstance(why, str)]
    answers: dict[Key, Answer] = {}
    for (_, day), group in _by_service_and_day(placed).items():
        answers |= take(device=device, placed=group, day=day, now=now)
    for one in sorted(placed, key=lambda one: one.handed.seq):
        if one.handed.kind == "confirmed":
            answers |= confirm(device=device, placed=one, now=now)
    # Something else under an id of this very batch: that one is told what it was told, this one that the id is used.
    unfit += [reused(one.key, one.content) for one in others.values()]
    if unfit:
        answers |= refuse(device=device, unfit=unfit, now=now)
    return answers


@use_case
def take(*, device: Device, placed: Sequence[Placed], day: date, now: datetime) -> dict[Key, Answer]:
    """Take the marks of one service on one day: put them on record, and let the days follow."""
    receiving.take_turns(device_id=device.pk)
    given = receiving.given(
        device_id=device.pk, keys=[one.handed.key for one in placed], seqs=[one.handed.seq for one in placed]
    )
    answers = given.answers
    fresh = sorted((one for one in placed if one.handed.key not in answers), key=lambda one: one.handed.seq)
    fresh, unfit = _without_taken_seqs(fresh, given.moments)
    fresh, senseless = _without_senseless_hours(fresh, day)
    unfit += [reused(one.handed.key, one.handed.content) for one in placed if _is_reuse(answers, one)]
    if unfit or senseless:
        answers |= refuse(device=device, unfit=[*unfit, *senseless], now=now)
    if not fresh:
        return answers
    fresh = _dated(fresh, given.moments, now)
    service_id = fresh[0].service_id
    counting = sorted({one.handed.child_id for one in fresh if one.handed.child_id and not one.kept})
    payers = holding.hold_payers(child_ids=counting, service_id=service_id) if counting else {}
    calls = {call.class_group_id: call for call in _held(fresh, service_id, day)}
    days = {one.child_id: one for one in _days(counting, service_id, day)}
    if any(_has_moved(one, days) for one in fresh):
        # Since it was placed; it is marked where it is now, and moves no more: its wallets are held.
        known = _known(device, [one.handed for one in fresh])
        fresh = [placing.placed_anew(placed=one, known=known) if _has_moved(one, days) else one for one in fresh]
        calls = {call.class_group_id: call for call in _held(fresh, service_id, day)}
        days = {one.child_id: one for one in _days(counting, service_id, day)}
    said = judging.said(placed=fresh, device=device, calls=calls, days=days, now=now)
    authors = _authors(fresh, said)
    marked = receiving.take_in(
        said=said,
        days=days.values(),
        authors=authors,
        device_id=device.pk,
        service_id=service_id,
        day=day,
        why=f"segni del {device.called}",
        now=now,
    )
    for by, marks in by_author(marked, authors).items():
        service = services.service_with(service_id=service_id)
        mealtime.charge_again(by=by, service=service, day=day, marked=marks, payers=payers, now=now)
    if any(one.handed.mark is None or one.handed.hour for one in fresh):
        classes = sorted({one.class_group_id for one in fresh})
        receiving.follow(class_group_ids=classes, service_id=service_id, day=day)
    return answers | {one.key: one.answer for one in said}


@use_case
def confirm(*, device: Device, placed: Placed, now: datetime) -> dict[Key, Answer]:
    """Confirm a class and charge those who are there; a class that is confirmed already stays as it is."""
    receiving.take_turns(device_id=device.pk)
    handed, day, service_id = placed.handed, placed.handed.day, placed.service_id
    given = receiving.given(device_id=device.pk, keys=[handed.key], seqs=[handed.seq])
    if _is_reuse(given.answers, placed):
        return refuse(device=device, unfit=[reused(handed.key, handed.content)], now=now)
    if given.answers:
        return given.answers
    if handed.seq in given.moments:
        return refuse(device=device, unfit=[Unfit(handed.key, handed.content, SEQ_TAKEN)], now=now)
    (placed,) = _dated([placed], given.moments, now)
    answer = Answer("kept", placed.kept) if placed.kept else Answer("accepted")
    if not placed.kept:
        sent = Sent(handed.key.event_id, device.pk, handed.seq, placed.made_at, handed.key.digest)
        service = services.service_with(service_id=service_id)
        call = RollCall(class_group_id=placed.class_group_id, service=service, day=day)
        try:
            mealtime.confirm(by=placed.by, roll_call=call, absent_ids=[], adults=None, now=now, sent=sent)
        except AlreadyConfirmed:
            # Two tablets, or the page a moment before: what was wanted is so.
            pass
        except ClosedMeanwhile as closed:
            answer = Answer("kept", closed.message)
        else:
            receiving.follow(class_group_ids=[placed.class_group_id], service_id=service_id, day=day)
            return {handed.key: answer}
    said = [placed.said(answer, counts=False)]
    receiving.put_on_record(said=said, device_id=device.pk, service_id=service_id, day=day, now=now)
    return {handed.key: answer}


def _ahead(device: Device, measured: timedelta) -> timedelta:
    """Return by how much a tablet's clock is ahead, as this contact and those before tell; a slow way moves nothing."""
    before = None if device.clock_ahead_ms is None else timedelta(milliseconds=device.clock_ahead_ms)
    return clock_error(clock_ahead(measured=measured, before=before))


def _dated(fresh: Sequence[Placed], known: Mapping[int, datetime], now: datetime) -> list[Placed]:
    """Give each mark the moment that goes on record: a tablet's own count is never turned round by its clock or the way."""
    moments = in_sequence({one.handed.seq: one.clocked for one in fresh}, known=known, now=now)
    return [replace(one, made_at=moments[one.handed.seq]) for one in fresh]


def _is_reuse(answers: Mapping[Key, Answer], one: Placed) -> bool:
    found = answers.get(one.handed.key)
    return found is not None and found.is_reuse


def _known(device: Device, handed: Iterable[HandedIn]) -> Known:
    every = list(handed)
    return handed_in.known(
        device_id=device.pk,
        operator_ids=[one.operator_id for one in every],
        asked=[Asked(one.child_id, one.service, one.day) for one in every if one.child_id],
        spots=[Spot(one.class_id, one.service, one.day) for one in every],
    )


def _held(fresh: Sequence[Placed], service_id: int, day: date) -> list[Call]:
    """Begin and hold the roll-calls of the classes whose marks may count; a tap on a page waits."""
    classes = sorted({one.class_group_id for one in fresh if not one.kept})
    return attendance.hold(class_group_ids=classes, service_id=service_id, day=day) if classes else []


def _days(counting: Sequence[int], service_id: int, day: date) -> list[DayOfChild]:
    return folding.days_of(child_ids=counting, service_id=service_id, day=day) if counting else []


def _has_moved(one: Placed, days: Mapping[int, DayOfChild]) -> bool:
    of_day = days.get(one.handed.child_id or 0)
    return not one.kept and of_day is not None and of_day.class_group_id != one.class_group_id


def _without_taken_seqs(fresh: Sequence[Placed], known: Mapping[int, datetime]) -> tuple[list[Placed], list[Unfit]]:
    """Leave out marks whose count is another's: a tablet counts each of its marks once."""
    taken = set(known)
    kept: list[Placed] = []
    twice: list[Unfit] = []
    for one in fresh:
        if one.handed.seq in taken:
            twice.append(Unfit(one.handed.key, one.handed.content, SEQ_TAKEN))
        else:
            kept.append(one)
            taken.add(one.handed.seq)
    return kept, twice


def _without_senseless_hours(fresh: Sequence[Placed], day: date) -> tuple[list[Placed], list[Unfit]]:
    """Leave out children who would have left before they came."""
    leaving = [one.handed.child_id for one in fresh if one.handed.kind == "left" and one.handed.hour and one.handed.child_id]
    if not leaving:
        return list(fresh), []
    arrived = receiving.arrived(child_ids=leaving, service_id=fresh[0].service_id, day=day)
    kept: list[Placed] = []
    senseless: list[Unfit] = []
    for one in fresh:
        handed, child = one.handed, one.handed.child_id or 0
        why = judging.hour_refused(left=handed.hour, arrived=arrived.get(child)) if handed.kind == "left" else ""
        if why:
            senseless.append(Unfit(handed.key, handed.content, why))
            continue
        kept.append(one)
        if handed.kind == "arrived" and handed.hour:
            arrived[child] = handed.hour
    return kept, senseless


def _by_service_and_day(placed: Iterable[Placed]) -> dict[tuple[int, date], list[Placed]]:
    groups: dict[tuple[int, date], list[Placed]] = defaultdict(list)
    for one in placed:
        if one.handed.kind != "confirmed":
            groups[one.service_id, one.handed.day].append(one)
    return dict(groups)


def _authors(fresh: Sequence[Placed], said: Sequence[Said]) -> dict[int, Operator]:
    """Return by child whose marks decide: of two authors, the later one's name stands beside the child."""
    return {
        one.handed.child_id: one.by for one, goes in zip(fresh, said, strict=True) if goes.counts and one.handed.child_id
    }
