"""A tariff carried into the next school year, as it is or raised: pure."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from campanella.domains.services.rules import A_YEAR_ON
from campanella.domains.services.tariffs import amounts
from campanella.domains.services.tariffs.shapes import Change, IseeRule, Scheme

LONGEST_NAME, LONGEST_CODE = 120, 40
# 2026/27, 2026-2027; what a version within its season was called by.
YEARS = re.compile(r"\b(20\d\d)([/–-])(\d{4}|\d\d)\b")
VERSION_NAME, VERSION_CODE = re.compile(r", dal \d{1,2} \w+ 20\d\d$"), re.compile(r"-20\d{6}$")


@dataclass(frozen=True, slots=True)
class Carried:
    """
    A tariff of the next year.

    :ivar before: the last version of this year's
    :ivar left_out: the names of what was granted for some days of this year alone
    """

    before: Scheme
    scheme: Scheme
    left_out: tuple[str, ...]


def carried(
    *, versions: Sequence[Scheme], since: date, into: date, year: str, taken: Collection[str], raise_by: Fraction
) -> Carried:
    """
    Return the tariff of the next year: the last version of this one, from the first day of the season.

    Every day in it goes on a year: deadlines, the days by which somebody enrolls; of a tariff that holds for several years
    as many as bring them into the next one. What was granted from a day to another within the season is left out: a grant is
    decided anew.

    :param versions: of one service, level and unit, in this year
    :param since: the first day of this year; ``into`` that of the next one, before which nothing carried holds
    :param year: what the next one is called: "2027/28"
    :param taken: the codes that are given already
    :param raise_by: percent, on every price, each rounded half-up to the cent
    """
    last = max(versions, key=lambda one: one.first)
    first = min(one.season_first for one in versions)
    years = 1 + max(0, round((since - first).days / 365))
    grants = [change for change in last.changes if change.first or change.last]
    made = replace(
        last,
        code=_code(last.code, first.year + years - 1, taken),
        name=_name(last.name, year, years),
        # As the calendars go on, so that no day of the season is without it.
        first=max(into, first + years * A_YEAR_ON),
        last=_last_after(last.last),
        season=None,
        replaces="",
        changes=tuple(_change(change, years) for change in last.changes if change not in grants),
        isee=_isee(last.isee, years),
    )
    return Carried(last, amounts.raised(made, raise_by) if raise_by else made, tuple(change.name for change in grants))


def a_year_after(day: date) -> date:
    """Return the same day of the next year; of a 29th of February, the 1st of March."""
    return day.replace(year=day.year + 1) if (day.month, day.day) != (2, 29) else date(day.year + 1, 3, 1)


def _last_after(day: date) -> date:
    # By the first day after it, so that the last of February stays the last.
    return a_year_after(day + timedelta(days=1)) - timedelta(days=1) if day.year < date.max.year - 1 else day


def _later(day: date, years: int) -> date:
    for _ in range(years):
        day = a_year_after(day)
    return day


def _change(change: Change, years: int) -> Change:
    return replace(change, enrolled_after=_later(change.enrolled_after, years)) if change.enrolled_after else change


def _isee(rule: IseeRule, years: int) -> IseeRule:
    return replace(
        rule,
        deadlines=tuple((_later(by, years), _later(begins, years)) for by, begins in rule.deadlines),
        fixed_on=_later(rule.fixed_on, years) if rule.fixed_on else None,
        until=_later(rule.until, years) if rule.until else None,
    )


def _name(name: str, year: str, years: int) -> str:
    plain = VERSION_NAME.sub("", name)
    found = YEARS.sub(_next if years == 1 else year, plain)
    return found if found != plain else f"{plain[: LONGEST_NAME - len(year) - 1]} {year}"


def _next(found: re.Match[str]) -> str:
    second = found[3]
    digits = f"{int(second) + 1:04}" if len(second) == 4 else f"{(int(second) + 1) % 100:02}"
    return f"{int(found[1]) + 1}{found[2]}{digits}"


def _code(code: str, autumn: int, taken: Collection[str]) -> str:
    plain = VERSION_CODE.sub("", code)
    short, full = f"{autumn % 100:02}", str(autumn)
    new = re.sub(rf"(?<!\d){full}(?!\d)", str(autumn + 1), plain)
    new = new if new != plain else re.sub(rf"(?<!\d){short}(?!\d)", f"{(autumn + 1) % 100:02}", plain)
    new = new if new != plain else f"{plain[: LONGEST_CODE - 5]}-{autumn + 1}"
    made, number = new, 2
    while made in taken:
        made, number = f"{new[: LONGEST_CODE - 4]}-{number}", number + 1
    return made
