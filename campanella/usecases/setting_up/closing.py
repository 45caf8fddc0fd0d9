"""
A school, or one of its classes, is no more from a day on: what waits for it ends, and nothing before that day changes.

Whoever goes elsewhere is moved first. Whoever has no class from that day on uses the services of the school no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.attendance import ruling, written
from campanella.domains.enrolment import operations as enrolment
from campanella.domains.enrolment import queries as enrolled
from campanella.domains.enrolment.queries import Enrolled
from campanella.domains.schools import classing, keeping, kept
from campanella.domains.schools import queries as places
from campanella.domains.schools.kept import Pupil
from campanella.domains.schools.models import ClassGroup, School
from campanella.domains.schools.operations import DAY
from campanella.domains.services import queries as services
from campanella.domains.services import seasons
from campanella.domains.services.models import ServiceCalendar
from campanella.foundation.core import audit, clock, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import day_figures, day_full, the_day
from campanella.foundation.core.scope import active_town_id, use_case
from campanella.usecases import enrolling, reckoning
from campanella.usecases.billing import fees
from campanella.usecases.places import following


class NotToCome(Refusal):
    """The day is under way, or over."""

    message = "Scegli un giorno da domani in poi: i giorni passati, e quello di oggi, restano come erano."


class Called(Refusal):
    """A roll-call of that day or later is confirmed, or its numbers are closed."""


class OutsideTheYear(Refusal):
    """The class would close on a day that is not of its school year."""


class NotBesides(Refusal):
    """The children are to go into a class that is not there, or is of another school or year."""

    message = "Scegli una classe della stessa scuola e dello stesso anno, che ci sia ancora quel giorno."


@dataclass(frozen=True)
class Ending:
    """
    What a closing would do.

    :ivar pupils: who sits there on the day or later
    :ivar left: those who have no class from then on, by id
    :ivar uses: their subscriptions, which end
    :ivar seasons: the school's calendars that end or go
    """

    pupils: Sequence[Pupil]
    left: frozenset[int]
    uses: Sequence[Enrolled]
    seasons: Sequence[ServiceCalendar]

    @property
    def child_ids(self) -> list[int]:
        """Who sits there on the day or later, each once."""
        return sorted({one.child_id for one in self.pupils})


def of_school(*, school: School, first: date, now: datetime) -> Ending:
    """
    Reckon what the end of a school would do; half a dozen queries.

    :param first: the first day without it
    :raises NotToCome: the day is not to come
    :raises Called: the numbers of that day or a later one are closed
    :raises ClosedBefore: it is closed already
    """
    if school.closed_from:
        raise keeping.ClosedBefore
    class_ids = kept.all_class_ids(school_id=school.pk)
    ending = [one for one in services.calendars(school_id=school.pk) if one.days.upper is None or one.days.upper > first]
    _check_day(class_ids, {one.service_id for one in ending}, school.pk, first, now)
    pupils = kept.pupils_from(class_ids=class_ids, day=first)
    children = sorted({one.child_id for one in pupils})
    left = kept.without_class(child_ids=children, day=first, apart_from=class_ids)
    uses = enrolled.enrolled_from(child_ids=sorted(left), day=first) if left else []
    return Ending(pupils, frozenset(left), uses, ending)


@use_case
def close_school(*, by: Actor, school_id: int, first: date, now: datetime) -> Ending:
    """
    Let a school be no more from a day on: its children leave its classes, its services run there no more, and whoever has no
    other class then uses no service any more. What was charged for days or months that are no more is given back.

    :raises NotToCome, Called, ClosedBefore: as ``of_school``
    """
    sql.take_turns("schools", active_town_id())
    school = keeping.held_school(school_id=school_id)
    reckoning.hold(child_ids=of_school(school=school, first=first, now=now).child_ids)
    # What was read before the wallets were held may be a family's act ago.
    found = of_school(school=school, first=first, now=now)
    classing.take_out(class_ids=kept.all_class_ids(school_id=school_id), to_id=None, first=first)
    keeping.close_school(by=by, school_id=school_id, first=first, now=now)
    seasons.end_in_school(school_id=school_id, first=first)
    enrolling.note_places(by=by, child_ids=found.child_ids, group=None, first=first, now=now)
    _end_uses(by, found.uses, first, now)
    return found


@use_case
def reopen_school(*, by: Actor, school_id: int, now: datetime) -> None:
    """Let a school be there again: empty, and without services."""
    keeping.reopen_school(by=by, school_id=school_id, now=now)


def of_class(*, group: ClassGroup, to: ClassGroup | None, first: date, now: datetime) -> Ending:
    """
    Reckon what the end of a class would do.

    :param to: where its children go; None leaves them without a class, with the services they use
    :raises NotToCome: the day is not to come
    :raises OutsideTheYear: it is not of the class's school year
    :raises NotBesides: the other class is of another school or year, or is closed then
    :raises Called: a roll-call of that day or a later one is confirmed
    """
    if not group.year.days.lower <= first < group.year.days.upper:
        raise OutsideTheYear(
            f"L’anno di questa classe va dal {day_full(group.year.days.lower)} al {day_full(group.year.days.upper)}."
        )
    if to:
        other = to.pk == group.pk or (to.school_id, to.year_id) != (group.school_id, group.year_id)
        closing = kept.closing_days(class_ids=[to.pk]).get(to.pk)
        if other or (closing and closing <= first):
            raise NotBesides
    _check_day([group.pk], set(), group.school_id, first, now)
    pupils = kept.pupils_from(class_ids=[group.pk], day=first)
    left = frozenset() if to else frozenset(one.child_id for one in pupils)
    return Ending(pupils, left, [], [])


@use_case
def close_class(*, by: Actor, class_group_id: int, to_id: int | None, first: date, now: datetime) -> Ending:
    """
    Let a class be no more from a day on; its children go to another one of its school and year, or have none.

    :raises NotToCome, OutsideTheYear, NotBesides, Called: as ``of_class``
    """
    group = classing.held_class(class_group_id=class_group_id)
    to = places.class_group(class_group_id=to_id) if to_id else None
    reckoning.hold(child_ids=of_class(group=group, to=to, first=first, now=now).child_ids)
    found = of_class(group=group, to=to, first=first, now=now)
    classing.take_out(class_ids=[group.pk], to_id=to_id, first=first)
    classing.close(by=by, class_group_id=group.pk, first=first, now=now)
    enrolling.note_places(by=by, child_ids=found.child_ids, group=to, first=first, now=now)
    return found


@use_case
def reopen_class(*, by: Actor, class_group_id: int, now: datetime) -> None:
    """Let a class be there again, empty."""
    classing.reopen(by=by, class_group_id=class_group_id, now=now)


def _check_day(class_ids: Sequence[int], service_ids: set[int], school_id: int, first: date, now: datetime) -> None:
    if first <= clock.day_of(now):
        raise NotToCome
    called = written.last_day_called(class_group_ids=class_ids, since=first)
    if called:
        raise Called(
            f"{the_day(called).capitalize()} i numeri sono già chiusi e contano questi bambini: scegli un giorno dopo."
        )
    for service_id in sorted(service_ids):
        try:
            ruling.check_open(service_id=service_id, school_id=school_id, first=first, now=now)
        except ruling.NumbersClosed as refusal:
            raise Called(refusal.message) from refusal


def _end_uses(by: Actor, uses: Sequence[Enrolled], first: date, now: datetime) -> None:
    """End what leavers use as its own page does: what follows from it is charged again."""
    if not uses:
        return
    enrolment.end_many(subscription_ids=[use.id for use in uses], on=first)
    children = sorted({use.child_id for use in uses})
    changed = reckoning.put_right(by=by, child_ids=children, now=now)
    following.follow(by=by, child_ids=children, now=now)
    for service in services.services():
        mine = sorted({use.child_id for use in uses if use.service_id == service.pk})
        if mine:
            fees.charge_again(by=by, service=service, child_ids=mine, now=now)
    # A sibling may be the first one now.
    reckoning.charge_again(by=by, changed=changed, why="", now=now)
    last = day_figures(first - DAY)
    told = [(f"child:{use.child_id}", {"service": use.service_name, "day": last}) for use in uses]
    audit.record_each(by=by, action="subscription.ended", at=now, told=told)
