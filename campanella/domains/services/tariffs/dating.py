"""From which day an ISEE counts that was presented on another; rule card R5."""

from datetime import date

from campanella.domains.services.tariffs.shapes import IseeRule


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
