"""
The auditor: reads the whole book and names everything that does not hold together.

Its own SQL, sharing nothing with the posting. What the database already forbids is looked for all the same, because the
owner of the tables can do anything.
"""

from dataclasses import dataclass

from campanella.domains.ledger.rules import ACCOUNT_KINDS, ENTRY_KINDS, FACTS
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
    values = {
        "town": active_town_id(),
        "account_kinds": list(ACCOUNT_KINDS),
        "entry_kinds": list(ENTRY_KINDS),
        "facts": [FACTS[kind] for kind in ENTRY_KINDS],
    }
    with sql.reading_everything():
        return [
            Violation(promise, str(row), int(cents or 0))
            for promise, query in PROMISES.items()
            for row, cents in sql.rows(query, values)
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
    "an entry is one transfer": """
        select 'entry ' || e.id || ' (' || e.source || ')', sum(t.cents) from ledger_entry e
          join ledger_transfer t on t.municipality_id = e.municipality_id and t.entry_id = e.id
         where e.municipality_id = %(town)s group by e.id, e.source having count(*) > 1""",
    "money moves between the accounts of its entry's kind": """
        select 'transfer ' || t.id || ' (' || e.kind || ' from ' || d.kind || ' to ' || c.kind || ')', t.cents
          from ledger_transfer t
          join ledger_entry e on e.municipality_id = t.municipality_id and e.id = t.entry_id
          join ledger_account d on d.municipality_id = t.municipality_id and d.id = t.debit_id
          join ledger_account c on c.municipality_id = t.municipality_id and c.id = t.credit_id
         where t.municipality_id = %(town)s and (e.kind, d.kind, c.kind) not in (
           ('charge', 'wallet', 'revenue'), ('charge', 'revenue', 'wallet'),
           ('fee', 'wallet', 'revenue'), ('fee', 'revenue', 'wallet'),
           ('stamp', 'wallet', 'revenue'), ('stamp', 'revenue', 'wallet'),
           ('top_up', 'clearing', 'wallet'),
           ('opening', 'opening', 'wallet'), ('opening', 'wallet', 'opening'),
           ('adjustment', 'adjustment', 'wallet'), ('adjustment', 'wallet', 'adjustment'),
           ('transfer', 'wallet', 'wallet'),
           ('collection', 'clearing', 'wallet'), ('returned', 'wallet', 'clearing'),
           ('goodwill', 'adjustment', 'wallet'), ('write_off', 'adjustment', 'wallet'),
           ('refund', 'wallet', 'clearing'), ('sent_back', 'clearing', 'wallet'),
           ('reminder', 'wallet', 'revenue'),
           ('interest', 'wallet', 'revenue'), ('interest', 'revenue', 'wallet'),
           ('cash', 'clearing', 'wallet'), ('cash_void', 'wallet', 'clearing'))""",
    # A receipt for several wallets is posted once for each of them; whether as it was asked, the proof of receipts looks.
    "only a charge is corrected": """
        select 'entry ' || id || ' (' || source || ')', 0 from ledger_entry
         where municipality_id = %(town)s and revision <> 0
           and kind not in ('charge', 'fee', 'stamp', 'interest', 'top_up')""",
    "what is no charge is of the day on which it was written": """
        select 'entry ' || e.id || ' (' || e.source || ', ' || e.day || ')', sum(t.cents) from ledger_entry e
          left join ledger_transfer t on t.municipality_id = e.municipality_id and t.entry_id = e.id
         where e.municipality_id = %(town)s and e.kind not in ('charge', 'fee', 'stamp')
           and e.day <> (e.at at time zone 'Europe/Rome')::date
         group by e.id, e.source, e.day""",
    "a wallet is opened with one balance": """
        select 'wallet ' || w.id || ' (child ' || w.child_id || ')', sum(t.cents) from ledger_wallet w
          join (select t.municipality_id, t.entry_id, t.cents, s.account_id from ledger_transfer t
                 cross join lateral (values (t.debit_id), (t.credit_id)) s(account_id)) t
            on t.municipality_id = w.municipality_id and t.account_id = w.account_id
          join ledger_entry e on e.municipality_id = t.municipality_id and e.id = t.entry_id and e.kind = 'opening'
         where w.municipality_id = %(town)s
         group by w.id, w.child_id, w.service_id
        -- A wallet for all services may have brought one of each, under the child's and the service's number.
        having count(distinct e.id) > 1
           and (w.service_id is not null or bool_or(e.source !~ ('^opening:' || w.child_id || ':[0-9]+$')))""",
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
         where e.municipality_id = %(town)s and e.kind in ('charge', 'fee', 'stamp', 'interest')
         group by e.source having sum(case when d.kind = 'wallet' then t.cents else -t.cents end) < 0""",
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
           and kind <> all(%(account_kinds)s)""",
    "an account is there once": """
        select 'account ' || max(id), 0 from ledger_account
         where municipality_id = %(town)s group by kind, code having count(*) > 1""",
    "a source is charged to one wallet": """
        select 'source ' || e.source, sum(t.cents)
          from ledger_entry e
          join ledger_transfer t on t.municipality_id = e.municipality_id and t.entry_id = e.id
         cross join lateral (values (t.debit_id), (t.credit_id)) s(account_id)
          join ledger_account a on a.municipality_id = e.municipality_id and a.id = s.account_id
         where e.municipality_id = %(town)s and e.kind in ('charge', 'fee', 'stamp', 'interest') and a.kind = 'wallet'
         group by e.source having count(distinct a.id) > 1""",
    "an entry is of a known kind": """
        select 'entry ' || id || ' (' || kind || ')', 0 from ledger_entry
         where municipality_id = %(town)s and kind <> all(%(entry_kinds)s)""",
    "a source names a fact of its entry's kind": """
        select 'entry ' || e.id || ' (' || e.kind || ' of “' || e.source || '”)', sum(t.cents) from ledger_entry e
          left join unnest(%(entry_kinds)s::text[], %(facts)s::text[]) as f(kind, fact) on f.kind = e.kind
          left join ledger_transfer t on t.municipality_id = e.municipality_id and t.entry_id = e.id
         where e.municipality_id = %(town)s and (e.source not like f.fact || ':_%%') is not false
         group by e.id, e.kind, e.source""",
}
