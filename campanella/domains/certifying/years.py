"""
What the law said in each tax year about deducting school and nursery expenses: one table, with its sources. Plain rules.

A year's row is never edited once its certificates are issued: they name the law they were made by.
"""

from dataclasses import dataclass

from campanella.foundation.core.money import Euro


@dataclass(frozen=True)
class TaxYear:
    """
    The rules of one tax year.

    :ivar percent: of the expense that comes off the tax
    :ivar school_ceiling: for each pupil, of all school expenses together
    :ivar nursery_ceiling: for each child
    :ivar needs_trace: only what was paid traceably counts
    :ivar laws: what a certificate names
    """

    year: int
    percent: int
    school_ceiling: Euro
    nursery_ceiling: Euro
    needs_trace: bool
    laws: tuple[str, ...]


class NoSuchTaxYear(ValueError):
    """The law of this year is not on record."""


FIRST_YEAR = 2015
PERCENT = 19
NURSERY_CEILING = Euro(63200)
# L. 160/2019, art. 1, cc. 679-680.
TRACED_FROM = 2020
# First year → cents for each pupil. L. 107/2015; L. 232/2016; L. 145/2018; L. 207/2024, art. 1, c. 13 (circ. AdE 6/E 2025).
_SCHOOL_CEILINGS = {2015: 40000, 2016: 56400, 2017: 71700, 2018: 78600, 2019: 80000, 2025: 100000}
_CEILING_LAW = {2025: "art. 1, c. 13, L. 207/2024"}

SCHOOL_LAW = "art. 15, c. 1, lett. e-bis, DPR 917/1986 (TUIR)"
NURSERY_LAW = "art. 1, c. 335, L. 266/2005 e art. 2, c. 6, L. 203/2008"
TRACE_LAW = "art. 1, cc. 679-680, L. 160/2019"
STAMP_EXEMPTION = "Esente da imposta di bollo: art. 5 tabella B, DPR 642/1972 (circ. AdE 18/E 2016)."


def rules_of(year: int) -> TaxYear:
    """
    Return the rules of a tax year; a year to come has those of the last one on record.

    :raises NoSuchTaxYear: before 2015, of which nothing is on record
    """
    if year < FIRST_YEAR:
        raise NoSuchTaxYear(f"The rules of {year} are not on record; the first year is {FIRST_YEAR}.")
    since = max(first for first in _SCHOOL_CEILINGS if first <= year)
    needs_trace = year >= TRACED_FROM
    laws = (SCHOOL_LAW, *([_CEILING_LAW[since]] if since in _CEILING_LAW else []), *([TRACE_LAW] if needs_trace else []))
    return TaxYear(year, PERCENT, Euro(_SCHOOL_CEILINGS[since]), NURSERY_CEILING, needs_trace, laws)
