"""What the town offers, and where it runs from when: by the office's pages and by an import of people alike."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from campanella.domains.attendance import ruling
from campanella.domains.schools import keeping
from campanella.domains.schools import queries as places
from campanella.domains.schools.models import School
from campanella.domains.services import providing, seasons
from campanella.domains.services import queries as services
from campanella.domains.services.models import Service
from campanella.domains.services.providing import NewService
from campanella.foundation.core import clock, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import day_full, elided
from campanella.foundation.core.scope import active_town_id, use_case
from campanella.usecases.setting_up.schools import free_code

A_DAY = timedelta(days=1)


class InThePast(Refusal):
    """A service was to begin on a day that is over."""

    message = "Scegli un giorno da oggi in poi: quelli passati restano come erano."


class RunsAlready(Refusal):
    """The service runs in one of these schools on one of these days."""


class SchoolEnds(Refusal):
    """One of the schools is closed before the service would end there."""


@use_case
def add(*, by: Actor, new: NewService, now: datetime) -> Service:
    """
    Add one service.

    :param new: without a code it gets one made of its name
    :raises ServiceNameTaken: the town has one of this name
    :raises ServiceCodeTaken: the town has one of this code
    """
    sql.take_turns("services", active_town_id())
    providing.check_name(name=new.name)
    known = {service.code for service in services.services()}
    if new.code in known:
        raise providing.ServiceCodeTaken
    coded = replace(new, code=new.code or free_code(new.name, known=known, most=20))
    add_many(by=by, new=[coded], now=now)
    return next(one for one in services.services() if one.code == coded.code)


@use_case
def add_many(*, by: Actor, new: Sequence[NewService], now: datetime) -> None:
    """Add services, those whose code is there already excepted."""
    providing.add_services(by=by, new=new, now=now)


@use_case
def change(*, by: Actor, service_id: int, name: str, unit: str, units: str, taxonomy: str, now: datetime) -> None:
    """
    Call a service otherwise.

    :raises ServiceNameTaken: another one is called so
    :raises NoTaxonomy: pagoPA writes none so
    """
    sql.take_turns("services", active_town_id())
    providing.change_service(by=by, service_id=service_id, name=name, unit=unit, units=units, taxonomy=taxonomy, now=now)


@use_case
def move_up(*, by: Actor, service_id: int, now: datetime) -> None:
    """Let a service stand one place further up, for families too."""
    sql.take_turns("services", active_town_id())
    providing.move_up(by=by, service_id=service_id, now=now)


def check_beginning(*, service_id: int, school_ids: Sequence[int], first: date, last: date, now: datetime) -> None:
    """
    Make sure that a service may begin in some schools.

    :raises InThePast: the first day is over
    :raises RunsAlready: it runs in one of them on some day of these
    :raises SchoolEnds: one of them is closed before
    :raises NumbersClosed: the numbers of the first day would be closed already
    """
    if first < clock.day_of(now):
        raise InThePast
    wanted = [one for one in places.schools() if one.pk in set(school_ids)]
    running = {one.school_id for one in services.calendars_between(service_id=service_id, first=first, last=last)}
    there = ", ".join(one.name for one in wanted if one.pk in running)
    if there:
        raise RunsAlready(f"In quei giorni il servizio c’è già, o è già previsto: {there}. Cambialo lì, scuola per scuola.")
    for one in wanted:
        check_lasts(school=one, last=last)
    for one in wanted:
        ruling.check_open(service_id=service_id, school_id=one.pk, first=first, now=now)


def check_lasts(*, school: School, last: date) -> None:
    """
    Make sure that a school is there until a day, on which a service is still to run in it.

    :raises SchoolEnds: it closes before
    """
    if school.closed_from and school.closed_from <= last:
        ends = day_full(school.closed_from - A_DAY)
        raise SchoolEnds(elided(f"{school.name} chiude: il suo ultimo giorno è il {ends}. Scegli quello, o uno prima."))


@use_case
def set_season(
    *,
    by: Actor,
    service_id: int,
    school_id: int,
    first: date,
    last: date,
    weekdays: int,
    now: datetime,
    seen: int | None = None,
) -> None:
    """
    Let a service run in a school from a day to another, both included, as ``seasons.set_season`` says.

    :param weekdays: seven bits, bit 0 is Monday
    :raises NotFound: the town has no such school
    :raises SchoolEnds: it closes before
    :param seen: the last act on this service of the school that the page has shown
    :raises NotToCome: the first day is not to come
    :raises ChangedMeanwhile: somebody has changed it since
    """
    # Held before it is read: somebody may be closing it.
    check_lasts(school=keeping.held_school(school_id=school_id), last=last)
    where = {"service_id": service_id, "school_id": school_id}
    seasons.set_season(by=by, **where, first=first, last=last, weekdays=weekdays, now=now, seen=seen)


@use_case
def begin(
    *, by: Actor, service_id: int, school_ids: Sequence[int], first: date, last: date, weekdays: int, now: datetime
) -> None:
    """
    Let a service begin in some schools, from a day to another, both included.

    :param weekdays: seven bits, bit 0 is Monday
    :raises InThePast, RunsAlready, SchoolEnds, NumbersClosed: as ``check_beginning``
    """
    ruling.keep(service_id=service_id)
    for school_id in sorted(school_ids):
        keeping.held_school(school_id=school_id)
    check_beginning(service_id=service_id, school_ids=school_ids, first=first, last=last, now=now)
    pairs = [(service_id, school_id) for school_id in school_ids]
    seasons.begin(by=by, pairs=pairs, first=first, last=last, weekdays=weekdays, is_told=True, now=now)


@use_case
def begin_many(
    *, by: Actor, pairs: Sequence[tuple[int, int]], first: date, last: date, weekdays: int, now: datetime
) -> None:
    """
    Let services begin in schools, in which they run on none of these days; a file's families are told by nobody.

    :param pairs: (service, school)
    """
    seasons.begin(by=by, pairs=pairs, first=first, last=last, weekdays=weekdays, is_told=False, now=now)
