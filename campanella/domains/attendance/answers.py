"""What families asked in one act and were told, and what is on record of a day, as it is told."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple
from uuid import UUID

from django.db.models import BigIntegerField, Q, Value
from django.db.models.functions import Coalesce

from campanella.domains.attendance.asked import DayOfLine, Line
from campanella.domains.attendance.models import DayEvent, FamilyRequest
from campanella.foundation.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class AnsweredDay:
    """
    What a family was told of one day it asked for.

    :ivar answer: ``accepted``; ``closed`` (accepted, though nothing is served); else why it does not count: ``late``,
        ``doubtful``, ``taken``, ``too_far``, ``row``, ``month``
    """

    child_id: int
    service_id: int
    day: date
    answer: str
    counts: bool
    cut_off: datetime
    is_on: bool
    is_white: bool
    is_packed: bool

    @property
    def key(self) -> DayOfLine:
        """Which day of which line it is."""
        return self.child_id, self.service_id, self.day


class LeftOut(NamedTuple):
    """Days that were asked for and on which the child does not use the service."""

    child_id: int
    service_id: int
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A request of a family with its outcome number, and what it was told of each day; the same however often it asks."""

    request_id: int
    number: str
    action: str
    channel: str
    by_id: int | None
    received_at: datetime
    made_at: datetime
    undoes_id: int | None
    days: tuple[AnsweredDay, ...]
    digest: UUID | None = None
    left_out: tuple[LeftOut, ...] = ()

    @property
    def asked_days(self) -> tuple[date, date]:
        """The first and the last day that was asked for, used or not."""
        days = [*(day.day for day in self.days), *(day for one in self.left_out for day in one.days)]
        return min(days), max(days)

    @property
    def is_accepted(self) -> bool:
        """Some day of it counts."""
        return any(day.counts for day in self.days)

    @property
    def is_late(self) -> bool:
        """Nothing of it counts, and it is the hour that is to blame."""
        return not self.is_accepted and any(day.answer in ("late", "doubtful", "taken") for day in self.days)


def answer_to(*, key: UUID) -> Answer | None:
    """Return what a request was told, if it has come before."""
    return _answer(FamilyRequest.objects.filter(key=key).first())


def answer(*, number: str) -> Answer:
    """
    Return what the request with this outcome number was told: two queries.

    :raises NotFound: there is none
    """
    found = _answer(FamilyRequest.objects.filter(number=number).first())
    if found is None:
        raise NotFound
    return found


class Noted(NamedTuple):
    """Something on record of a child's day, as it is told; ``number`` is that of the request it belongs to."""

    day: date
    kind: str
    channel: str
    level: int
    received_at: datetime
    made_at: datetime
    event_id: UUID
    counts: bool
    answer: str
    is_on: bool | None
    is_white: bool | None
    clock: time | None
    note: str
    by_id: int | None
    request_id: int | None
    device: int
    seq: int
    number: str | None

    @property
    def told_at(self) -> datetime:
        """When it was said; of the register and what answers it, when it came: that is ranked as of the day's beginning."""
        is_of_register = self.kind == "marked" and (self.channel == "register" or self.request_id is not None)
        return self.received_at if is_of_register else self.made_at

    @property
    def rank(self) -> tuple[int, datetime, int, int, UUID]:
        """Its place in the order that decides, as ``rules.Fact.rank``."""
        return self.level, self.made_at, self.device, self.seq, self.event_id


def noted_on(*, child_ids: Sequence[int], day: date) -> dict[Line, list[Noted]]:
    """Return what is on record of a day of these children, by child and service, as it came in: one query."""
    rows = DayEvent.objects.filter(child_id__in=child_ids, day=day).order_by("received_at", "id")
    found: dict[Line, list[Noted]] = {}
    # What comes without a count of its own is counted by the order in which it was written.
    own = (Coalesce("device_id", Value(0)), Coalesce("seq", "id", output_field=BigIntegerField()), "request__number")
    for child_id, service_id, *rest in rows.values_list("child_id", "service_id", *Noted._fields[:-3], *own):
        found.setdefault((child_id, service_id), []).append(Noted(*rest))
    return found


def act_of(*, request_id: int) -> tuple[str, str]:
    """Return the outcome number of a request, and what it asked."""
    return FamilyRequest.objects.values_list("number", "action").get(pk=request_id)


def acts_of(*, request_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return the outcome numbers of requests, and what they asked: one query."""
    rows = FamilyRequest.objects.filter(pk__in=request_ids).values_list("id", "number", "action")
    return {pk: (number, action) for pk, number, action in rows}


def _answer(row: FamilyRequest | None) -> Answer | None:
    if row is None:
        return None
    events = DayEvent.objects.filter(request_id=row.pk, kind="asked")
    if row.undoes_id:
        # What is taken back is said of the request it belonged to, at the moment of the one that takes it back.
        mine = Q(seq=row.pk) | Q(seq=None, received_at=row.received_at)
        events = DayEvent.objects.filter(mine, request_id=row.undoes_id, kind="undone")
    # Of a day that the office lets count after all, its word is the last.
    days = {
        (event.day, event.child_id, event.service_id): AnsweredDay(
            event.child_id or 0,
            event.service_id,
            event.day,
            event.answer,
            event.counts,
            event.cut_off or event.received_at,
            bool(event.is_on),
            bool(event.is_white),
            event.is_packed,
        )
        for event in events.order_by("day", "child_id", "service_id", "id")
    }
    return Answer(
        row.pk,
        row.number,
        row.action,
        row.channel,
        row.by_id,
        row.received_at,
        row.made_at,
        row.undoes_id,
        tuple(days.values()),
        row.digest,
        tuple(LeftOut(child, service, tuple(map(date.fromisoformat, of))) for child, service, of in row.left_out),
    )
