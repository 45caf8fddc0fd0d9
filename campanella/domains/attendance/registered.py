"""What the class register has said of children, what their families answer to it, and which marks follow from that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from campanella.domains.attendance.asked import DayOfLine, Line
from campanella.domains.attendance.fact_rules import MARK, MARKS, Wish, register_asks
from campanella.domains.attendance.models import DayEvent, Presence

REGISTER = "register"
# How people mark who have the child before them, or its teacher's paper.
BY_HAND = ("page", "tablet", "office")
# Who confirms a class that way has it in sight.
AT_SCHOOL = ("page", "tablet")


@dataclass(frozen=True, slots=True)
class Word:
    """
    What is said of one child's day: there or not; of the menu the family's wish says it all.

    :ivar against: what somebody at school has said otherwise, and holds: a mark, or the confirmation of the class
    :ivar is_confirmed: somebody at school had confirmed the class with the child: the word changes nothing
    """

    child_id: int
    class_group_id: int
    is_present: bool
    is_late: bool = False
    against: UUID | None = None
    is_confirmed: bool = False


class Seen(NamedTuple):
    """The last word of somebody at school on a child's day: a mark, or the confirmation of its class."""

    event_id: UUID
    is_on: bool
    is_of_class: bool = False


class Noted(NamedTuple):
    """Something on record of a child's day that bears on what the register says."""

    kind: str
    channel: str
    is_on: bool | None
    received_at: datetime
    counts: bool = True
    request_id: int | None = None
    against: UUID | None = None

    @property
    def is_answer(self) -> bool:
        """A mark that follows from what the family asked, by whatever way it asked."""
        return self.request_id is not None


def said_by_register(*, child_ids: Sequence[int], service_id: int, day: date) -> dict[int, bool]:
    """Return what the register has last said of these children, present or not: one query."""
    rows = DayEvent.objects.filter(child_id__in=child_ids, service_id=service_id, day=day, channel=REGISTER)
    return {child_id: bool(is_on) for child_id, is_on in rows.order_by("id").values_list("child_id", "is_on") if child_id}


def seen_at_school(*, child_ids: Sequence[int], service_id: int, day: date) -> dict[int, Seen]:
    """
    Return what somebody at school has last said of these children, of those of whom somebody has: three queries.

    Who confirms a class says of every child of it whether it is there, touched or not.
    """
    confirmed = _confirmed_at_school(service_id=service_id, day=day)
    calls = Presence.objects.filter(child_id__in=child_ids, service_id=service_id, day=day)
    found = {
        child_id: Seen(confirmed[group_id], is_present, is_of_class=True)
        for child_id, group_id, is_present in calls.values_list("child_id", "roll_call__class_group_id", "is_present")
        if group_id in confirmed
    }
    return found | {
        child_id: seen._replace(is_of_class=child_id in found)
        for child_id, seen in _marked_at_school(child_ids=child_ids, service_id=service_id, day=day).items()
    }


def _confirmed_at_school(*, service_id: int, day: date) -> dict[int, UUID]:
    """Return the confirmations of a day by somebody at school, by class: not the cut-off's, nor the office's for many."""
    rows = DayEvent.objects.filter(service_id=service_id, day=day, kind="confirmed", counts=True, channel__in=AT_SCHOOL)
    return {group: event_id for group, event_id in rows.values_list("class_group_id", "event_id") if group}


def _marked_at_school(*, child_ids: Sequence[int], service_id: int, day: date) -> dict[int, Seen]:
    rows = DayEvent.objects.filter(
        child_id__in=child_ids, service_id=service_id, day=day, kind__in=MARKS, level=MARK, counts=True, is_on__isnull=False
    )
    by_hand = rows.filter(channel__in=BY_HAND, request=None).order_by("made_at", "id")
    found = by_hand.values_list("child_id", "event_id", "is_on")
    return {child_id or 0: Seen(event_id, bool(is_on)) for child_id, event_id, is_on in found}


def came_since(*, child_ids: Sequence[int], service_id: int, day: date, since: datetime) -> dict[int, list[UUID]]:
    """Return the words of the register that count and came after a moment, by child in their order: one query."""
    came = DayEvent.objects.filter(child_id__in=child_ids, service_id=service_id, day=day, channel=REGISTER, counts=True)
    words: dict[int, list[UUID]] = {}
    for child_id, event_id in came.filter(received_at__gt=since).order_by("id").values_list("child_id", "event_id"):
        words.setdefault(child_id or 0, []).append(event_id)
    return words


def classes_told(*, service_id: int, day: date) -> set[int]:
    """Return the classes of which the register has said something on a day: one query."""
    rows = DayEvent.objects.filter(service_id=service_id, day=day, channel=REGISTER)
    return {group for group in rows.values_list("class_group_id", flat=True) if group}


def questions(*, child_ids: Sequence[int], day: date) -> set[Line]:
    """Return the children and services of which the register says absent and the family has not been heard: one query."""
    return {line for line, noted in noted_on(child_ids=child_ids, day=day).items() if register_asks(noted)}


def noted_on(*, child_ids: Sequence[int], day: date) -> dict[Line, list[Noted]]:
    """Return marks and requests of a day of these children, by child and service, as they came in: one query."""
    kinds = ("marked", "arrived", "corrected", "asked", "undone")
    rows = DayEvent.objects.filter(child_id__in=child_ids, day=day, kind__in=kinds).order_by("received_at", "id")
    found: dict[Line, list[Noted]] = {}
    for child_id, service_id, *noted in rows.values_list("child_id", "service_id", *Noted._fields):
        found.setdefault((child_id or 0, service_id), []).append(Noted(*noted))
    return found


def answers(*, wanted: Mapping[DayOfLine, Wish], groups: Mapping[int, int], service_id: int, day: date) -> list[Word]:
    """
    Return the marks that follow, on one day, from what families want of children whom the register calls absent: one query.

    :param wanted: what each family wants now
    :param groups: the class of each child
    """
    noted = noted_on(child_ids=list(groups), day=day)
    words: list[Word] = []
    for child_id, group in groups.items():
        of_day = noted.get((child_id, service_id), [])
        wish = wanted[child_id, service_id, day]
        marks = [one for one in of_day if one.is_on is not None and one.kind in MARKS and one.counts]
        said = [one for one in marks if one.channel == REGISTER]
        if not any(one.is_on is False for one in said):
            continue
        # Whatever was said first stands until somebody says otherwise: the family after the register, or it after her.
        is_later = wish.because is not None and wish.because.made_at >= said[-1].received_at
        keeps = wish.is_booked if is_later else bool(said[-1].is_on)
        stands = [one for one in marks if one.is_answer or one.channel == REGISTER]
        if keeps != stands[-1].is_on:
            words.append(Word(child_id, group, keeps, is_late=keeps))
    return words
