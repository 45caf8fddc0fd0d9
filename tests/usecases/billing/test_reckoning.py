"""
The months of random towns, reckoned apart and billed by the run: the same invoices, to the line and to the cent.

Twenty towns each time; ``CAMPANELLA_TOWNS=300`` for all of them. A second reckoning is one statement of SQL over the book.
"""

import os
from random import Random

import pytest
from django.db import transaction

from campanella.domains.billing.models import Run
from campanella.domains.ledger import verify
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id
from campanella.readings import proofs
from tests.towns import Cast
from tests.usecases.billing.acting import Acting
from tests.usecases.billing.apart import Walker, invent

pytestmark = pytest.mark.slow

TOWNS = int(os.environ.get("CAMPANELLA_TOWNS") or 20)

# What each share of a run must bill: all that the book says of days and fees of the service until its last day, on days on
# which its child paid after the month, as it stood when the run saw it, less what living runs before it have billed.
BY_THE_BOOK = """
select h.id, h.lines_cents,
       (select coalesce(sum(case when t.debit_id = w.account_id then t.cents else -t.cents end), 0)
          from ledger_transfer t join ledger_entry e on e.id = t.entry_id
         where w.account_id in (t.debit_id, t.credit_id) and e.id <= v.until_entry and e.day <= r.last
           and split_part(e.source, ':', 1) in ('presence', 'fee')
           and coalesce(
             (select nullif(p.kind, 'town') from billing_paypolicy p where p.child_id = w.child_id
                 and p.service_id = r.service_id and p.first <= e.day order by p.first desc, p.id desc limit 1),
             (select p.kind from billing_paypolicy p where p.child_id is null
                 and p.service_id = r.service_id and p.first <= e.day order by p.first desc, p.id desc limit 1),
             'prepaid') <> 'prepaid')
       - (select coalesce(sum(b.lines_cents), 0) from billing_share b join billing_run q on q.id = b.run_id
           where b.wallet_id = h.wallet_id and q.first < r.first) as expected
  from billing_share h
  join billing_invoice v on v.id = h.invoice_id
  join billing_run r on r.id = h.run_id
  join ledger_wallet w on w.id = h.wallet_id
 where h.municipality_id = %(town)s
"""


def reckon(seed: int, cast: Cast) -> int:
    """Reckon a town both ways, compare, and let it vanish; return how many invoices it had."""
    plan = invent(Random(seed))  # nothing secret: it must repeat
    expected = Walker(plan).walk()
    with transaction.atomic():
        found = Acting(plan, cast).act()
        assert found == expected, f"town {seed}"
        shares = sql.rows(BY_THE_BOOK, {"town": active_town_id()})
        assert [share for share, lines, by_book in shares if lines != by_book] == [], f"town {seed}"
        assert verify.violations() == [], f"town {seed}"
        assert proofs.violations() == [], f"town {seed}"
        assert len(shares) >= len(found)
        assert Run.objects.exists() or not found
        transaction.set_rollback(True)
    return len(found)


@pytest.mark.parametrize("some", range(max(1, TOWNS // 5)))
def test_the_months_reckoned_apart_are_those_of_the_run(valle: Cast, some: int) -> None:
    assert sum(reckon(seed, valle) for seed in range(some * 5, some * 5 + 5)) > 0
