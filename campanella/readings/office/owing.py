"""
Wallets that owe: below an amount, and paid from the credit.

What is paid after the month is owed by its invoices, from the day on which they are due, and not by its wallets.
"""

from collections.abc import Sequence
from datetime import date

from campanella.domains.ledger import queries as ledger
from campanella.domains.ledger.queries import WalletView
from campanella.foundation.core import sql
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id
from campanella.readings.billing.after import is_paid_after


def counts(*, limits: Sequence[Euro], day: date) -> list[tuple[int, Euro]]:
    """Count the wallets that owe, under each of some amounts, and sum them: one query."""
    values = {"town": active_town_id(), "day": day, "limits": [limit.cents for limit in limits]}
    return [(count, Euro(int(cents))) for count, cents in sql.rows(_COUNTS, values)]


def lowest(*, below: Euro, day: date, limit: int) -> list[WalletView]:
    """Return the first wallets that owe under an amount, the deepest debt first: two queries."""
    values = {"town": active_town_id(), "day": day, "below": below.cents, "limit": limit}
    ids = [pk for (pk,) in sql.rows(_LOWEST, values)]
    found = {one.id: one for one in ledger.wallets_by_id(wallet_ids=ids)} if ids else {}
    return [found[pk] for pk in ids]


_AFTER = is_paid_after(wallet="w", day="%(day)s::date")

_COUNTS = f"""
with owing as materialized (
  select w.balance_cents from ledger_wallet w
   where w.municipality_id = %(town)s and w.balance_cents < (select max(l) from unnest(%(limits)s::bigint[]) l)
     and not ({_AFTER})
)
select count(o.balance_cents), coalesce(sum(o.balance_cents), 0)::bigint
  from unnest(%(limits)s::bigint[]) with ordinality as l(cents, place) left join owing o on o.balance_cents < l.cents
 group by l.place order by l.place
"""  # noqa: S608  # the fragment is of ours

_LOWEST = f"""
select w.id from ledger_wallet w
 where w.municipality_id = %(town)s and w.balance_cents < %(below)s and not ({_AFTER})
 order by w.balance_cents, w.id limit %(limit)s
"""  # noqa: S608  # the fragment is of ours
