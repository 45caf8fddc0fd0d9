"""The weeks of the camps as the office works on them: their places, who has one, who waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campanella.domains.people import queries as people
from campanella.domains.places import queries as places
from campanella.domains.places.queries import Place, Pool, Tally
from campanella.domains.schools import queries as schools
from campanella.domains.schools.queries import Place as ClassPlace
from campanella.foundation.core import clock

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Week:
    """A week of a camp in numbers."""

    pool: Pool
    tally: Tally

    @property
    def last(self) -> date:
        """Its last day."""
        end: date = self.pool.days.upper
        return end - A_DAY

    @property
    def to_offer(self) -> int:
        """How many of the free places somebody waits for."""
        left = self.tally.free(is_reserved=True)
        return self.tally.waiting if left is None else min(left, self.tally.waiting)


@dataclass(frozen=True, slots=True)
class Camper:
    """
    A child that has a week or waits for it.

    :ivar school: its class, None where it has none
    :ivar is_late: the time to answer its offer is over
    """

    place: Place
    name: str
    school: ClassPlace | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class WeekPage:
    """A week with all who have a place or wait."""

    week: Week
    held: tuple[Camper, ...]
    waiting: tuple[Camper, ...]


def weeks(*, now: datetime) -> list[Week]:
    """Return the weeks of today and later, camp by camp: two queries."""
    pools = places.pools_of_kind(kind="camp", day=clock.day_of(now))
    return _weeks(pools)


def week_page(*, pool: Pool, now: datetime) -> WeekPage:
    """Gather a week: six queries, whatever the number of children."""
    first = pool.days.lower
    held = list(places.holding(pool_ids=[pool.pk], day=first))
    waiting = places.waiting(pool_id=pool.pk)
    campers = _campers([*held, *waiting], first, now)
    return WeekPage(_weeks([pool])[0], tuple(campers[: len(held)]), tuple(campers[len(held) :]))


def _weeks(pools: Sequence[Pool]) -> list[Week]:
    found = places.tallies(pools=pools, day=None)
    return [Week(pool, found[pool.pk]) for pool in pools]


def _campers(rows: Sequence[Place], day: date, now: datetime) -> list[Camper]:
    child_ids = [one.child_id for one in rows]
    names, at_school = people.register_names(child_ids=child_ids), schools.places_of(child_ids=child_ids, day=day)
    return [
        Camper(one, names[one.child_id], at_school.get(one.child_id), not places.may_answer(place=one, now=now))
        for one in rows
    ]
