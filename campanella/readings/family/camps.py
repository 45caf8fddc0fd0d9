"""The camp of a child, as its family sees it: weeks it has, is offered or waits for, and weeks to ask for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campanella.domains.accounts.models import User
from campanella.domains.applying.queries import Application
from campanella.domains.people import queries as people
from campanella.domains.people.queries import FamilyChild
from campanella.domains.places import queries as places
from campanella.domains.places.queries import Place, Pool
from campanella.domains.schools import queries as schools
from campanella.domains.schools.queries import Place as ClassPlace
from campanella.domains.services import queries as services
from campanella.domains.services.models import ServiceCalendar
from campanella.foundation.core import clock

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FamilyWeek:
    """
    A week of a camp.

    :ivar place: the child's own place or wait, None without one
    :ivar before: how many wait before it
    :ivar is_full: who asks waits
    """

    pool: Pool
    place: Place | None
    before: int
    is_full: bool

    @property
    def first(self) -> date:
        """Its first day."""
        day: date = self.pool.days.lower
        return day

    @property
    def last(self) -> date:
        """Its last day."""
        end: date = self.pool.days.upper
        return end - A_DAY

    @property
    def state(self) -> str:
        """Whether the child has it, is offered it or waits; empty where it may ask."""
        return self.place.state if self.place else ""


@dataclass(frozen=True, slots=True)
class FamilyCamps:
    """The page of a child's camp weeks."""

    child: FamilyChild
    weeks: tuple[FamilyWeek, ...]

    @property
    def may_ask(self) -> bool:
        """Whether there is a week that one may ask for."""
        return any(not one.state for one in self.weeks)


class _Served:
    """Which camps a school has on a day; each school is asked once."""

    def __init__(self) -> None:
        self._calendars: dict[int, list[ServiceCalendar]] = {}

    def has(self, pool: Pool, classes: Sequence[tuple[ClassPlace, date, date | None]]) -> bool:
        """Tell whether the school at which a child is as a week begins has that camp then."""
        day = pool.days.lower
        school_id = next(
            (place.school_id for place, first, end in classes if first <= day and (end is None or day < end)), None
        )
        if school_id is None:
            return False
        if school_id not in self._calendars:
            self._calendars[school_id] = services.calendars(school_id=school_id)
        return any(one.service_id == pool.service_id and one.days.upper > day for one in self._calendars[school_id])


def family_camps(*, user: User, child_id: int, now: datetime) -> FamilyCamps:
    """
    Gather what a family sees of its child's camp weeks: eight queries, and one for each school it goes to meanwhile.

    :raises NotFound: not one of this user's children
    """
    child, today = people.child_for(user=user, child_id=child_id), clock.day_of(now)
    live = {one.pool_id: one for one in places.live_of(child_ids=[child_id], day=today)}
    classes, served = schools.history_of(child_id=child_id), _Served()
    known = places.pools_of_kind(kind="camp", day=today + A_DAY)
    pools = [one for one in known if one.pk in live or served.has(one, classes)]
    return FamilyCamps(child, tuple(_weeks(pools, live, now)))


def weeks_of(*, application: Application, now: datetime) -> list[FamilyWeek]:
    """
    Return the weeks of a camp that an application may ask for, with the child's own of them; nothing of other services.

    Of a child that is not on record those of every school: seven queries at most.
    """
    if application.call.service.kind != "camp":
        return []
    today, child_id = clock.day_of(now), application.child_id
    live = {one.pool_id: one for one in places.live_of(child_ids=[child_id] if child_id else [], day=today)}
    pools = places.pools_of(service_id=application.call.service_id, day=today + A_DAY)
    if child_id:
        classes, served = schools.history_of(child_id=child_id), _Served()
        pools = [one for one in pools if one.pk in live or served.has(one, classes)]
    return _weeks(pools, live, now)


def _weeks(pools: Sequence[Pool], live: Mapping[int, Place], now: datetime) -> list[FamilyWeek]:
    tallies = places.tallies(pools=pools, day=None)
    before = places.before(places=[one for one in live.values() if one.state == "waiting"])
    return [_week(one, live.get(one.pk), before, tallies[one.pk].is_full, now) for one in pools]


def _week(pool: Pool, place: Place | None, before: dict[int, int], is_full: bool, now: datetime) -> FamilyWeek:
    is_over = place and place.state == "offered" and not places.may_answer(place=place, now=now)
    return FamilyWeek(pool, None if is_over else place, before.get(place.pk, 0) if place else 0, is_full)
