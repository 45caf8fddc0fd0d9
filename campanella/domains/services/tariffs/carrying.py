"""A tariff carried into the next school year, as it is or raised: pure."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

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


def carried(*, versions: Sequence[Scheme], year: str, taken: Collection[str], raise_by: Fraction) -> Carried:
    """
    Return the tariff of the next year: the last version of this one, from the first day of the season.

    Every day in it goes on a year: deadlines, the days by which somebody enrolls. What was granted from a day to another
    within the season is left out: a grant is decided anew.

    :param versions: of one service, level and unit, in this year
    :param year: what the next one is called: "2027/28"
    :param taken: the codes that are given already
    :param raise_by: percent, on every price, each rounded half-up to the cent
    """
    last = max(versions, key=lambda one: one.first)
    first = min(one.season_first for one in versions)
    grants = [change for change in last.changes if change.first or change.last]
    made = replace(
        last,
        code=_code(last.code, first.year, taken),
        name=_name(last.name, year),
        first=a_year_after(first),
        last=_last_after(last.last),
        season=None,
        replaces="",
        changes=tuple(_change(change) for change in last.changes if change not in grants),
        isee=_isee(last.isee),
    )
    return Carried(last, amounts.raised(made, raise_by) if raise_by else made, tuple(change.name for change in grants))


def a_year_after(day: date) -> date:
    """Return the same day of the next year; of a 29th of February, the 1st of March."""
    return day.replace(year=day.year + 1) if (day.month, day.day) != (2, 29) else date(day.year + 1, 3, 1)


def _last_after(day: date) -> date:
    # By the first day after it, so that the last of February stays the last.
    return a_year_after(day + timedelta(days=1)) - timedelta(days=1) if day.year < date.max.year - 1 else day


def _change(change: Change) -> Change:
    return replace(change, enrolled_after=a_year_after(change.enrolled_after)) if change.enrolled_after else change


def _isee(rule: IseeRule) -> IseeRule:
    return replace(
        rule,
        deadlines=tuple((a_year_after(by), a_year_after(begins)) for by, begins in rule.deadlines),
        fixed_on=a_year_after(rule.fixed_on) if rule.fixed_on else None,
        until=a_year_after(rule.until) if rule.until else None,
    )


def _name(name: str, year: str) -> str:
    plain = VERSION_NAME.sub("", name)
    found = YEARS.sub(_next, plain)
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
