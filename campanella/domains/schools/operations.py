"""Setting schools, classes and closures up."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Func, Value

from campanella.domains.accounts.models import User
from campanella.domains.people.models import Child
from campanella.domains.schools import kept
from campanella.domains.schools.models import ClassGroup, Closure, DeviceSchool, Membership, School, SchoolYear, Workplace
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.italian import day_figures
from campanella.foundation.core.scope import operation

DAY = timedelta(days=1)

audit.sentences(
    {
        "closure.added": "ha chiuso il servizio: {reason}",
        "closure.changed": "ha cambiato una chiusura: {reason}, {days} (prima {was})",
        "closure.removed": "ha tolto una chiusura: {reason}, {days}",
    }
)


class AlreadyClosed(Refusal):
    """The same place is closed on these very days."""

    message = "Questa chiusura c’è già. Per cambiarla, toccala nell’elenco."


class SchoolIsClosed(Refusal):
    """A child was to sit in a class that is no more on that day."""

    message = "Quel giorno la classe, o la sua scuola, è chiusa: scegline un’altra."


@operation
def open_year(*, first: date, end: date) -> SchoolYear:
    """
    Open the school year that begins on a day; a second call changes nothing.

    :param end: first day after the year
    """
    name = f"{first.year}/{(first.year + 1) % 100:02}"
    return SchoolYear.objects.get_or_create(name=name, defaults={"days": DateRange(first, end)})[0]


@operation
def register_school(*, code: str, name: str, level: str) -> School:
    """Register a school by its code; a second call changes nothing."""
    return School.objects.get_or_create(code=code, defaults={"name": name, "level": level})[0]


@operation
def place(*, child: Child, class_group: ClassGroup, first: date, end: date | None) -> Membership:
    """
    Put a child in a class.

    :param end: first day after, None while it lasts
    """
    return Membership.objects.create(child=child, class_group=class_group, days=DateRange(first, end))


@operation
def open_classes(*, year: SchoolYear, names: Sequence[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """
    Open many classes of a year at once; one that is open already is left as it is.

    :param names: (school, class name)
    :returns: the class by (school, class name), every class of these schools
    """
    ClassGroup.objects.bulk_create(
        (ClassGroup(school_id=school_id, year=year, name=name) for school_id, name in names), ignore_conflicts=True
    )
    schools = {school_id for school_id, _ in names}
    found = ClassGroup.objects.filter(year=year, school_id__in=schools).values_list("school_id", "name", "id")
    return {(school_id, name): pk for school_id, name, pk in found}


@operation
def place_many(*, class_by_child: Mapping[int, int], first: date, end: date | None) -> None:
    """
    Put many children in their classes from a day on, until the class closes; what was to come after is replaced.

    :param class_by_child: class group by child
    :param end: first day after, None while it lasts
    :raises SchoolIsClosed: one of the classes is no more on that day
    """
    closing = kept.closing_days(class_ids=set(class_by_child.values()))
    if any(day <= first for day in closing.values()):
        raise SchoolIsClosed
    _leave(list(class_by_child), first)
    ends = {class_id: min((day for day in (end, closing.get(class_id)) if day), default=None) for class_id in closing}
    Membership.objects.bulk_create(
        Membership(child_id=child_id, class_group_id=class_id, days=DateRange(first, ends.get(class_id, end)))
        for child_id, class_id in class_by_child.items()
    )


@operation
def move(*, child_id: int, class_group: ClassGroup | None, first: date) -> None:
    """
    Put a child in a class from a day on, until the end of the class's year; what was to come after is replaced.

    :param class_group: None takes the child out of its class
    """
    if class_group:
        place_many(class_by_child={child_id: class_group.pk}, first=first, end=class_group.year.days.upper)
    else:
        _leave([child_id], first)


@operation
def leave_many(*, child_ids: Sequence[int], first: date) -> None:
    """Take many children out of their classes from a day on; what was to come after goes."""
    _leave(child_ids, first)


def _leave(child_ids: Sequence[int], first: date) -> None:
    places = Membership.objects.filter(child_id__in=child_ids)
    places.filter(days__startswith__gte=first).delete()
    before = places.filter(days__contains=first)
    before.update(days=Func(Func(F("days"), function="lower"), Value(first), function="daterange"))


@operation
def close(
    *,
    by: Actor,
    first: date,
    last: date,
    reason: str,
    now: datetime,
    school: School | None = None,
    class_group: ClassGroup | None = None,
    service_ids: Sequence[int] = (),
) -> Closure:
    """
    Close from a day to another, both included: for the town, a school or a class; every service, or some.

    :param service_ids: none is every service

    :raises AlreadyClosed: the same days of the same place; a form sent twice is one closure
    """
    closure = Closure(
        days=DateRange(first, last + DAY),
        reason=reason,
        since=now,
        school=school,
        class_group=class_group,
        service_ids=sorted(service_ids) or None,
    )
    _write_once(closure)
    subjects = [f"closure:{closure.pk}", "closures"]
    audit.record(by=by, action="closure.added", subjects=subjects, at=now, data={"reason": reason})
    return closure


@operation
def change_closure(*, by: Actor, closure_id: int, first: date, last: date, reason: str, now: datetime) -> None:
    """
    Put the days or the words of a closure right; where it is does not change.

    :raises NotFound: it was withdrawn
    :raises AlreadyClosed: another closure of its place has these very days
    """
    closure = _closure(closure_id)
    was = _told(closure)
    if closure.days != DateRange(first, last + DAY):
        closure.since = now
    closure.days, closure.reason = DateRange(first, last + DAY), reason
    _write_once(closure)
    audit.record(
        by=by,
        action="closure.changed",
        subjects=[f"closure:{closure_id}", "closures"],
        at=now,
        data={"reason": reason, "days": _told(closure), "was": was},
    )


@operation
def reopen(*, by: Actor, closure_id: int, why: str, now: datetime) -> None:
    """
    Withdraw a closure: from now on it shuts nothing; who, when and why stay in the history.

    Nothing is charged for days that have passed: their classes are confirmed one by one, or not at all.

    :raises NotFound: it was withdrawn before
    """
    closure = _closure(closure_id)
    audit.record(
        by=by,
        action="closure.removed",
        subjects=[f"closure:{closure_id}", "closures"],
        at=now,
        why=why,
        data={"reason": closure.reason, "days": _told(closure)},
    )
    closure.withdrawn_at = now
    closure.save(update_fields=["withdrawn_at"])


def _write_once(closure: Closure) -> None:
    """Write a closure; of two presses at once the second meets the unique key."""
    try:
        with transaction.atomic():
            closure.save()
    except IntegrityError as problem:
        if "one_closure_per_place_services_and_days" not in str(problem):
            raise
        raise AlreadyClosed from problem


def _closure(closure_id: int) -> Closure:
    found = Closure.objects.select_for_update(no_key=True, of=("self",)).filter(pk=closure_id, withdrawn_at=None).first()
    if found is None:
        raise NotFound("Questa chiusura non c’è più.")
    return found


def _told(closure: Closure) -> str:
    """Return the days of a closure as the history tells them."""
    first, last = closure.days.lower, closure.days.upper - DAY
    return day_figures(first) if first == last else f"{day_figures(first)}–{day_figures(last)}"


@operation
def let_work_at(*, user: User, school: School) -> Workplace:
    """Let a member of staff see a school; without any workplace it sees them all."""
    return Workplace.objects.get_or_create(user=user, school=school)[0]


@operation
def place_device(*, device_id: int, school: School) -> None:
    """Say of which school a tablet is; a second call changes nothing."""
    DeviceSchool.objects.get_or_create(device_id=device_id, school=school)


@operation
def work_only_at(*, user: User, school_ids: Sequence[int]) -> None:
    """Let a member of staff see these schools and no other; none of them means every school of the town."""
    Workplace.objects.filter(user=user).exclude(school_id__in=school_ids).delete()
    Workplace.objects.bulk_create(
        (Workplace(user=user, school_id=school_id) for school_id in school_ids), ignore_conflicts=True
    )
