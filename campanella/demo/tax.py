"""
Last year's money and its tax certificates, in the towns whose manuals promise them (3 and 5).

In the autumn of last year families paid in advance what they eat in spring; the office has made the certificates since.
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from random import Random

from campanella.demo.calendar import DAY, SchoolYear, year_of
from campanella.demo.life import FAMILIES_WHO_TOP_UP, Life
from campanella.domains.people import queries as people
from campanella.foundation.core import clock, events
from campanella.foundation.core.scope import scope
from campanella.usecases import certificates

TOWNS = ("pesaro", "carrara")
# When the office made them, and days of the autumn of last year on which families paid.
MADE_ON = (2, 3)
PAID_FROM, PAID_FOR = (10, 5), 50


def pay_last_year(life: Life, *, seed: str) -> None:
    """Let every household that was there pay once in the autumn of last year, where the demo does not live it anyway."""
    if life.town.slug not in TOWNS or _is_lived(life.today):
        return
    usual, life.random = life.random, Random(f"last year {seed}")  # noqa: S311  # nothing secret: it must repeat
    first = date(life.today.year - 1, *PAID_FROM)
    with events.instead({}), scope(life.town.id):
        for wallet_id in _wallets_then(life):
            on = first + DAY * life.random.randrange(PAID_FOR)
            life.pay(wallet_id=wallet_id, at=clock.rome(on, time(20, life.random.randrange(60), life.random.randrange(60))))
    life.random = usual


def certify(life: Life, *, moment: datetime) -> None:
    """Make last year's certificates, as the office did in February."""
    made_at = clock.rome(date(life.today.year, *MADE_ON), time(11))
    if life.town.slug in TOWNS and made_at <= moment:
        with scope(life.town.id):
            everybody = people.child_ids()
            for start in range(0, len(everybody), certificates.SOME):
                some = everybody[start : start + certificates.SOME]
                certificates.issue_for(by_id=None, child_ids=some, year=life.today.year - 1, now=made_at)


def _is_lived(today: date) -> bool:
    """Tell whether the autumn of last year is of the school year that goes on."""
    return year_of(today) == SchoolYear(today.year - 1)


def _wallets_then(life: Life) -> Iterable[int]:
    """Return the wallets of children who were there last year, the first ones of a large town."""
    uses = [use for resident in life.settled.residents for use in resident.uses if use.was_there_last_year]
    there = dict.fromkeys(use.wallet_id for use in uses if use.price.cents)
    return list(there)[:FAMILIES_WHO_TOP_UP]
