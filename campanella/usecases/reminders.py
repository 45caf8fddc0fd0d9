"""
A class that has not confirmed by the town's hour: its school is reminded, by itself and by hand, then the office.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from campanella.domains.accounts import queries as accounts
from campanella.domains.accounts.models import User
from campanella.domains.accounts.roles import Role
from campanella.domains.attendance import terms
from campanella.domains.schools import queries as schools
from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import use_case
from campanella.foundation.tenants.queries import active_town
from campanella.readings.office import day as office_day
from campanella.readings.office.day import ClassDay
from campanella.usecases.messages import closures as letters

# After the hour the school has so long before it is reminded, and so long before the office is told.
TO_SCHOOL, TO_OFFICE = timedelta(minutes=3), timedelta(minutes=30)
# A worker that comes back later reminds nobody of a morning that is over.
FOR = timedelta(minutes=15)

audit.sentences({"roll_call.reminded": "ha sollecitato {classes:classe che non ha|classi che non hanno} confermato"})


def is_time(now: datetime) -> bool:
    """Tell whether somebody is to be reminded in these minutes: two queries."""
    return any(_to_whom(now - closes_at) for closes_at in terms.closings(day=clock.day_of(now)))


def _to_whom(since: timedelta) -> Literal["school", "office", ""]:
    """Tell who is reminded so long after an hour."""
    if TO_SCHOOL <= since < TO_SCHOOL + FOR:
        return "school"
    return "office" if TO_OFFICE <= since < TO_OFFICE + FOR else ""


@use_case
def remind(*, by: Actor, classes: Sequence[ClassDay], now: datetime) -> int:
    """
    Remind the schools of these classes by hand, once a minute at most.

    :returns: how many people are written to
    """
    told = _to_schools(classes, act=f"{now:%H%M}", now=now)
    if told:
        audit.record(
            by=by, action="roll_call.reminded", subjects=[f"day:{clock.day_of(now)}"], at=now, data={"classes": len(classes)}
        )
    return told


@use_case
def look(*, now: datetime) -> int:
    """
    Remind by itself: the schools soon after the hour of their classes, the office half an hour later; each once a day.

    :returns: how many are written to
    """
    missing = office_day.missing(classes=office_day.classes_on(day=clock.day_of(now)), now=now)
    told = 0
    for closes_at in sorted({line.closes_at for line in missing}):
        classes, hour = [line for line in missing if line.closes_at == closes_at], f"{closes_at:%H%M}"
        to = _to_whom(now - closes_at)
        if to == "school":
            told += _to_schools(classes, act=f"auto{hour}", now=now)
        elif to == "office" and (address := active_town().choices.office_email):
            letters.classes_missing(address=address, classes=classes, key=f"office{hour}", now=now)
            told += 1
    return told


def people_at(school_id: int) -> list[User]:
    """Return who takes the roll-call in a school and has an address: those held to it, else those who see all schools."""
    places = schools.workplaces()
    staff = [user for user in accounts.staff() if user.is_active and user.email and user.has_role(Role.SCHOOL)]
    here = [user for user in staff if any(school.pk == school_id for school in places.get(user.pk, []))]
    return here or [user for user in staff if user.pk not in places]


def _to_schools(classes: Sequence[ClassDay], *, act: str, now: datetime) -> int:
    by_school: dict[int, list[ClassDay]] = {}
    for line in classes:
        by_school.setdefault(line.school_id, []).append(line)
    told = 0
    for school_id, mine in by_school.items():
        for user in people_at(school_id):
            key = f"{school_id}:{act}:{user.pk}"
            letters.classes_missing(address=user.email, classes=mine, key=key, now=now)
            told += 1
    return told
