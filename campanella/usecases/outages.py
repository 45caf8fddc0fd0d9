"""
The outage rule (R2): when the pages could not be reached in the last hour before a cut-off, the cut-off of that day moves.
So does an hour of its own, of what is asked until one, never past the cut-off.

By how much is the town's choice: as long as the outage lasted inside that hour, or a fixed number of minutes. A worker looks
every minute, and whoever would be refused as late makes it look once more.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from campanella.domains.accounts import queries as accounts
from campanella.domains.accounts.roles import Role
from campanella.domains.attendance import terms, wishing
from campanella.domains.attendance.choices import FamilyChoices
from campanella.domains.attendance.rules import A_HOLE, DayTerms, moved_by_outage
from campanella.domains.attendance.terms import TermsOfDay
from campanella.domains.schools import queries as schools
from campanella.foundation.core import clock, heartbeats, sql
from campanella.foundation.core.audit import Software
from campanella.foundation.core.italian import at_time
from campanella.foundation.core.scope import active_town_id, use_case
from campanella.foundation.tenants.queries import active_town
from campanella.readings import serving
from campanella.usecases.messages import letters

LAST_HOUR = timedelta(minutes=60)
# A server that was away through the cut-off comes back to it within so long.
BACK = timedelta(hours=12)
BY = Software("Regola dei guasti")


class Hour(NamedTuple):
    """
    Until when something may be asked, as the rule says it and as it was moved so far.

    :ivar action: what has an hour of its own; empty is when the numbers close
    """

    action: str
    cut_off: datetime
    until: datetime


class Shortened(NamedTuple):
    """An hour that an outage has shortened, and where it moves; ``school_id`` None is every school."""

    day: date
    service_id: int
    school_id: int | None
    hour: Hour
    to: datetime


@use_case
def move_cut_offs(*, now: datetime) -> int:
    """
    Move the cut-offs that an outage has shortened: one query where the pages were there all the time.

    Whoever comes late makes this look, and many come late together: they take turns, and who comes second finds it moved. A
    later look moves nothing more, unless the outage has become longer.

    :returns: how many were moved, by this look or by another in the same moment
    """
    chosen = active_town().chosen(FamilyChoices)
    if not chosen.outage_moves_cut_off:
        return 0
    if not heartbeats.were_silent(first=now - BACK - LAST_HOUR, last=now, longer_than=A_HOLE):
        return 0
    extra = timedelta(minutes=chosen.outage_extra_minutes)
    found = sum(1 for _ in _shortened(extra, now))
    if found:
        sql.take_turns("cut-offs", active_town_id())
        for one in list(_shortened(extra, now)):
            wishing.move_cut_off(
                by=BY,
                day=one.day,
                service_id=one.service_id,
                school_id=one.school_id,
                action=one.hour.action,
                until=one.to,
                reason="Portale non raggiungibile nell’ultima ora: "
                f"dalle {at_time(one.hour.cut_off)} alle {at_time(one.to)}",
                now=now,
            )
    return found


@use_case
def tell(*, shift_id: int) -> None:
    """Tell the office that the cut-off of a day has moved, and who cooks for a school in which it has."""
    shift = terms.shift(shift_id=shift_id)
    is_cooked = shift.service is None or shift.service.kind in serving.COOKED
    office = active_town().choices.office_email
    place = ", ".join(one.name for one in (shift.service, shift.school) if one)
    for address in sorted({*(_cooks(shift.school_id) if is_cooked else ()), *([office] if office else [])}):
        letters.cut_off_moved(
            address=address,
            shift_id=shift.pk,
            day=shift.day,
            until=shift.until,
            what=wishing.MOVED.get(shift.action, ""),
            place=place,
            is_cooked=is_cooked,
            reason=shift.reason,
            now=clock.now(),
        )


def _cooks(school_id: int | None) -> set[str]:
    """Return where those are written to who cook for a school, None for any."""
    held_to = schools.workplaces()
    cooks = [user for user in accounts.staff() if user.is_active and user.has_role(Role.KITCHEN) and user.email]
    return {
        user.email
        for user in cooks
        if school_id is None or user.pk not in held_to or school_id in {school.pk for school in held_to[user.pk]}
    }


def _shortened(extra: timedelta, now: datetime) -> Iterator[Shortened]:
    """Give the hours that an outage has shortened, and that have not moved so far yet: none moves past the cut-off."""
    today = clock.day_of(now)
    for ahead in range(-1, terms.days_ahead() + 1):
        of_day = terms.on(day=today + timedelta(days=ahead))
        for service_id, school_id, hours in _hours(of_day):
            last = hours[0].until
            for hour in hours:
                to = _moved(hour.cut_off, extra, now) or hour.until
                to = min(to, last) if hour.action else to
                if to > hour.until:
                    yield Shortened(of_day.day, service_id, school_id, hour, to)
                if not hour.action:
                    last = max(to, hour.until)


def _moved(cut_off: datetime, extra: timedelta, now: datetime) -> datetime | None:
    """Return where an outage moves an hour, None where it moves nothing."""
    if not now - BACK <= cut_off <= now + LAST_HOUR:
        return None
    beats = heartbeats.beats(first=cut_off - LAST_HOUR, last=min(now, cut_off + BACK))
    return moved_by_outage(beats=beats, now=now, cut_off=cut_off, extra=extra)


def _hours(of_day: TermsOfDay) -> Iterator[tuple[int, int | None, tuple[Hour, ...]]]:
    """Give each service with its hours, the cut-off first, once where its schools have the same."""
    plain = replace(of_day, shifts=[])
    schools: dict[int, dict[int, tuple[Hour, ...]]] = {}
    for school_id, found in serving.on(day=of_day.day).calendars.items():
        for service in found.values():
            place = {"service_id": service.pk, "school_id": school_id}
            schools.setdefault(service.pk, {})[school_id] = _of_place(plain.of(**place), of_day.of(**place))
    for service_id, places in schools.items():
        if len(set(places.values())) == 1:
            yield service_id, None, next(iter(places.values()))
        else:
            yield from ((service_id, school_id, hours) for school_id, hours in places.items())


def _of_place(plain: DayTerms, moved: DayTerms) -> tuple[Hour, ...]:
    """Return the hours of a service in a school; a booking has one only where families book."""
    own = [action for action in plain.own if action != "book" or plain.mode == "opt_in"]
    return (
        Hour("", plain.cut_off, moved.cut_off),
        *(Hour(action, plain.own[action], moved.own[action]) for action in own),
    )
