"""Which classes there are, who is in them, and which days are closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Exists, OuterRef, Q, QuerySet

from campanella.domains.accounts.models import User
from campanella.domains.accounts.roles import Role
from campanella.domains.schools.kept import there_on
from campanella.domains.schools.models import ClassGroup as ClassGroup
from campanella.domains.schools.models import Closure, DeviceSchool, Membership, School, SchoolYear, Workplace
from campanella.foundation.core.errors import NotFound


@dataclass(frozen=True)
class Place:
    """Where a child goes to school on a day."""

    child_id: int
    class_group_id: int
    class_name: str
    school_id: int
    school_name: str
    level: str

    @property
    def label(self) -> str:
        """As families read it: ``2ª B · Primaria Rodari``."""
        return f"{self.class_name} · {self.school_name}"


def places_of(*, child_ids: Sequence[int], day: date) -> dict[int, Place]:
    """Return each child's place on a day, by child; one query. A child without a class is missing."""
    memberships = Membership.objects.filter(child_id__in=child_ids, days__contains=day)
    return {m.child_id: _place(m) for m in memberships.select_related("class_group__school")}


def history_of(*, child_id: int) -> list[tuple[Place, date, date | None]]:
    """Return a child's classes, newest first, with first day and end (exclusive, None when open)."""
    memberships = Membership.objects.filter(child_id=child_id).select_related("class_group__school")
    return [(_place(m), m.days.lower, m.days.upper) for m in memberships.order_by("-days")]


def year_of(*, day: date) -> SchoolYear | None:
    """Return the school year of a day."""
    return SchoolYear.objects.filter(days__contains=day).first()


def years_from(*, day: date) -> list[SchoolYear]:
    """Return the school years that are not over on a day, the first one first: one query."""
    return list(SchoolYear.objects.filter(days__endswith__gt=day).order_by("days"))


def classes_for(*, user: User, day: date) -> list[ClassGroup]:
    """Return the classes of the day's school year that a member of staff may see, by school and name."""
    classes = ClassGroup.objects.filter(seen_by(user=user), there_on(day), year__days__contains=day).select_related("school")
    return list(classes.order_by("school__level", "school__name", "name"))


def class_for(*, user: User, class_group_id: int) -> ClassGroup:
    """
    Return one class, if this member of staff works at its school.

    :raises NotFound: it does not exist, or is of another school
    """
    found = ClassGroup.objects.filter(seen_by(user=user), pk=class_group_id).select_related("school", "year").first()
    if found is None:
        raise NotFound
    return found


def seen_by(*, user: User, school: str = "school_id") -> Q:
    """
    Return the condition that a row belongs to a school this member of staff may see.

    :param school: the path from the row to its school's id
    """
    places = Workplace.objects.filter(user=user)
    return ~Exists(places) | Exists(places.filter(school_id=OuterRef(school)))


def held_to(*, user: User) -> frozenset[int] | None:
    """Return the schools a member of staff is held to, None when it sees them all: one query."""
    return frozenset(Workplace.objects.filter(user=user).values_list("school_id", flat=True)) or None


def workplaces() -> dict[int, list[School]]:
    """Return the schools each member of staff is held to, by user; who is missing sees them all. One query."""
    found: dict[int, list[School]] = {}
    for place in Workplace.objects.select_related("school").order_by("school__name"):
        found.setdefault(place.user_id, []).append(place.school)
    return found


def schools_of_devices() -> dict[int, list[School]]:
    """Return the schools of each tablet, by device: one query."""
    found: dict[int, list[School]] = {}
    for place in DeviceSchool.objects.select_related("school").order_by("school__name"):
        found.setdefault(place.device_id, []).append(place.school)
    return found


def schools_of_device(*, device_id: int) -> list[School]:
    """Return the schools of one tablet by name: one query."""
    places = DeviceSchool.objects.filter(device_id=device_id).select_related("school")
    return [place.school for place in places.order_by("school__name")]


def operators_at(*, school_ids: Sequence[int]) -> list[User]:
    """Return who may take a tablet of these schools: staff of the school who have chosen a PIN, by name. One query."""
    places = Workplace.objects.filter(user=OuterRef("pk"))
    people = User.objects.filter(~Exists(places) | Exists(places.filter(school_id__in=list(school_ids))))
    people = people.filter(is_active=True, roles__overlap=[str(Role.SCHOOL)]).exclude(pin="")
    return list(people.order_by("display_name", "id"))


def pupils_of(*, school_id: int | None, class_group_id: int | None, day: date) -> "QuerySet[Membership, int]":
    """Return the ids of the children in a class, in a school, or in any class of the town on a day, to be asked further."""
    rows = Membership.objects.filter(days__contains=day)
    if class_group_id:
        rows = rows.filter(class_group_id=class_group_id)
    elif school_id:
        rows = rows.filter(class_group__school_id=school_id)
    return rows.values_list("child_id", flat=True)


def in_class_from(*, child_ids: Sequence[int], day: date) -> set[int]:
    """Return which of these children are in a class on a day or will be later: one query."""
    rows = Membership.objects.filter(child_id__in=list(child_ids), days__overlap=DateRange(day, None))
    return set(rows.values_list("child_id", flat=True))


def pupils_between(*, class_group_id: int, first: date, end: date) -> list[int]:
    """
    Return the children who sat in a class on some day: one query.

    :param end: first day after
    """
    rows = Membership.objects.filter(class_group_id=class_group_id, days__overlap=(first, end))
    return sorted(set(rows.values_list("child_id", flat=True)))


def pupils_at(*, levels: Sequence[str], days: DateRange) -> dict[int, list[tuple[date, date]]]:
    """Return the children who sat in a class of these levels, each in which of these days: one query."""
    rows = Membership.objects.filter(class_group__school__level__in=list(levels), days__overlap=days)
    found: dict[int, list[tuple[date, date]]] = {}
    for child_id, sat in rows.values_list("child_id", "days"):
        found.setdefault(child_id, []).append((max(sat.lower, days.lower), min(sat.upper or days.upper, days.upper)))
    return found


def all_classes(*, day: date, since: date | None = None) -> "QuerySet[ClassGroup]":
    """
    Return every class of the day's school year.

    :param since: those too that were closed between this day and the other
    """
    return ClassGroup.objects.filter(there_on(since or day), year__days__contains=day).select_related("school")


def classes_at(*, school_ids: Sequence[int], first: date, last: date) -> list[ClassGroup]:
    """Return the classes of some schools in the school years of these days, with school and year, by name: one query."""
    days = (first, last + timedelta(days=1))
    found = ClassGroup.objects.filter(there_on(first), school_id__in=list(school_ids), year__days__overlap=days)
    return list(found.select_related("school", "year").order_by("school__level", "school__name", "name"))


def class_ids(*, school_ids: Sequence[int], day: date) -> list[int]:
    """Return the ids of the classes of these schools in the day's year: one query."""
    found = ClassGroup.objects.filter(there_on(day), year__days__contains=day, school_id__in=list(school_ids))
    return list(found.values_list("id", flat=True))


def class_group(*, class_group_id: int) -> ClassGroup:
    """
    Return one class of the town with its school and its year, for the office.

    :raises NotFound: the town has no such class
    """
    found = ClassGroup.objects.filter(pk=class_group_id).select_related("school", "year").first()
    if found is None:
        raise NotFound
    return found


def schools() -> list[School]:
    """Return the town's schools by name."""
    return list(School.objects.order_by("name"))


def school_known_as(*, text: str) -> School:
    """
    Return a school by its code or its whole name, as somebody at a command line says it.

    :raises NotFound: the town has no such school, or two of that name
    """
    found = list(School.objects.filter(Q(code=text) | Q(name__iexact=text)))
    if len(found) != 1:
        raise NotFound
    return found[0]


def school(*, school_id: int) -> School:
    """
    Return one school.

    :raises NotFound: the town has no such school
    """
    found = School.objects.filter(pk=school_id).first()
    if found is None:
        raise NotFound
    return found


def closures_between(*, first: date, last: date) -> list[Closure]:
    """Return the closures that touch these days, both included: one query."""
    closures = Closure.objects.filter(days__overlap=(first, last + timedelta(days=1)), withdrawn_at=None)
    return list(closures.select_related("school", "class_group__school").order_by("days", "id"))


def closure(*, closure_id: int) -> Closure:
    """
    Return one closure, with its school and class.

    :raises NotFound: there is none, or it was withdrawn
    """
    found = closure_of_before(closure_id=closure_id)
    if found.withdrawn_at:
        raise NotFound
    return found


def closure_of_before(*, closure_id: int) -> Closure:
    """
    Return one closure, withdrawn or not, with its school and class.

    :raises NotFound: there is none
    """
    found = Closure.objects.select_related("school", "class_group__school").filter(pk=closure_id).first()
    if found is None:
        raise NotFound
    return found


def closure_on(
    *, closures: Sequence[Closure], day: date, school_id: int, class_group_id: int, service_id: int
) -> Closure | None:
    """Return the closure that keeps this class from a service on a day, out of those given."""
    for closure in closures:
        is_here = closure.school_id in (None, school_id) and closure.class_group_id in (None, class_group_id)
        is_of = closure.service_ids is None or service_id in closure.service_ids
        if is_here and is_of and day in _days(closure):
            return closure
    return None


def _days(closure: Closure) -> "_Days":
    return _Days(closure.days.lower, closure.days.upper)


@dataclass(frozen=True)
class _Days:
    first: date | None
    end: date | None

    def __contains__(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.end is None or day < self.end)


def _place(membership: Membership) -> Place:
    group = membership.class_group
    return Place(membership.child_id, group.pk, group.name, group.school_id, group.school.name, group.school.level)
