"""What becomes of days whose family was heard: what is booked, what answers the class register, what is charged."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby

from campanella.domains.attendance import asked, registered, registering, wishing
from campanella.domains.attendance.asked import DayAsked, DayOfLine
from campanella.domains.attendance.fact_rules import Wish, wish
from campanella.domains.attendance.models import FamilyRequest
from campanella.domains.services import queries as services
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import operation
from campanella.usecases import mealtime


# Part of the request, or of the office's word on it: it joins that act's transaction.
@operation
def fold(
    days: Sequence[DayAsked], *, request: FamilyRequest, by: Actor, channel: str, came: datetime, now: datetime
) -> None:
    """
    Fold days of which a request counts into what is booked, and give back or charge where the day was charged already.

    The children's wallets and the classes are held, and the request's events are on record.

    :param came: when the request came, which may answer the class register
    """
    if not days:
        return
    facts = asked.wishes_of(days=[day.key for day in days])
    wanted = {day.key: wish(facts[day.key], mode=day.mode) for day in days}
    wishing.book(wanted=wanted)
    _answer_register(days, wanted, request=request, by=by, channel=channel, came=came, now=now)
    for (service_id, day), children in _called(days, wanted):
        _fold_again(children, service_id, day, request=request, by=by, now=now)


def _answer_register(
    days: Sequence[DayAsked],
    wanted: Mapping[DayOfLine, Wish],
    *,
    request: FamilyRequest,
    by: Actor,
    channel: str,
    came: datetime,
    now: datetime,
) -> None:
    """Where the class register decides, let a child that it calls absent have what its family wants: a query a day."""
    by_day: dict[tuple[int, date], dict[int, int]] = {}
    for one in days:
        if one.mode == "register":
            by_day.setdefault((one.service_id, one.day), {})[one.child_id] = one.class_group_id
    for (service_id, day), groups in by_day.items():
        words = registered.answers(wanted=wanted, groups=groups, service_id=service_id, day=day)
        if words:
            registering.note(
                by=by, service_id=service_id, day=day, words=words, now=came, channel=channel, request_id=request.pk
            )
            _fold_again([word.child_id for word in words], service_id, day, request=request, by=by, now=now)


def _called(days: Sequence[DayAsked], wanted: Mapping[DayOfLine, Wish]) -> Iterator[tuple[tuple[int, date], list[int]]]:
    """Give the days that are confirmed, and those that somebody at school has marked before another menu was asked for."""

    def place(day: DayAsked) -> tuple[int, date]:
        return day.service_id, day.day

    called = [day for day in days if day.confirmed_at or (day.is_marked and day.is_white != wanted[day.key].is_white)]
    for where, found in groupby(sorted(called, key=place), place):
        yield where, [day.child_id for day in found]


def _fold_again(
    children: Sequence[int], service_id: int, day: date, *, request: FamilyRequest, by: Actor, now: datetime
) -> None:
    service = next(service for service in services.services() if service.pk == service_id)
    why = f"richiesta {request.number}"
    mealtime.fold_again(by=by, child_ids=children, service=service, day=day, why=why, now=now)
