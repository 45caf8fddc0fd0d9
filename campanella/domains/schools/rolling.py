"""Moving every class up into the next school year, and taking that back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Func, Value

from campanella.domains.schools import operations
from campanella.domains.schools.models import ClassGroup, Membership, RollMove, SchoolYear, YearRoll
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import operation


@dataclass(frozen=True, slots=True)
class Seat:
    """
    A child's place at the end of a school year.

    :ivar end: first day after it, None where it has no end
    """

    child_id: int
    birth_date: date | None
    class_group_id: int
    class_name: str
    school_id: int
    school_name: str
    level: str
    end: date | None


@dataclass(frozen=True, slots=True)
class Move:
    """Where a seat's child goes; ``class_name`` is None where it leaves its school."""

    seat: Seat
    class_name: str | None


def seats_at_end_of(*, year: SchoolYear) -> list[Seat]:
    """Return who sits where on the last day of a year, by school, class and child: one query."""
    rows = Membership.objects.filter(class_group__year=year, days__contains=year.days.upper - operations.DAY)
    rows = rows.select_related("child", "class_group__school")
    return [
        Seat(
            row.child_id,
            row.child.birth_date,
            row.class_group_id,
            row.class_group.name,
            row.class_group.school_id,
            row.class_group.school.name,
            row.class_group.school.level,
            row.days.upper,
        )
        for row in rows.order_by("class_group__school__level", "class_group__school__name", "class_group__name", "child_id")
    ]


def standing(*, first: date) -> YearRoll | None:
    """Return the roll-over into the year that begins on a day, None where there is none or it was undone."""
    return YearRoll.objects.filter(first=first, undone_at=None).first()


def last_standing() -> YearRoll | None:
    """Return the last roll-over that was not undone."""
    return YearRoll.objects.filter(undone_at=None).order_by("-first").first()


def moves_of(*, roll_id: int) -> list[RollMove]:
    """Return where a roll-over has put whom, with the classes: one query."""
    return list(RollMove.objects.filter(roll_id=roll_id).select_related("came_from__school", "goes_to").order_by("id"))


@operation
def roll(
    *,
    by: Actor,
    first: date,
    end: date,
    moves: Sequence[Move],
    also_open: Collection[tuple[int, str]],
    now: datetime,
) -> YearRoll:
    """
    Open the year and its classes, and put every child where it goes.

    :param end: first day after the new year
    :param also_open: (school, class) of classes in which nobody sits yet
    """
    known = SchoolYear.objects.filter(days__contains=first).first()
    year = known or operations.open_year(first=first, end=end)
    before = set(ClassGroup.objects.filter(year=year).values_list("id", flat=True))
    wanted = {(move.seat.school_id, move.class_name) for move in moves if move.class_name} | set(also_open)
    classes = operations.open_classes(year=year, names=sorted(wanted))
    opened = ClassGroup.objects.filter(year=year).exclude(pk__in=before).values_list("id", flat=True)
    made = YearRoll.objects.create(
        first=first, at=now, by_id=by.actor_id, year_name="" if known else year.name, class_ids=sorted(opened)
    )
    going = {move.seat.child_id: classes[move.seat.school_id, move.class_name] for move in moves if move.class_name}
    operations.place_many(class_by_child=going, first=first, end=year.days.upper)
    operations.leave_many(child_ids=[move.seat.child_id for move in moves if not move.class_name], first=first)
    RollMove.objects.bulk_create(
        RollMove(
            roll=made,
            child_id=move.seat.child_id,
            came_from_id=move.seat.class_group_id,
            goes_to_id=going.get(move.seat.child_id),
            was_end=move.seat.end,
        )
        for move in moves
    )
    return made


def moved_since(*, roll: YearRoll) -> list[int]:
    """Return the children whose place in the new year is no longer what the roll-over has made it: two queries."""
    made = dict(RollMove.objects.filter(roll=roll).values_list("child_id", "goes_to_id"))
    rows = Membership.objects.filter(days__endswith__gt=roll.first) | Membership.objects.filter(days__upper_inf=True)
    found: dict[int, set[int]] = {}
    for child_id, class_id in rows.values_list("child_id", "class_group_id"):
        found.setdefault(child_id, set()).add(class_id)
    there = {child_id: {class_id} for child_id, class_id in made.items() if class_id}
    opened = set(roll.class_ids)
    others = {child_id for child_id, classes in found.items() if child_id not in made and classes & opened}
    return sorted({child_id for child_id in made if found.get(child_id, set()) != there.get(child_id, set())} | others)


@operation
def undo(*, by: Actor, roll: YearRoll, now: datetime) -> None:
    """
    Put every child back, and take away the classes and the year that the roll-over had opened.

    :raises IntegrityError: something points at one of these classes
    """
    open_ended = RollMove.objects.filter(roll=roll, was_end=None).values("child_id")
    children = RollMove.objects.filter(roll=roll).values("child_id")
    Membership.objects.filter(child_id__in=children, days__startswith__gte=roll.first).delete()
    Membership.objects.filter(child_id__in=open_ended, days__endswith=roll.first).update(
        days=Func(Func(F("days"), function="lower"), Value(None), function="daterange")
    )
    RollMove.objects.filter(roll=roll).delete()
    ClassGroup.objects.filter(pk__in=roll.class_ids).delete()
    if roll.year_name:
        SchoolYear.objects.filter(name=roll.year_name, class_groups=None).delete()
    YearRoll.objects.filter(pk=roll.pk).update(undone_at=now, decided_by_id=by.actor_id)
