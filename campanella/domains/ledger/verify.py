"""
The auditor: reads the whole book and names everything that does not hold together.

Its own SQL, sharing nothing with the posting. What the database already forbids is looked for all the same, because the
owner of the tables can do anything.
"""

from dataclasses import dataclass

from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id


@dataclass(frozen=True)
class Violation:
    """One thing that is wrong: which promise, which row, by how many cents."""

    promise: str
    row: str
    cents: int


def violations() -> list[Violation]:
    """Return everything wrong in the active town's book; an empty list is a clean book."""
    with sql.reading_everything():
        return [
            Violation(promise, str(row), int(cents or 0))
            for promise, query in PROMISES.items()
            for row, cents in sql.rows(query, {"town": active_town_id()})
        ]


PROMISES = {
    "a wallet's balance equals its transfers": """
        select 'wallet ' || w.id, w.balance_cents - coalesce(s.cents, 0) from ledger_wallet w
          left join (
            select a.account, sum(a.cents) as cents from (
              select credit_id as account, cents from ledger_transfer where municipality_id = %(town)s
              union all select debit_id, -cents from ledger_transfer where municipality_id = %(town)s) a
            group by a.account) s on s.account = w.account_id
         where w.municipality_id = %(town)s and w.balance_cents <> coalesce(s.cents, 0)""",
    "a transfer moves a positive amount between two accounts": """
        select 'transfer ' || id, cents from ledger_transfer
         where municipality_id = %(town)s and (cents <= 0 or debit_id = credit_id)""",
    "a transfer belongs to an entry of its town": """
        select 'transfer ' || t.id, t.cents from ledger_transfer t
         where t.municipality_id = %(town)s and not exists (
           select 1 from ledger_entry e where e.municipality_id = t.municipality_id and e.id = t.entry_id)""",
    "a transfer's accounts are of its town": """
        select 'transfer ' || t.id, t.cents from ledger_transfer t
         where t.municipality_id = %(town)s and 2 <> (
           select count(*) from ledger_account a
            where a.municipality_id = t.municipality_id and a.id in (t.debit_id, t.credit_id))""",
    "an entry moves something": """
        select 'entry ' || e.id, 0 from ledger_entry e
         where e.municipality_id = %(town)s and not exists (
           select 1 from ledger_transfer t where t.municipality_id = e.municipality_id and t.entry_id = e.id)""",
    "a source is posted once for each revision": """
        select 'source ' || source || ' revision ' || revision, count(*) from ledger_entry
         where municipality_id = %(town)s group by source, revision having count(*) > 1""",
    "the revisions of a source have no gap": """
        select 'source ' || source, 0 from ledger_entry where municipality_id = %(town)s
         group by source having max(revision) <> count(distinct revision) - 1 or min(revision) <> 0""",
    "a source never charges less than nothing": """
        select 'source ' || e.source, sum(case when d.kind = 'wallet' then t.cents else -t.cents end)
          from ledger_entry e
          join ledger_transfer t on t.municipality_id = e.municipality_id and t.entry_id = e.id
          join ledger_account d on d.municipality_id = e.municipality_id and d.id = t.debit_id
         where e.municipality_id = %(town)s and e.kind = 'charge'
         group by e.source having sum(case when d.kind = 'wallet' then t.cents else -t.cents end) < 0""",
    "a charge moves money from one wallet to a revenue, or back": """
        select 'transfer ' || t.id, t.cents from ledger_transfer t
          join ledger_entry e on e.municipality_id = t.municipality_id and e.id = t.entry_id and e.kind = 'charge'
          join ledger_account d on d.municipality_id = t.municipality_id and d.id = t.debit_id
          join ledger_account c on c.municipality_id = t.municipality_id and c.id = t.credit_id
         where t.municipality_id = %(town)s
           and (d.kind, c.kind) not in (('wallet', 'revenue'), ('revenue', 'wallet'))""",
    "a wallet has an account of its own": """
        select 'wallet ' || w.id, w.balance_cents from ledger_wallet w
          left join ledger_account a on a.municipality_id = w.municipality_id and a.id = w.account_id
         where w.municipality_id = %(town)s and a.kind is distinct from 'wallet'""",
    "a wallet's account has a wallet": """
        select 'account ' || a.id, 0 from ledger_account a
         where a.municipality_id = %(town)s and a.kind = 'wallet' and not exists (
           select 1 from ledger_wallet w where w.municipality_id = a.municipality_id and w.account_id = a.id)""",
    "a wallet belongs to a child of its town": """
        select 'wallet ' || w.id, w.balance_cents from ledger_wallet w
         where w.municipality_id = %(town)s and not exists (
           select 1 from people_child c where c.municipality_id = w.municipality_id and c.id = w.child_id)""",
    "a child has one wallet for a service": """
        select 'wallet ' || max(id), sum(balance_cents) from ledger_wallet
         where municipality_id = %(town)s group by child_id, service_id having count(*) > 1""",
    "an account is of a known kind": """
        select 'account ' || id, 0 from ledger_account where municipality_id = %(town)s
           and kind not in ('treasury', 'clearing', 'wallet', 'revenue', 'rounding', 'opening', 'adjustment')""",
    "a passage moves between two wallets": """
        select 'transfer ' || t.id, t.cents from ledger_transfer t
          join ledger_entry e on e.municipality_id = t.municipality_id and e.id = t.entry_id and e.kind = 'transfer'
          join ledger_account d on d.municipality_id = t.municipality_id and d.id = t.debit_id
          join ledger_account c on c.municipality_id = t.municipality_id and c.id = t.credit_id
         where t.municipality_id = %(town)s and (d.kind, c.kind) <> ('wallet', 'wallet')""",
    "an account is there once": """
        select 'account ' || max(id), 0 from ledger_account
         where municipality_id = %(town)s group by kind, code having count(*) > 1""",
    "a top-up moves between a clearing account and a wallet": """
        select 'transfer ' || t.id, t.cents from ledger_transfer t
          join ledger_entry e on e.municipality_id = t.municipality_id and e.id = t.entry_id and e.kind = 'top_up'
          join ledger_account d on d.municipality_id = t.municipality_id and d.id = t.debit_id
          join ledger_account c on c.municipality_id = t.municipality_id and c.id = t.credit_id
         where t.municipality_id = %(town)s and (d.kind, c.kind) not in (('clearing', 'wallet'), ('wallet', 'clearing'))""",
    "an opening balance moves between a wallet and the opening account": """
        select 'transfer ' || t.id, t.cents from ledger_transfer t
          join ledger_entry e on e.municipality_id = t.municipality_id and e.id = t.entry_id and e.kind = 'opening'
          join ledger_account d on d.municipality_id = t.municipality_id and d.id = t.debit_id
          join ledger_account c on c.municipality_id = t.municipality_id and c.id = t.credit_id
         where t.municipality_id = %(town)s
           and (d.kind, c.kind) not in (('opening', 'wallet'), ('wallet', 'opening'))""",
    "a source is charged to one wallet": """
        select 'source ' || e.source, sum(t.cents)
          from ledger_entry e
          join ledger_transfer t on t.municipality_id = e.municipality_id and t.entry_id = e.id
          join ledger_account a on a.municipality_id = e.municipality_id and a.id in (t.debit_id, t.credit_id)
         where e.municipality_id = %(town)s and e.kind = 'charge' and a.kind = 'wallet'
         group by e.source having count(distinct a.id) > 1""",
    "an entry has a source": """
        select 'entry ' || id, 0 from ledger_entry where municipality_id = %(town)s and source !~ '.:.'""",
}
