"""How the days of a service go: who decides who eats, and until when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import cast

from django.db.models import Max

from campanella.domains.attendance.choices import RollCallChoices
from campanella.domains.attendance.models import CutOffShift, DayRule
from campanella.domains.attendance.rules import OWN, DayTerms, Mode, own_hours
from campanella.domains.attendance.statements.places import PLACE
from campanella.foundation.core import clock, sql
from campanella.foundation.core.scope import active_town_id
from campanella.foundation.tenants.queries import active_town


@dataclass(frozen=True, slots=True)
class UsualHours:
    """
    The town's usual hour, where a rule has none of its own: each day keeps the one that held on it.

    :ivar before: the last day of each hour that held before, and the hour, in order
    """

    hour: time
    before: tuple[tuple[date, time], ...] = ()

    def on(self, day: date) -> time:
        """Return the hour of a day."""
        return next((hour for last, hour in self.before if day <= last), self.hour)


def usual_hours() -> UsualHours:
    """Return the active town's usual hour, of every day."""
    town = active_town()
    return UsualHours(town.chosen(RollCallChoices).roll_call_closes_at, town.chosen_before("roll_call_closes_at"))


@dataclass(frozen=True, slots=True)
class TermsOfDay:
    """The terms of every service in every school on one day: made in two queries, asked as often as one likes."""

    day: date
    rules: dict[tuple[int, int], DayRule]
    shifts: Sequence[CutOffShift]
    usual: UsualHours

    def of(self, *, service_id: int, school_id: int) -> DayTerms:
        """Return the terms of one service in one school; without a rule its roll-call decides, until the town's hour."""
        rule = self.rules.get((service_id, school_id))
        moved: dict[str, datetime] = {}
        for shift in self.shifts:
            if shift.service_id in (None, service_id) and shift.school_id in (None, school_id):
                moved[shift.action] = max(shift.until, moved.get(shift.action, shift.until))
        days_before = rule.cut_off_days_before if rule else 0
        return made(
            day=self.day,
            mode=cast("Mode", rule.mode) if rule else "roll_call",
            cut_off=(rule and rule.cut_off) or self.usual.on(self.day - timedelta(days=days_before)),
            days_before=days_before,
            moved_to=moved.get(""),
            marks_until=rule.marks_until if rule else None,
            horizon_days=rule.horizon_days if rule else None,
            opens_at=rule.opens_at if rule else None,
            made_at=rule.made_at if rule else None,
            own=own_hours(rule) if rule else None,
            own_moved_to=moved,
        )

    def closes_at(self, *, service_id: int, school_id: int) -> datetime:
        """
        Return until when the roll-call of a service is called in a school: until the cut-off, and where families have to ask
        on an earlier day, until the same hour of the day itself.
        """
        return closing(self.of(service_id=service_id, school_id=school_id), day=self.day)


def closing(terms: DayTerms, *, day: date) -> datetime:
    """Return until when the roll-call of a day is called that goes by these terms (``TermsOfDay.closes_at``)."""
    return max(terms.cut_off, clock.rome(day, terms.cut_off.astimezone(clock.ROME).time()))


def of_place(*, service_id: int, school_id: int, day: date) -> DayTerms:
    """Return the terms of one service in one school on one day: one query."""
    values = {"town": active_town_id(), "service": service_id, "school": school_id, "day": day}
    found = sql.row(PLACE, values) or (None,) * 8
    mode, cut_off, days_before, marks_until, horizon_days, opens_at, made_at, moved_to = found
    return made(
        day=day,
        mode=cast("Mode", mode or "roll_call"),
        cut_off=cut_off or usual_hours().on(day - timedelta(days=days_before or 0)),
        days_before=days_before or 0,
        moved_to=moved_to,
        marks_until=marks_until,
        horizon_days=horizon_days,
        opens_at=opens_at,
        made_at=made_at,
    )


def made(
    *,
    day: date,
    mode: Mode,
    cut_off: time,
    days_before: int,
    moved_to: datetime | None,
    marks_until: time | None = None,
    horizon_days: int | None = None,
    opens_at: time | None = None,
    made_at: datetime | None = None,
    own: Mapping[str, tuple[time, int]] | None = None,
    own_moved_to: Mapping[str, datetime] | None = None,
) -> DayTerms:
    """
    Make the terms of a day out of its rule: wall-clock times in Rome, and the latest instant the cut-off was moved to.

    :param opens_at: the hour at which a family may first ask, on the first day of the horizon; None is its midnight
    :param made_at: when the rule was entered, None for a town's usual hour
    :param own: what is asked until an hour of its own, with that hour and how many days before
    :param own_moved_to: the latest instant to which such an hour was moved; none is ever after the cut-off
    """
    ends = clock.rome(day - timedelta(days=days_before), cut_off)
    until = clock.rome(day, marks_until) if marks_until else ends
    last = max(ends, moved_to or ends)
    opens = None if horizon_days is None else clock.rome(day - timedelta(days=horizon_days), opens_at or time.min)
    moved = own_moved_to or {}
    own_ends = {action: clock.rome(day - timedelta(days=before), till) for action, (till, before) in (own or {}).items()}
    own_last = {action: min(max(end, moved.get(action, end)), last) for action, end in own_ends.items()}
    is_known = made_at is None or made_at <= last
    return DayTerms(mode, last, max(until, last), horizon_days, is_known, opens, own_last)


def on(*, day: date) -> TermsOfDay:
    """Look at the rules of a day, and at what moved its cut-off: two queries."""
    return between(first=day, last=day)[day]


def between(*, first: date, last: date) -> dict[date, TermsOfDay]:
    """Look at the rules of all days between two, both included, by day: two queries."""
    rules = list(DayRule.objects.filter(days__overlap=(first, last + timedelta(days=1))))
    shifts = list(CutOffShift.objects.filter(day__range=(first, last)))
    usual = usual_hours()
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return {
        day: TermsOfDay(
            day,
            {(rule.service_id, rule.school_id): rule for rule in rules if _holds_on(rule, day)},
            [shift for shift in shifts if shift.day == day],
            usual,
        )
        for day in days
    }


def closings(*, day: date) -> set[datetime]:
    """Return when roll-calls of a day close, somewhere in the town, and to when that was moved: two queries."""
    moved = CutOffShift.objects.filter(day=day, action="").values_list("until", flat=True)
    return {*moved, *(clock.rome(day, hour) for hour in _closing_hours(day))}


def _closing_hours(day: date) -> set[time]:
    rules = DayRule.objects.filter(days__contains=day, cut_off__isnull=False)
    hours = {hour for hour in rules.values_list("cut_off", flat=True) if hour}
    return {usual_hours().on(day), *hours}


def booked_between(*, first: date, last: date) -> set[int]:
    """Return the services that families book, or of which a register decides, somewhere between two days: one query."""
    rules = DayRule.objects.filter(days__overlap=(first, last + timedelta(days=1))).exclude(mode="roll_call")
    return set(rules.values_list("service_id", flat=True))


def shift(*, shift_id: int) -> CutOffShift:
    """Return one move of a cut-off, with where it holds."""
    return CutOffShift.objects.select_related("service", "school").get(pk=shift_id)


def _holds_on(rule: DayRule, day: date) -> bool:
    first, end = rule.days.lower, rule.days.upper
    return (first is None or first <= day) and (end is None or day < end)


def days_ahead() -> int:
    """Return how many days before its day a cut-off, or an hour of its own, may be by the rules there are: one query."""
    names = ("cut_off_days_before", *(f"{action}_cut_off_days_before" for action in OWN))
    return max(int(most or 0) for most in DayRule.objects.aggregate(*map(Max, names)).values())
