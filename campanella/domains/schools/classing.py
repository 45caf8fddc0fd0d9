"""The office keeps classes: new ones, another name, another year, and one that is no more from a day on."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Func, Q, Value

from campanella.domains.schools import kept, operations
from campanella.domains.schools.keeping import subjects_of
from campanella.domains.schools.models import ClassGroup, Membership, School, SchoolYear
from campanella.domains.schools.operations import DAY
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.italian import day_figures
from campanella.foundation.core.scope import operation

audit.sentences(
    {
        "class.opened": "ha aperto le classi {names} nel {year}",
        "class.renamed": "ha chiamato {name} la classe {was} del {year}",
        "class.year": "ha spostato la classe {name} dal {was} al {year}",
        "class.closed": "ha chiuso la classe {name}: ultimo giorno {day}",
        "class.reopened": "ha riaperto la classe {name} del {year}",
        "class.removed": "ha tolto la classe {name} del {year}: non c’era mai stato nessuno",
    }
)


class ClassThere(Refusal):
    """The school has such a class in that year."""


class HasHistory(Refusal):
    """Children have sat in the class, or something was written of it."""

    message = "In questa classe ci sono stati bambini, o qualcosa è già stato scritto: si può solo chiudere da un giorno."


@operation
def open_classes(
    *, by: Actor, year: SchoolYear, names: Sequence[tuple[int, str]], now: datetime
) -> dict[tuple[int, str], int]:
    """
    Open many classes of a year at once; one that is open already is left as it is.

    :param names: (school, class name)
    :returns: the class by (school, class name), every class of these schools
    """
    schools = {school.pk: school for school in School.objects.filter(pk__in={school_id for school_id, _ in names})}
    before = set(ClassGroup.objects.filter(year=year, school_id__in=schools).values_list("school_id", "name"))
    made = operations.open_classes(year=year, names=names)
    told = []
    for school_id, school in sorted(schools.items()):
        new = [name for of, name in names if of == school_id and (of, name) not in before]
        if new:
            subjects = tuple(subjects_of(school))
            told.append((subjects, {"names": ", ".join(new)[:200], "year": year.name}))
    audit.record_each(by=by, action="class.opened", at=now, told=told)
    return made


@operation
def rename(*, by: Actor, class_group_id: int, name: str, now: datetime) -> None:
    """
    Call a class otherwise, in what was and in what comes: it is the same class.

    :raises ClassThere: its school has another one of that name in its year
    """
    group = held_class(class_group_id=class_group_id)
    was, group.name = group.name, name
    if was != name:
        _write_once(group)
        _note(by, "class.renamed", group, now, was=was)


@operation
def change_year(*, by: Actor, class_group_id: int, year: SchoolYear, now: datetime) -> None:
    """
    Put a class in which nobody has sat into another school year.

    :raises HasHistory: somebody has
    :raises ClassThere: its school has one of that name in that year
    """
    group = held_class(class_group_id=class_group_id)
    if kept.has_been_sat_in(class_group_id=class_group_id):
        raise HasHistory
    was, group.year = group.year.name, year
    _write_once(group)
    _note(by, "class.year", group, now, was=was)


@operation
def close(*, by: Actor, class_group_id: int, first: date, now: datetime) -> None:
    """Let a class be no more from a day on; who sits there is taken out by the use case that asks for it."""
    group = held_class(class_group_id=class_group_id)
    group.closed_from = first
    group.save(update_fields=["closed_from"])
    _note(by, "class.closed", group, now, day=day_figures(first - DAY))


@operation
def reopen(*, by: Actor, class_group_id: int, now: datetime) -> None:
    """Let a class be there again, empty: its children come back one by one, by whoever knows which."""
    group = held_class(class_group_id=class_group_id)
    if group.closed_from:
        group.closed_from = None
        group.save(update_fields=["closed_from"])
        _note(by, "class.reopened", group, now)


@operation
def remove(*, by: Actor, class_group_id: int, now: datetime) -> None:
    """
    Take away a class that was opened by mistake.

    :raises HasHistory: somebody has sat in it, or something points at it
    """
    group = held_class(class_group_id=class_group_id)
    try:
        with transaction.atomic():
            ClassGroup.objects.filter(pk=class_group_id).delete()
    except IntegrityError as problem:
        raise HasHistory from problem
    _note(by, "class.removed", group, now)


@operation
def take_out(*, class_ids: Collection[int], to_id: int | None, first: date) -> list[int]:
    """
    Move whoever sits in these classes on a day or later into another one, or out: only the time in these classes changes.

    :param to_id: None takes them out
    :returns: the children
    """
    rows = Membership.objects.filter(class_group_id__in=list(class_ids))
    rows = rows.filter(Q(days__endswith__gt=first) | Q(days__upper_inf=True))
    found = [(one.child_id, max(first, one.days.lower), one.days.upper) for one in rows]
    rows.filter(days__startswith__gte=first).delete()
    rows.filter(days__contains=first).update(
        days=Func(Func(F("days"), function="lower"), Value(first), function="daterange")
    )
    if to_id:
        Membership.objects.bulk_create(
            Membership(child_id=child_id, class_group_id=to_id, days=DateRange(begins, end))
            for child_id, begins, end in found
        )
    return sorted({child_id for child_id, _, _ in found})


def held_class(*, class_group_id: int) -> ClassGroup:
    """
    Return a class under lock, with its school and year.

    :raises NotFound: the town has no such class
    """
    rows = ClassGroup.objects.select_for_update(no_key=True, of=("self",)).select_related("school", "year")
    found = rows.filter(pk=class_group_id).first()
    if found is None:
        raise NotFound
    return found


def _write_once(group: ClassGroup) -> None:
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError as problem:
        if "one_class_per_school_year_name" not in str(problem):
            raise
        raise ClassThere(f"A {group.school.name} c’è già la classe {group.name} nel {group.year.name}.") from problem


def _note(by: Actor, action: str, group: ClassGroup, now: datetime, **data: str) -> None:
    subjects = [*subjects_of(group.school), f"class:{group.pk}"]
    audit.record(by=by, action=action, subjects=subjects, at=now, data={"name": group.name, "year": group.year.name, **data})
