"""Setting schools, classes and closures up."""

from datetime import date, datetime

from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.accounts.models import User
from campanella.domains.people.models import Child
from campanella.domains.schools.models import ClassGroup, Closure, Membership, School, SchoolYear, Workplace
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import operation

audit.sentences({"closure.added": "ha chiuso il servizio: {reason}"})


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
def open_class(*, school: School, year: SchoolYear, name: str) -> ClassGroup:
    """Open a class for a year; a second call changes nothing."""
    return ClassGroup.objects.get_or_create(school=school, year=year, name=name)[0]


@operation
def place(*, child: Child, class_group: ClassGroup, first: date, end: date | None) -> Membership:
    """
    Put a child in a class.

    :param end: first day after, None while it lasts
    """
    return Membership.objects.create(child=child, class_group=class_group, days=DateRange(first, end))


@operation
def close(
    *, by: Actor, first: date, last: date, reason: str, now: datetime,
    school: School | None = None, class_group: ClassGroup | None = None,
) -> Closure:  # fmt: skip
    """Close the service from a day to another, both included: for the town, a school or a class."""
    closure = Closure.objects.create(
        days=DateRange(first, last, "[]"), school=school, class_group=class_group, reason=reason
    )
    audit.record(by=by, action="closure.added", subjects=[f"closure:{closure.pk}"], at=now, data={"reason": reason})
    return closure


@operation
def let_work_at(*, user: User, school: School) -> Workplace:
    """Let a member of staff see a school; without any workplace it sees them all."""
    return Workplace.objects.get_or_create(user=user, school=school)[0]
