"""From which day an ISEE counts that was presented on another; rule card R5."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from campanella.domains.services.tariffs.shapes import IseeRule, Scheme


@dataclass(frozen=True, slots=True)
class Deadline:
    """
    The next day by which an ISEE is to be presented.

    :ivar begins: from when it counts then
    :ivar is_monthly: another one comes a month later, so nobody is written to about it
    """

    by: date
    begins: date
    is_monthly: bool = False


def next_deadline(*, scheme: Scheme, today: date) -> Deadline | None:
    """Return by when an ISEE is to be presented so as to count from a certain day on; None where there is no such day."""
    rule = scheme.isee
    by = _by(rule, today)
    if rule.until and (by is None or by > rule.until):
        by = rule.until
    begins = (
        counts_from(presented=by, rule=rule, first=scheme.season_first, last=scheme.last) if by and by >= today else None
    )
    return Deadline(by, begins, is_monthly=rule.counting == "month" and by != rule.until) if by and begins else None


def _by(rule: IseeRule, today: date) -> date | None:
    if rule.counting == "deadlines":
        return next((by for by, _ in rule.deadlines if today <= by), None)
    if rule.counting == "fixed":
        return rule.fixed_on
    if rule.counting != "month":
        return None
    this = _last_day(rule, today)
    return this if this and today <= this else _last_day(rule, _next_month(today.replace(day=1)))


def _last_day(rule: IseeRule, month: date) -> date | None:
    """Return by when an ISEE counts from the first of a month; where it always counts from the next, its last day."""
    last = monthrange(month.year, month.month)[1]
    return month.replace(day=min(rule.months.get(month.month, rule.by_day) or last, last))


def counts_from(*, presented: date, rule: IseeRule, first: date, last: date) -> date | None:
    """
    Return the first day of a season on which an ISEE counts, None when it never does in this season.

    :param presented: the day on the town's calendar, whatever the hour
    :param first: of the season; nothing counts before it
    :param last: of the season, included
    """
    if rule.until and presented > rule.until:
        return None
    day = _begins(presented, rule, first)
    return max(day, first) if day and day <= last else None


def good_since(*, scheme: Scheme, day: date) -> date:
    """Return since when an ISEE must be valid at least so as not to be over on a day, as ``is_over`` tells it."""
    return scheme.season_first if scheme.isee.keeps else day


def is_over(*, valid_until: date | None, day: date, rule: IseeRule, first: date) -> bool:
    """
    Tell whether an ISEE is no longer good on a day: one that expires within a season may stay good to its end.

    :param first: of the season; what was over before it never counts in it
    """
    if valid_until is None:
        return False
    return valid_until < first or (day > valid_until and not rule.keeps)


def _begins(presented: date, rule: IseeRule, first: date) -> date | None:
    if rule.counting == "month":
        this_month = presented.replace(day=1)
        by_day = rule.months.get(presented.month, rule.by_day)
        return this_month if presented.day <= by_day else _next_month(this_month)
    if rule.counting == "deadlines":
        return next((begins for by, begins in rule.deadlines if presented <= by), None)
    if rule.counting == "fixed":
        return first if rule.fixed_on is None or presented <= rule.fixed_on else None
    return presented


def _next_month(first_of_month: date) -> date:
    if first_of_month.month == 12:
        return date(first_of_month.year + 1, 1, 1)
    return first_of_month.replace(month=first_of_month.month + 1)
