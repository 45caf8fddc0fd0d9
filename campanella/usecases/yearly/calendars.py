"""
The calendars of the present year go on in the next one: shifted, then looked at by the office.

A season is carried 52 weeks on, so that it begins on the same weekday; one that has the length of the school year keeps it.
The return days of a class go with its children, those of a first class stay with its section.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from campanella.domains.schools import queries as schools
from campanella.domains.schools import rolled
from campanella.domains.schools.models import YearRoll
from campanella.domains.services import shifted, shifting
from campanella.domains.services.shifted import Season
from campanella.domains.services.timetable import named
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import day_full
from campanella.foundation.core.scope import use_case
from campanella.usecases.yearly.planning import RollPlan

A_DAY = timedelta(days=1)


class NothingToConfirm(Refusal):
    """No roll-over stands, or its calendars were looked at."""

    message = "Non ci sono calendari da confermare."


@dataclass(frozen=True, slots=True)
class ClassDays:
    """The days of the week of a class of the new year."""

    service_id: int
    service_name: str
    school_id: int
    class_name: str
    weekdays: int

    @property
    def told(self) -> str:
        """The days, as one says them."""
        return named(self.weekdays)


@dataclass(frozen=True)
class Calendars:
    """What a roll-over carries."""

    seasons: Sequence[Season] = ()
    class_days: Sequence[ClassDays] = ()


NOTHING = Calendars()


def plan(roll: RollPlan) -> Calendars:
    """Reckon which calendars the new year would have, where nobody has entered any: four queries, none where it is done."""
    if roll.done:
        return NOTHING
    year = schools.year_of(day=roll.first - A_DAY)
    if year is None:
        return NOTHING
    seasons = shifted.seasons_to_shift(year=(year.days.lower, year.days.upper), into=(roll.first, roll.end))
    return Calendars(seasons, _class_days(roll))


def write(*, made: YearRoll, calendars: Calendars) -> None:
    """Write what was reckoned, beside the classes that the roll-over has opened; it joins its transaction."""
    school_ids = {one.school_id for one in calendars.class_days}
    groups = schools.classes_at(school_ids=sorted(school_ids), first=made.first, last=made.first)
    ids = {(group.school_id, group.name): group.pk for group in groups if group.pk in made.class_ids}
    days = [
        (one.service_id, ids[one.school_id, one.class_name], one.weekdays)
        for one in calendars.class_days
        if (one.school_id, one.class_name) in ids
    ]
    shifting.shift(roll=made, seasons=calendars.seasons, class_days=days, first=made.first)


@use_case
def confirm(*, by: Actor, now: datetime) -> int:
    """
    Let the carried calendars stand as they are.

    :returns: how many
    :raises NothingToConfirm: none waits
    """
    made = rolled.last_standing()
    count = shifting.confirm(by=by, roll=made, day=day_full(made.first), now=now) if made else 0
    if not count:
        raise NothingToConfirm
    return count


def _class_days(roll: RollPlan) -> list[ClassDays]:
    """Return the return days of the classes of the new year: of most of the children that come, or of the section before."""
    coming: dict[tuple[int, str], Counter[int]] = {}
    before = {(step.seat.school_id, step.seat.class_name): step.seat.class_group_id for step in roll.steps}
    for move in roll.moves:
        if move.class_name:
            coming.setdefault((move.seat.school_id, move.class_name), Counter())[move.seat.class_group_id] += 1
    source = {target: before[target] for target in roll.also_open if target in before}
    source |= {target: classes.most_common(1)[0][0] for target, classes in coming.items()}
    found = shifted.class_days_at_end(class_ids=set(source.values()), last=roll.first - A_DAY) if source else []
    return [
        ClassDays(one.service_id, one.service.name, *target, one.weekdays)
        for target, class_id in sorted(source.items())
        for one in found
        if one.class_group_id == class_id
    ]
