"""
The outage rule (R2): when the pages could not be reached in the last hour before a cut-off, the cut-off of that day moves.

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
from campanella.domains.attendance.rules import A_HOLE, moved_by_outage
from campanella.domains.attendance.terms import TermsOfDay
from campanella.domains.services.models import Service
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


class Shortened(NamedTuple):
    """A cut-off that an outage has shortened, and where it moves; ``school_id`` None is every school."""

    day: date
    service_id: int
    school_id: int | None
    cut_off: datetime
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
                until=one.to,
                reason=f"Portale non raggiungibile nell’ultima ora: dalle {at_time(one.cut_off)} alle {at_time(one.to)}",
                now=now,
            )
    return found


@use_case
def tell(*, shift_id: int) -> None:
    """Tell the kitchen and the office that the cut-off of a day has moved."""
    shift = terms.shift(shift_id=shift_id)
    addresses = {user.email for user in accounts.staff() if user.is_active and user.has_role(Role.KITCHEN) and user.email}
    office = active_town().choices.office_email
    for address in sorted({*addresses, *([office] if office else [])}):
        letters.cut_off_moved(
            address=address, shift_id=shift.pk, day=shift.day, until=shift.until, reason=shift.reason, now=clock.now()
        )


def _shortened(extra: timedelta, now: datetime) -> Iterator[Shortened]:
    """Give the cut-offs that an outage has shortened, and that have not moved so far yet."""
    today = clock.day_of(now)
    for ahead in range(-1, terms.days_ahead() + 1):
        of_day = terms.on(day=today + timedelta(days=ahead))
        near = [one for one in _cut_offs(of_day) if now - BACK <= one[1] <= now + LAST_HOUR]
        for service, cut_off, school_id, until in near:
            beats = heartbeats.beats(first=cut_off - LAST_HOUR, last=min(now, cut_off + BACK))
            to = moved_by_outage(beats=beats, now=now, cut_off=cut_off, extra=extra)
            if to and to > until:
                yield Shortened(of_day.day, service.pk, school_id, cut_off, to)


def _cut_offs(of_day: TermsOfDay) -> Iterator[tuple[Service, datetime, int | None, datetime]]:
    """Give each service with its cut-off as the rule says it and as it was moved, once where its schools have the same."""
    plain, running = replace(of_day, shifts=[]), serving.on(day=of_day.day)
    schools: dict[int, list[tuple[int, datetime, datetime]]] = {}
    known: dict[int, Service] = {}
    for school_id, found in running.calendars.items():
        for service in found.values():
            known[service.pk] = service
            ends = plain.of(service_id=service.pk, school_id=school_id).cut_off
            until = of_day.of(service_id=service.pk, school_id=school_id).cut_off
            schools.setdefault(service.pk, []).append((school_id, ends, until))
    for service_id, places in schools.items():
        if len({(ends, until) for _, ends, until in places}) == 1:
            _, ends, until = places[0]
            yield known[service_id], ends, None, until
        else:
            for school_id, ends, until in places:
                yield known[service_id], ends, school_id, until
