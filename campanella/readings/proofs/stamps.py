"""Stamp duty that families bear, reckoned again from what each invoice bills: who owes it, once, and who has it back."""

# What an invoice bills without its duty, of runs that were drawn up under the rule; what stands on it; what the book says.
_STAMPED = """
with drawn as (
  select v.id, v.run_id, r.stamp, r.confirmed_at, r.confirmed_by_id, r.ended_at, 'stamp:' || v.id as source,
         r.state = 'recalled' or exists (
           select from billing_creditnote n where n.municipality_id = v.municipality_id and n.invoice_id = v.id) as is_back,
         coalesce((
           select sum(l.cents) from billing_share h
             join billing_line l on l.municipality_id = h.municipality_id and l.share_id = h.id
            where h.municipality_id = v.municipality_id and h.invoice_id = v.id and l.source !~ '^stamp:'), 0) as billed
    from billing_invoice v
    join billing_run r on r.municipality_id = v.municipality_id and r.id = v.run_id
   where v.municipality_id = %(town)s
), owed as (
  select d.*, case when stamp = 'family' and billed / 100.0 > 77.47 then 200 else 0 end as duty from drawn d
), charged as (
  select e.id, e.source, e.at, e.by_id, case when d.kind = 'wallet' then c.code else d.code end as code,
         case when d.kind = 'wallet' then t.cents else -t.cents end as cents
    from ledger_entry e
    join ledger_transfer t on t.municipality_id = e.municipality_id and t.entry_id = e.id
    join ledger_account d on d.municipality_id = e.municipality_id and d.id = t.debit_id
    join ledger_account c on c.municipality_id = e.municipality_id and c.id = t.credit_id
   where e.municipality_id = %(town)s and e.kind = 'stamp'
)
"""

PROMISES: dict[str, tuple[str, str]] = {
    "an invoice says the stamp duty that it bears": (
        _STAMPED,
        """
        select 'invoice ' || o.id, coalesce(l.cents, 0) - o.duty from owed o
          left join (select source, sum(cents) as cents from billing_line
                      where municipality_id = %(town)s and source like 'stamp:%%' group by source) l on l.source = o.source
         where coalesce(l.cents, 0) <> o.duty""",
    ),
    "stamp duty is in the book while its invoice asks for it": (
        _STAMPED,
        """
        select 'invoice ' || o.id, coalesce(c.cents, 0) - case when o.is_back then 0 else o.duty end from owed o
          left join (select source, sum(cents) as cents from charged group by source) c on c.source = o.source
         where coalesce(c.cents, 0) <> case when o.is_back then 0 else o.duty end""",
    ),
    "an entry of stamp duty is of an invoice, in its own account, by who confirmed it or called it back": (
        _STAMPED,
        """
        select 'entry ' || c.id || ' (' || c.source || ')', c.cents from charged c left join owed o on o.source = c.source
         where o.id is null or c.code <> 'stamp'
            or not (c.cents > 0 and (c.at, coalesce(c.by_id, 0)) = (o.confirmed_at, coalesce(o.confirmed_by_id, 0))
                    or c.cents < 0 and c.at = o.ended_at)""",
    ),
}
