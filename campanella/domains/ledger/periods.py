"""
What many wallets did between two days: opening, every movement, closing. One pass for hundreds of wallets.

The clock is that of ``queries.movements_of``: a movement is of the day on which it was booked, in the order of commits.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any

from campanella.domains.ledger.queries import MovementLine
from campanella.domains.ledger.rules import Source
from campanella.foundation.core import sql
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id

# Wallets read in one statement: what is kept in memory does not grow with a city.
AT_ONCE = 1000


@dataclass(frozen=True)
class Period:
    """
    One wallet between two days: the opening and all its lines make the closing.

    :ivar rows: its movements as the database gives them; ``lines`` are made of them when somebody looks
    """

    wallet_id: int
    opening: Euro
    rows: tuple[tuple[Any, ...], ...]
    closing: Euro

    @cached_property
    def lines(self) -> tuple[MovementLine, ...]:
        """Its movements, oldest first, each with the balance after it."""
        return tuple(
            MovementLine(pk, at, booked_on, day, kind, Source(source), memo, Euro(cents), Euro(after))
            for _, pk, at, booked_on, day, kind, source, memo, cents, after in self.rows
        )


def periods_of(*, wallet_ids: Sequence[int], first: date, last: date) -> Iterator[Period]:
    """
    Give what these wallets did between two days, both included, in the order of their ids.

    One query for a thousand wallets, a second one where some of them did not move in between. A wallet that never moved
    before the last day opens and closes at nothing.
    """
    wanted = sorted(set(wallet_ids))
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        values = {"town": active_town_id(), "wallets": some, "first": first, "last": last}
        moved = {wallet_id: tuple(rows) for wallet_id, rows in groupby(sql.rows(_LINES, values), key=itemgetter(0))}
        still = [wallet_id for wallet_id in some if wallet_id not in moved]
        stood = dict(sql.rows(_STOOD, {**values, "wallets": still})) if still else {}
        for wallet_id in some:
            yield _period(wallet_id, moved.get(wallet_id, ()), Euro(stood.get(wallet_id, 0)))


def _period(wallet_id: int, rows: tuple[tuple[Any, ...], ...], stood: Euro) -> Period:
    """Put one wallet together; the last two columns are what a movement moved, and what it left."""
    if not rows:
        return Period(wallet_id, stood, (), stood)
    *_, cents, after = rows[0]
    return Period(wallet_id, Euro(after - cents), rows, Euro(rows[-1][-1]))


_MINE = """
with mine as (
  select w.id as wallet_id, t.entry_id, t.cents
    from ledger_wallet w
   cross join lateral (
     select entry_id, -cents as cents from ledger_transfer
      where municipality_id = w.municipality_id and debit_id = w.account_id
     union all
     select entry_id, cents from ledger_transfer
      where municipality_id = w.municipality_id and credit_id = w.account_id) t
   where w.municipality_id = %(town)s and w.id = any(%(wallets)s)
), booked as (
  select m.wallet_id, m.entry_id, e.at, (max(e.at) over w at time zone 'Europe/Rome')::date as booked_on,
         e.day, e.kind, e.source, e.memo, m.cents, (sum(m.cents) over w)::bigint as after
    from mine m join ledger_entry e on e.municipality_id = %(town)s and e.id = m.entry_id
  window w as (partition by m.wallet_id order by m.entry_id)
)
"""

_LINES = (
    _MINE
    + """
select wallet_id, entry_id, at, booked_on, day, kind, source, memo, cents, after from booked
 where booked_on between %(first)s and %(last)s order by wallet_id, entry_id
"""
)

# Of wallets that did not move in between: what they held before.
_STOOD = (
    _MINE
    + """
select distinct on (wallet_id) wallet_id, after from booked where booked_on < %(first)s order by wallet_id, entry_id desc
"""
)
