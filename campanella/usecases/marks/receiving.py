"""
The marks that a tablet hands in, hours after they were made or at once: each gets its own answer, and none blocks the rest.

1. Look at what they speak of; what cannot be is refused, and kept as it came. 2. Service by service and day by day: hold the
children's wallets, then the roll-calls; put on record; fold the days again. 3. Confirm. Each step is one transaction: a kill
between two loses nothing, because what was not answered is sent again, and what was answered is answered the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from campanella.domains.accounts.models import Device
from campanella.domains.accounts.queries import Operator
from campanella.domains.attendance import folding, receiving
from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance.folding import DayOfChild, by_author
from campanella.domains.attendance.models import RollCall
from campanella.domains.attendance.operations import AlreadyConfirmed, Call, ClosedMeanwhile, Sent
from campanella.domains.attendance.receiving import Answer, Said, Unfit
from campanella.domains.ledger import holding
from campanella.domains.services import queries as services
from campanella.foundation.core.scope import active_town_id, scope, use_case
from campanella.readings import handed_in
from campanella.readings.handed_in import Asked, Known, Spot
from campanella.usecases import mealtime
from campanella.usecases.marks import judging
from campanella.usecases.marks.judging import SEQ_TAKEN, HandedIn, Placed


def receive(*, device: Device, sent_at: datetime, handed: Sequence[HandedIn], now: datetime) -> dict[UUID, Answer]:
    """
    Receive what a tablet hands in, and answer for each mark; one that was answered before gets the same answer.

    :param sent_at: the tablet's clock at sending: by it every moment is corrected
    """
    first: dict[UUID, HandedIn] = {}
    for sent in handed:
        first.setdefault(sent.event_id, sent)
    with scope(active_town_id()):
        known = _known(device, first.values())
    judged = {
        key: judging.place(handed=one, known=known, device=device, ahead=sent_at - now, now=now)
        for key, one in first.items()
    }
    placed = [one for one in judged.values() if isinstance(one, Placed)]
    unfit = [Unfit(key, first[key].content, why) for key, why in judged.items() if isinstance(why, str)]
    answers: dict[UUID, Answer] = {}
    for (_, day), group in _by_service_and_day(placed).items():
        answers |= take(device=device, placed=group, day=day, now=now)
    for one in sorted(placed, key=lambda one: one.handed.seq):
        if one.handed.kind == "confirmed":
            answers[one.handed.event_id] = confirm(device=device, placed=one, now=now)
    if unfit:
        answers |= refuse(device=device, unfit=unfit, now=now)
    return answers


@use_case
def take(*, device: Device, placed: Sequence[Placed], day: date, now: datetime) -> dict[UUID, Answer]:
    """Take the marks of one service on one day: put them on record, and let the days follow."""
    receiving.take_turns(device_id=device.pk)
    event_ids, seqs = [one.handed.event_id for one in placed], [one.handed.seq for one in placed]
    given = receiving.given(device_id=device.pk, event_ids=event_ids, seqs=seqs)
    answers = given.answers
    fresh = sorted((one for one in placed if one.handed.event_id not in answers), key=lambda one: one.handed.seq)
    fresh, twice = _without_taken_seqs(fresh, given.seqs)
    if twice:
        answers |= refuse(device=device, unfit=twice, now=now)
    if not fresh:
        return answers
    service_id = fresh[0].service_id
    counting = sorted({one.handed.child_id for one in fresh if one.handed.child_id and not one.kept})
    payers = holding.hold_payers(child_ids=counting, service_id=service_id) if counting else {}
    calls = {call.class_group_id: call for call in _held(fresh, service_id, day)}
    days = {one.child_id: one for one in _days(counting, service_id, day)}
    said = [
        judging.said(placed=one, device=device, call=calls.get(one.class_group_id), known=days.get(one.handed.child_id or 0))
        for one in fresh
    ]
    authors = _authors(fresh, said)
    marked = receiving.take_in(
        said=said,
        days=days.values(),
        authors=authors,
        device_id=device.pk,
        service_id=service_id,
        day=day,
        why=f"segni del tablet {device.name}",
        now=now,
    )
    for by, marks in by_author(marked, authors).items():
        service = services.service_with(service_id=service_id)
        mealtime.charge_again(by=by, service=service, day=day, marked=marks, payers=payers, now=now)
    if any(one.handed.mark is None or one.handed.hour for one in fresh):
        classes = sorted({one.class_group_id for one in fresh})
        receiving.follow(class_group_ids=classes, service_id=service_id, day=day)
    return answers | {one.event_id: one.answer for one in said}


@use_case
def confirm(*, device: Device, placed: Placed, now: datetime) -> Answer:
    """Confirm a class and charge those who are there; a class that is confirmed already stays as it is."""
    receiving.take_turns(device_id=device.pk)
    handed, day, service_id = placed.handed, placed.handed.day, placed.service_id
    given = receiving.given(device_id=device.pk, event_ids=[handed.event_id], seqs=[handed.seq])
    if given.answers:
        return given.answers[handed.event_id]
    if given.seqs:
        return refuse(device=device, unfit=[Unfit(handed.event_id, handed.content, SEQ_TAKEN)], now=now)[handed.event_id]
    answer = Answer("kept", placed.kept) if placed.kept else Answer("accepted")
    if not placed.kept:
        sent = Sent(handed.event_id, device.pk, handed.seq, placed.made_at)
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
            return answer
    said = [placed.said(answer, counts=False)]
    receiving.put_on_record(said=said, device_id=device.pk, service_id=service_id, day=day, now=now)
    return answer


@use_case
def refuse(*, device: Device, unfit: Sequence[Unfit], now: datetime) -> dict[UUID, Answer]:
    """Keep what cannot be taken, as it came, for the office to see; what was answered before keeps its answer."""
    given = receiving.given(device_id=device.pk, event_ids=[one.event_id for one in unfit], seqs=[]).answers
    fresh = [one for one in unfit if one.event_id not in given]
    receiving.refuse(unfit=fresh, device_id=device.pk, now=now)
    return given | {one.event_id: Answer("refused", one.sentence) for one in fresh}


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


def _without_taken_seqs(fresh: Sequence[Placed], used: set[int]) -> tuple[list[Placed], list[Unfit]]:
    """Leave out marks whose count is another's: a tablet counts each of its marks once."""
    taken = set(used)
    kept: list[Placed] = []
    twice: list[Unfit] = []
    for one in fresh:
        if one.handed.seq in taken:
            twice.append(Unfit(one.handed.event_id, one.handed.content, SEQ_TAKEN))
        else:
            kept.append(one)
            taken.add(one.handed.seq)
    return kept, twice


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
