"""What the class register has said of children, what their families answer to it, and which marks follow from that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from campanella.domains.attendance.asked import DayOfLine, Line
from campanella.domains.attendance.models import DayEvent
from campanella.domains.attendance.rules import MARK, MARKS, Wish, register_asks

REGISTER = "register"
# How people mark who have the child before them, or its teacher's paper.
BY_HAND = ("page", "tablet", "office")


@dataclass(frozen=True, slots=True)
class Word:
    """
    What is said of one child's day: there or not, and how.

    :ivar against: the mark of somebody at school that says otherwise and holds
    """

    child_id: int
    class_group_id: int
    is_present: bool
    is_white: bool = False
    is_late: bool = False
    against: UUID | None = None


class Seen(NamedTuple):
    """The last mark of somebody at school."""

    event_id: UUID
    is_on: bool


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
    """Return what somebody at school has last marked of these children, of those whom somebody has: one query."""
    rows = DayEvent.objects.filter(
        child_id__in=child_ids, service_id=service_id, day=day, kind__in=MARKS, level=MARK, counts=True, is_on__isnull=False
    )
    by_hand = rows.filter(channel__in=BY_HAND, request=None).order_by("made_at", "id")
    return {child_id or 0: Seen(*seen) for child_id, *seen in by_hand.values_list("child_id", *Seen._fields)}


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
    words = []
    for child_id, group in groups.items():
        of_day = noted.get((child_id, service_id), [])
        wish = wanted[child_id, service_id, day]
        marks = [one for one in of_day if one.is_on is not None and one.kind not in ("asked", "undone")]
        others = [one for one in marks if not one.is_answer]
        absent = next((one.received_at for one in others if one.channel == REGISTER and not one.is_on), None)
        if absent is None or others[-1].channel != REGISTER:
            continue
        keeps = wish.is_booked and wish.because is not None and wish.because.made_at >= absent
        kept = next((bool(one.is_on) for one in reversed(marks) if one.is_answer), bool(others[-1].is_on))
        if keeps != kept:
            words.append(Word(child_id, group, keeps, keeps and wish.is_white, keeps))
    return words
