"""Interest on what is late: the legal rates by year with their source, and what a number of days costs. Amounts in cents."""

from dataclasses import dataclass
from datetime import date, timedelta

from campanella.foundation.core.money import half_up

# What a town may ask beyond the legal rate, in hundredths of a point: its own rule says so (Milan's plans ask 0.50).
MOST_POINTS = 500
DAYS_OF_A_YEAR = 365
WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """
    The legal rate of a year (art. 1284 of the civil code).

    :ivar points: hundredths of a point: 160 is 1.60 %
    """

    points: int
    source: str


LEGAL_RATES: dict[int, Rate] = {
    2015: Rate(50, "DM 11/12/2014"),
    2016: Rate(20, "DM 11/12/2015"),
    2017: Rate(10, "DM 7/12/2016"),
    2018: Rate(30, "DM 13/12/2017, GU 292 del 15/12/2017"),
    2019: Rate(80, "DM 12/12/2018, GU 291 del 15/12/2018"),
    2020: Rate(5, "DM 12/12/2019"),
    2021: Rate(1, "DM 11/12/2020"),
    2022: Rate(125, "DM 13/12/2021"),
    2023: Rate(500, "DM 13/12/2022"),
    2024: Rate(250, "DM 29/11/2023"),
    2025: Rate(200, "DM 10/12/2024"),
    2026: Rate(160, "DM 10/12/2025, GU 289 del 13/12/2025"),
}
FIRST_YEAR, LAST_YEAR = min(LEGAL_RATES), max(LEGAL_RATES)


def rate_of(year: int) -> Rate:
    """Return the legal rate of a year; where no decree has said otherwise the one before goes on (art. 1284)."""
    return LEGAL_RATES[min(max(year, FIRST_YEAR), LAST_YEAR)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accruing:
    """
    Interest on what an invoice still asks of one wallet.

    :ivar first, until: the days it is for, both included
    :ivar principal: what was open on the last of them
    :ivar points: beyond the legal rate, in hundredths of a point
    """

    invoice_id: int
    wallet_id: int
    child_id: int
    title: str
    number: str
    first: date
    until: date
    principal: int
    points: int
    cents: int


def interest(*, principal: int, first: date, until: date, points: int) -> int:
    """
    Return the interest of some days, both included, on one sum: simple, over 365 days a year, half-up to the cent once.

    :param points: beyond the legal rate, in hundredths of a point
    """
    shares = 0
    day = first
    while day <= until:
        last = min(until, date(day.year, 12, 31))
        shares += ((last - day).days + 1) * (rate_of(day.year).points + points)
        day = last + timedelta(days=1)
    return half_up(principal * shares, WHOLE * DAYS_OF_A_YEAR)


def told(points: int) -> str:
    """Say by which rate a step asks for interest."""
    if not points:
        return "gli interessi legali"
    return f"gli interessi legali più {points // 100},{points % 100:02} punti"
