"""
Towns where families decide who eats: since when, and what they have asked.

Truccazzano's families cancel until half past nine (manual 2), Valenza's book the after-school day by day. Before that the
roll-call decided: the past stays explained as it was.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.demo.calendar import DAY
from campanella.demo.settling import Resident, Settled, Use
from campanella.domains.accounts.roles import Role
from campanella.domains.attendance.judging import Arrival
from campanella.domains.attendance.models import DayRule
from campanella.domains.attendance.rules import Action
from campanella.domains.schools import queries as schools
from campanella.foundation.core import clock
from campanella.usecases import wishes

CUT_OFF = time(9, 30)
# By town: how a kind of service goes.
MODES = {"truccazzano": ("opt_out", "meal"), "valenza": ("opt_in", "after")}
# Which school days back it began, and how far ahead the demo's families have booked.
WEEKS = timedelta(days=14)
AHEAD = 9
# Of those who stay at home, one in so many forgets to cancel, and one in so many is late.
FORGETS, IS_LATE = 5, 6


class Booking:
    """What the families of one town ask."""

    def __init__(self, *, settled: Settled, today: date) -> None:
        self.settled, self.today = settled, today
        self.mode, self.kind = MODES.get(settled.plan.slug, ("", ""))
        begun = today - WEEKS
        self.first = begun - begun.weekday() * DAY

    def begin(self) -> None:
        """Let the service go another way, in every school that has it, from a Monday on."""
        for plan in self.settled.plan.services:
            for school in schools.schools() if plan.kind == self.kind else ():
                if school.level not in plan.prices:
                    continue
                DayRule.objects.create(
                    service=self.settled.services[plan.code],
                    school=school,
                    days=DateRange(self.first, None),
                    mode=self.mode,
                    cut_off=CUT_OFF,
                    horizon_days=30 if self.mode == "opt_in" else None,
                    made_at=clock.rome(self.first - 14 * DAY, time(11, 0)),
                )

    def book(self, days: Sequence[date]) -> None:
        """Have most families book their days ahead, the evening before it begins."""
        if self.mode != "opt_in":
            return
        at = clock.rome(self.first - DAY, time(20, 12))
        ahead = [day for day in days if day >= self.first]
        for i, (resident, use) in enumerate(self._uses()):
            mine = [day for day in ahead if (day.weekday() + i) % 5 not in (1, 3)[: i % 3]]
            if mine:
                self.ask(resident, use, days=mine, action="book", at=at)

    def in_time(self, day: date, absent: set[int], until: datetime | None = None) -> None:
        """Have most of those who stay at home cancel before the cut-off."""
        for i, (resident, use) in enumerate(self._away(day, absent)):
            at = clock.rome(day, time(7, 31 + i % 28, 7 * i % 60))
            if i % FORGETS and i % IS_LATE and (until is None or at < until):
                self.ask(resident, use, days=[day], action="cancel", at=at)

    def late(self, day: date, absent: set[int]) -> None:
        """Have some of them cancel when the numbers are closed."""
        for i, (resident, use) in enumerate(self._away(day, absent)):
            if i % FORGETS and not i % IS_LATE:
                self.ask(resident, use, days=[day], action="cancel", at=clock.rome(day, time(9, 32 + i % 9, 5)))

    def look_ahead(self, days: Sequence[date], moment: datetime) -> None:
        """Have the first families ask for the days that come: away for two, a white meal, a trip."""
        if self.mode == "opt_out" and len(days) >= AHEAD:
            wanted: list[tuple[Action, Sequence[date]]] = [
                ("cancel", days[4:6]),
                ("white", days[1:2]),
                ("packed", days[7:8]),
            ]
            for resident, use in list(self._uses())[:4]:
                for minutes, (action, mine) in enumerate(wanted):
                    at = moment - timedelta(hours=11, minutes=minutes)
                    self.ask(resident, use, days=mine, action=action, at=at)
            at = clock.rome(self.today, time(7, 41, 8))
            for resident, use in list(self._uses())[1:3] if self.today == days[0] and at < moment else ():
                self.ask(resident, use, days=[self.today], action="cancel", at=at)

    def ask(self, resident: Resident, use: Use, *, days: Sequence[date], action: Action, at: datetime) -> None:
        """Ask as the family does, or as it would by telephone where nobody signs in."""
        line = (resident.child.pk, use.service.pk)
        with clock.standing_at(at):
            wishes.ask(
                by=resident.user or self.settled.staff[Role.OFFICE],
                lines=[line],
                days=days,
                action=action,
                key=uuid5(NAMESPACE_URL, f"{line} {action} {days[0]} {at}"),
                arrival=Arrival(at, channel="portal" if resident.user else "office"),
                now=at,
            )

    def _uses(self) -> Iterable[tuple[Resident, Use]]:
        return ((who, use) for who in self.settled.residents for use in who.uses if use.service.kind == self.kind)

    def _away(self, day: date, absent: set[int]) -> Iterable[tuple[Resident, Use]]:
        if self.mode != "opt_out" or day < self.first:
            return ()
        return ((who, use) for who, use in self._uses() if who.child.pk in absent)
