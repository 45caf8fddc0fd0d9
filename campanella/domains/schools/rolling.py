"""Moving every class up into the next school year, and taking that back."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db.models import F, Func, Q, Value

from campanella.domains.schools import operations
from campanella.domains.schools.models import ClassGroup, Membership, RollMove, SchoolYear, YearRoll
from campanella.domains.schools.rolled import Move
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import operation


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


@operation
def undo(*, by: Actor, roll: YearRoll, now: datetime) -> None:
    """
    Put every child back, and take away the classes and the year that the roll-over had opened.

    :raises IntegrityError: something points at one of these classes
    """
    children = RollMove.objects.filter(roll=roll).values("child_id")
    cut = RollMove.objects.filter(Q(was_end=None) | Q(was_end__gt=roll.first), roll=roll)
    Membership.objects.filter(child_id__in=children, days__startswith__gte=roll.first).delete()
    for end in cut.order_by().values_list("was_end", flat=True).distinct():
        theirs = cut.filter(was_end=end).values("child_id")
        Membership.objects.filter(child_id__in=theirs, days__endswith=roll.first).update(
            days=Func(Func(F("days"), function="lower"), Value(end), function="daterange")
        )
    RollMove.objects.filter(roll=roll).delete()
    ClassGroup.objects.filter(pk__in=roll.class_ids).delete()
    if roll.year_name:
        SchoolYear.objects.filter(name=roll.year_name, class_groups=None).delete()
    YearRoll.objects.filter(pk=roll.pk).update(undone_at=now, decided_by_id=by.actor_id)
