"""School years, opened by the office or by the first file that needs one."""

from datetime import date, datetime, timedelta

from campanella.domains.schools import opening
from campanella.domains.schools import queries as schools
from campanella.domains.schools.models import SchoolYear
from campanella.foundation.core import sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import active_town_id, use_case

A_DAY = timedelta(days=1)


@use_case
def open_year(*, by: Actor, first: date, last: date, now: datetime) -> SchoolYear:
    """
    Open a school year.

    :raises NoSchoolYear: it is too short or too long
    :raises YearsOverlap: another year has some of these days, or begins in the same calendar year
    """
    sql.take_turns("year", active_town_id())
    return opening.open_year(by=by, first=first, last=last, now=now)


@use_case
def year_of(*, by: Actor, first: date, end: date, now: datetime) -> SchoolYear:
    """
    Return the school year of these days, opening it where there is none.

    :param end: first day after
    """
    found = schools.year_of(day=first) or schools.year_of(day=end - A_DAY)
    return found or open_year(by=by, first=first, last=end - A_DAY, now=now)


@use_case
def change_year(*, by: Actor, year_id: int, first: date, last: date, now: datetime) -> SchoolYear:
    """
    Say from when to when a year is in whose classes nobody sits yet.

    :raises NoSchoolYear, YearsOverlap: as ``open_year``
    :raises YearIsLived: somebody does
    """
    sql.take_turns("year", active_town_id())
    return opening.change_year(by=by, year_id=year_id, first=first, last=last, now=now)
