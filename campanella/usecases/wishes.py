"""
What families ask for their days: cancel, book, white meal, packed lunch, and taking it back before the cut-off.

One act asks for any number of days of any number of children, and has one outcome number; each day of it is an event,
judged when it comes in, on record whether it counts or not. The children's wallets are held first: whoever confirms or
freezes the same day comes before or after, and a request that counts though the day is charged already gives the money back.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from campanella.domains.accounts.models import User
from campanella.domains.attendance import answers, asked, registering, wishing
from campanella.domains.attendance.answers import Answer
from campanella.domains.attendance.asked import DayAsked, DayOfLine, Line
from campanella.domains.attendance.digests import digest_of
from campanella.domains.attendance.judging import Action, Arrival, Judged, Judging
from campanella.domains.attendance.models import FamilyRequest
from campanella.domains.attendance.rules import Fact, Wish, wish
from campanella.domains.ledger import holding
from campanella.domains.people import queries as people
from campanella.domains.services import queries as services
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.scope import use_case
from campanella.usecases import contests, mealtime, outages

LONGEST = 366


class NothingToAsk(Refusal):
    """On none of these days does the child use the service."""

    message = "In quei giorni non c’è servizio: non devi disdire nulla."


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
    wishing.change_classes(days=found)
    # Read again under the classes' locks: one of them may have been confirmed in this moment.
    found = [day for day in asked.days_of(lines=lines, days=days) if day.is_served]
    judging = Judging.of(found, arrival, action, has_certificate=has_certificate)
    judged = [judging.judged(day) for day in found]
    if any(day.answer == "late" for day in judged) and outages.move_cut_offs(now=now):
        # The pages were away in the last hour: who comes in the time that was lost is not late.
        judging = Judging.of(found, arrival, action, has_certificate=has_certificate)
        judged = [judging.judged(day) for day in found]
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
        now=now,
    )
    doubtful = [day.asked.key for day in judged if day.answer == "doubtful"]
    if doubtful and isinstance(by, User):
        contests.doubt(by=by, number=request.number, days=doubtful, arrival=arrival, now=now)
    _fold(judged, judging, request=request, by=by, channel=arrival.channel, now=now)
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
    judging = Judging.of(found, arrival, "undo", has_certificate=False, white_again=again)
    judged = [judging.judged(day) for day in found]
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
    _fold(judged, judging, request=request, by=by, channel=arrival.channel, now=now)
    return _told(by, key, digest)


def _brings_white(day: DayAsked, facts: Sequence[Fact], request_id: int) -> bool:
    """Tell whether a white meal that was asked for before comes back when a request is taken back."""
    return not day.is_white and wish([fact for fact in facts if fact.request != request_id], mode=day.mode).is_white


def _fold(
    judged: Sequence[Judged], judging: Judging, *, request: FamilyRequest, by: Actor, channel: str, now: datetime
) -> None:
    """Fold what counts into what is booked, and give back or charge where the day was charged already."""
    counting = [day for day in judged if day.counts]
    if not counting:
        return
    facts = asked.wishes_of(days=[day.asked.key for day in counting])
    wanted = {day.asked.key: wish(facts[day.asked.key], mode=judging.terms_of(day.asked).mode) for day in counting}
    wishing.book(wanted=wanted)
    _answer_register(counting, wanted, judging, request=request, by=by, channel=channel, now=now)
    for (service_id, day), children in _confirmed(counting):
        service = next(service for service in services.services() if service.pk == service_id)
        mealtime.fold_again(by=by, child_ids=children, service=service, day=day, why=f"richiesta {request.number}", now=now)


def _answer_register(
    counting: Sequence[Judged],
    wanted: Mapping[DayOfLine, Wish],
    judging: Judging,
    *,
    request: FamilyRequest,
    by: Actor,
    channel: str,
    now: datetime,
) -> None:
    """Where the class register decides, let a child that it calls absent have what its family wants: a query a day."""
    days: dict[tuple[int, date], dict[int, int]] = {}
    for one in counting:
        if one.asked.mode == "register":
            days.setdefault((one.asked.service_id, one.asked.day), {})[one.asked.child_id] = one.asked.class_group_id
    for (service_id, day), groups in days.items():
        words = registering.answers(wanted=wanted, groups=groups, service_id=service_id, day=day)
        if words:
            came = judging.moments.received_at
            registering.note(
                by=by,
                service_id=service_id,
                day=day,
                words=words,
                now=came,
                channel=channel,
                request_id=request.pk,
            )
            service = next(service for service in services.services() if service.pk == service_id)
            children = [word.child_id for word in words]
            why = f"richiesta {request.number}"
            mealtime.fold_again(by=by, child_ids=children, service=service, day=day, why=why, now=now)


def _confirmed(counting: Sequence[Judged]) -> Iterator[tuple[tuple[int, date], list[int]]]:
    def place(day: Judged) -> tuple[int, date]:
        return day.asked.service_id, day.asked.day

    late = sorted((day for day in counting if day.asked.confirmed_at), key=place)
    for where, days in groupby(late, place):
        yield where, [day.asked.child_id for day in days]


def _check_seen(by: Actor, arrival: Arrival, child_ids: set[int]) -> None:
    """A family asks for its own children; the office and a command for those of the town."""
    if arrival.channel == "portal":
        seen = {child.id for child in people.children_of(user=by)} if isinstance(by, User) else set()
        if not child_ids or not child_ids <= seen:
            raise NotFound


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
