"""Who sits where when a school year ends, and which roll-overs stand."""

from dataclasses import dataclass
from datetime import date, timedelta

from campanella.domains.schools.models import Membership, RollMove, SchoolYear, YearRoll

DAY = timedelta(days=1)


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
    rows = Membership.objects.filter(class_group__year=year, days__contains=year.days.upper - DAY)
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


def placed_from(*, first: date) -> dict[int, tuple[str, str]]:
    """Return class and level by child where somebody has already put it in a class from a day on: one query."""
    rows = Membership.objects.filter(days__startswith__gte=first).order_by("-days")
    return {
        child_id: (name, level)
        for child_id, name, level in rows.values_list("child_id", "class_group__name", "class_group__school__level")
    }


def standing(*, first: date) -> YearRoll | None:
    """Return the roll-over into the year that begins on a day, None where there is none or it was undone."""
    return YearRoll.objects.filter(first=first, undone_at=None).first()


def is_name_taken(*, name: str, first: date) -> bool:
    """Tell whether a year has this name whose days are others than those that begin on a day: one query."""
    return SchoolYear.objects.filter(name=name).exclude(days__contains=first).exists()


def with_id(*, roll_id: int) -> YearRoll | None:
    """Return a roll-over that stands, None where it was undone."""
    return YearRoll.objects.filter(pk=roll_id, undone_at=None).first()


def last_standing() -> YearRoll | None:
    """Return the last roll-over that was not undone."""
    return YearRoll.objects.filter(undone_at=None).order_by("-first").first()


def moves_of(*, roll_id: int) -> list[RollMove]:
    """Return where a roll-over has put whom, with the classes: one query."""
    return list(RollMove.objects.filter(roll_id=roll_id).select_related("came_from__school", "goes_to").order_by("id"))


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
