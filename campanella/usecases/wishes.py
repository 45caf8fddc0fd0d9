"""
What families ask for their days: cancel, book, white meal, packed lunch, and taking it back before the cut-off.

One act asks for any number of days of any number of children, and has one outcome number; each day of it is an event,
judged when it comes in, on record whether it counts or not. The children's wallets are held first: whoever confirms or
freezes the same day comes before or after, and a request that counts though the day is charged already gives the money back.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from campanella.domains.accounts.models import User
from campanella.domains.applying import admitting
from campanella.domains.attendance import answers, asked, wishing
from campanella.domains.attendance.answers import Answer
from campanella.domains.attendance.asked import DayAsked, DayOfLine, Line
from campanella.domains.attendance.digests import digest_of
from campanella.domains.attendance.fact_rules import Fact, wish
from campanella.domains.attendance.judging import Arrival, Judged, Judging
from campanella.domains.attendance.models import FamilyRequest
from campanella.domains.attendance.rules import Action
from campanella.domains.ledger import holding
from campanella.domains.people import queries as people
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.scope import use_case
from campanella.usecases import contests, outages, wished

LONGEST = 366


class NothingToAsk(Refusal):
    """On none of these days does the child use the service."""

    message = "In quei giorni non c’è servizio: non devi disdire nulla."


class NotEnrolled(NothingToAsk):
    """Only the enrolled are admitted to the service, and the child's application is not accepted."""

    message = (
        "Per prenotare serve la domanda d’iscrizione accettata: guarda in Utility, Iscrizioni, o chiedi all’ufficio. "
        "Se quel giorno è a scuola mangia lo stesso."
    )


class TooManyDays(Refusal):
    """More days than a school year has."""

    message = "Sono troppi giorni insieme: scegli un periodo più corto di un anno."


class KeyUsed(Refusal):
    """The form was used for another request: the same again gets its first answer, something else is no repeat."""

    def __init__(self, number: str) -> None:
        self.number = number
        super().__init__(
            f"Questa pagina è già servita per la richiesta n. {number}: quella che hai mandato adesso è diversa "
            "e non è stata presa. Controlla che cosa chiedi e manda di nuovo."
        )


def ask(
    *,
    by: Actor,
    lines: Sequence[Line],
    days: Collection[date],
    action: Action,
    key: UUID,
    arrival: Arrival,
    now: datetime,
    has_certificate: bool = False,
    note: str = "",
) -> Answer:
    """
    Ask one thing for some days of some children; about fifteen statements, whatever their number.

    :param lines: children, each with the service it is asked for
    :param key: of the form or the phone: what comes a second time is told the same, and changes nothing
    :param has_certificate: the office has seen one: the limits of white meals do not hold
    :returns: the outcome number and what was told of each day; a day that is too late is on record and changes nothing
    :raises NotFound: one of the children is not this user's
    :raises NothingToAsk: the children do not use the service on any of these days
    :raises NotEnrolled: a family books what its child was not admitted to
    :raises TooManyDays: more than a year of them
    :raises KeyUsed: something else was asked by this key before; what is asked now is on record, and not taken
    """
    lines, days = list(dict.fromkeys(lines)), sorted(set(days))
    with _told_where_key_is_used(by, action, [child_id for child_id, _ in lines], days, now):
        return _ask(
            by=by,
            lines=lines,
            days=days,
            action=action,
            key=key,
            arrival=arrival,
            now=now,
            has_certificate=has_certificate,
            note=note,
        )


def take_back(
    *, by: Actor, number: str, key: UUID, arrival: Arrival, now: datetime, days: Collection[date] | None = None
) -> Answer:
    """
    Take a request back, or some days of it, as far as their cut-off has not passed: the day is as it was before.

    :param number: of the request; any adult who sees its children may
    :raises NotFound: it is of other children
    :raises NothingToAsk: nothing of it holds any more
    :raises KeyUsed: something else was asked by this key before
    """
    before = answers.answer(number=number)
    children, its_days = [day.child_id for day in before.days], [day.day for day in before.days]
    with _told_where_key_is_used(by, "undo", children, its_days, now):
        return _take_back(by=by, before=before, key=key, arrival=arrival, now=now, days=days)


@use_case
def _ask(
    *,
    by: Actor,
    lines: Sequence[Line],
    days: Sequence[date],
    action: Action,
    key: UUID,
    arrival: Arrival,
    now: datetime,
    has_certificate: bool,
    note: str,
) -> Answer:
    _check_seen(by, arrival, {child_id for child_id, _ in lines})
    if len(days) > LONGEST:
        raise TooManyDays
    holding.hold_children(child_ids=sorted({child_id for child_id, _ in lines}))
    digest = digest_of([action, sorted(lines), days, note])
    if before := _told_before(by, key, digest):
        return before
    found = [day for day in asked.days_of(lines=lines, days=days) if day.is_served]
    if not found:
        raise NothingToAsk
    if action == "book" and arrival.channel == "portal":
        _check_enrolled(found)
    wishing.change_classes(days=found)
    # Read again under the classes' locks: one of them may have been confirmed in this moment.
    found = [day for day in asked.days_of(lines=lines, days=days) if day.is_served]
    judging, judged = _judge(found, arrival, action, has_certificate=has_certificate, now=now)
    request = wishing.put_on_record(
        by=by,
        key=key,
        digest=digest,
        action=action,
        channel=arrival.channel,
        moments=judging.moments,
        days=judged,
        undoes=None,
        note=note,
        left_out=_left_out(lines, days, found),
        now=now,
    )
    _tell_doubts(judged, request=request, by=by, arrival=arrival, now=now)
    _fold(judged, request=request, by=by, arrival=arrival, now=now)
    return _told(by, key, digest)


@use_case
def _take_back(
    *, by: Actor, before: Answer, key: UUID, arrival: Arrival, now: datetime, days: Collection[date] | None
) -> Answer:
    wanted = [day for day in before.days if day.counts and (days is None or day.day in days)]
    _check_seen(by, arrival, {day.child_id for day in before.days})
    if before.undoes_id or not wanted:
        raise NothingToAsk("Questa richiesta non vale più: non c’è nulla da annullare.")
    holding.hold_children(child_ids=sorted({day.child_id for day in wanted}))
    digest = digest_of(["undo", before.number, None if days is None else sorted(days)])
    if told := _told_before(by, key, digest):
        return told
    keys = {(day.child_id, day.service_id, day.day) for day in wanted}
    lines = sorted({(child_id, service_id) for child_id, service_id, _ in keys})
    facts = asked.wishes_of(days=sorted(keys))
    live = {
        key
        for key in keys
        if not any(fact.kind == "undone" and fact.counts and fact.request == before.request_id for fact in facts[key])
    }
    found = [day for day in asked.days_of(lines=lines, days=sorted({day for _, _, day in live})) if day.key in live]
    if not found:
        raise NothingToAsk("Questa richiesta è già stata annullata.")
    wishing.change_classes(days=found)
    found = [day for day in asked.days_of(lines=lines, days=sorted({day for _, _, day in live})) if day.key in live]
    again = frozenset(day.key for day in found if _brings_white(day, facts[day.key], before.request_id))
    judging, judged = _judge(found, arrival, "undo", white_again=again, now=now)
    request = wishing.put_on_record(
        by=by,
        key=key,
        digest=digest,
        action="undo",
        channel=arrival.channel,
        moments=judging.moments,
        days=judged,
        undoes=wishing.request_of(request_id=before.request_id),
        now=now,
    )
    _tell_doubts(judged, request=request, by=by, arrival=arrival, now=now)
    _fold(judged, request=request, by=by, arrival=arrival, now=now)
    return _told(by, key, digest)


def _left_out(lines: Sequence[Line], days: Sequence[date], found: Sequence[DayAsked]) -> dict[Line, list[date]]:
    """Return what is asked for and not used by the child: a class that stays at home that day, a child not enrolled."""
    used = {day.key for day in found}
    unused = {line: [day for day in days if (*line, day) not in used] for line in lines}
    return {line: of_line for line, of_line in unused.items() if of_line}


def _judge(
    found: Sequence[DayAsked],
    arrival: Arrival,
    action: Action | Literal["undo"],
    *,
    now: datetime,
    has_certificate: bool = False,
    white_again: frozenset[DayOfLine] = frozenset(),
) -> tuple[Judging, list[Judged]]:
    """Judge days that are held; where one is not in time, look whether the pages were away in the last hour, and again."""

    def once() -> tuple[Judging, list[Judged]]:
        judging = Judging.of(found, arrival, action, has_certificate=has_certificate, white_again=white_again)
        return judging, [judging.judged(day) for day in found]

    judging, judged = once()
    if any(day.answer in ("late", "doubtful") for day in judged) and outages.move_cut_offs(now=now):
        # Who comes in the time that was lost is not late.
        return once()
    return judging, judged


def _tell_doubts(judged: Sequence[Judged], *, request: FamilyRequest, by: Actor, arrival: Arrival, now: datetime) -> None:
    """Put days before the office whose request was tapped by a clock that is too wrong."""
    doubtful = [day.asked.key for day in judged if day.answer == "doubtful"]
    if doubtful and isinstance(by, User):
        contests.doubt(by=by, number=request.number, action=request.action, days=doubtful, arrival=arrival, now=now)


def _fold(judged: Sequence[Judged], *, request: FamilyRequest, by: Actor, arrival: Arrival, now: datetime) -> None:
    counting = [day.asked for day in judged if day.counts]
    wished.fold(counting, request=request, by=by, channel=arrival.channel, came=arrival.received_at, now=now)


def _brings_white(day: DayAsked, facts: Sequence[Fact], request_id: int) -> bool:
    """Tell whether a white meal that was asked for before comes back when a request is taken back."""
    return not day.is_white and wish([fact for fact in facts if fact.request != request_id], mode=day.mode).is_white


def _check_seen(by: Actor, arrival: Arrival, child_ids: set[int]) -> None:
    """A family asks for its own children; the office and a command for those of the town."""
    if arrival.channel == "portal":
        seen = {child.id for child in people.children_of(user=by)} if isinstance(by, User) else set()
        if not child_ids or not child_ids <= seen:
            raise NotFound


def _check_enrolled(found: Sequence[DayAsked]) -> None:
    """Let a family book where its child is enrolled; what it cancels, and what a school marks, always counts."""
    days: dict[Line, list[date]] = {}
    for day in found:
        days.setdefault((day.child_id, day.service_id), []).append(day.day)
    for (child_id, service_id), of_line in days.items():
        if not admitting.admits(service_id=service_id, child_id=child_id, days=of_line):
            raise NotEnrolled


def _told_before(by: Actor, key: UUID, digest: UUID) -> Answer | None:
    found = answers.answer_to(key=key)
    if found and found.by_id != by.actor_id:
        raise NotFound
    if found and found.digest not in (digest, None):
        raise KeyUsed(found.number)
    return found


@contextmanager
def _told_where_key_is_used(
    by: Actor, action: str, child_ids: Collection[int], days: Collection[date], now: datetime
) -> Iterator[None]:
    """Put on record, apart from the act that is given up, what was wanted by a key that was used."""
    try:
        yield
    except KeyUsed as used:
        _note_key_used(by=by, number=used.number, action=action, child_ids=sorted(set(child_ids)), days=days, now=now)
        raise


@use_case
def _note_key_used(
    *, by: Actor, number: str, action: str, child_ids: Sequence[int], days: Collection[date], now: datetime
) -> None:
    wishing.note_key_used(by=by, number=number, action=action, child_ids=child_ids, days=list(days), now=now)


def _told(by: Actor, key: UUID, digest: UUID) -> Answer:
    found = _told_before(by, key, digest)
    assert found is not None
    return found
