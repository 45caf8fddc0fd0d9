"""What banks were asked for: each collection in the book as its comings say, each mandate as its last act says."""

# What each share of a collection has moved by the book: brought by the collection, taken back by its return.
_SHARES = """
with share as (
  select c.id, c.end_to_end_id, s.wallet_id, s.cents, w.account_id,
         exists (select from debiting_coming o where o.municipality_id = c.municipality_id and o.collection_id = c.id
                    and o.kind = 'booked') as is_booked,
         exists (select from debiting_coming o where o.municipality_id = c.municipality_id and o.collection_id = c.id
                    and o.kind = 'returned') as is_returned
    from debiting_collection c
    join debiting_collectionshare s on s.municipality_id = c.municipality_id and s.collection_id = c.id
    join ledger_wallet w on w.municipality_id = c.municipality_id and w.id = s.wallet_id
   where c.municipality_id = %(town)s
), moved as (
  select e.source, e.kind, t.debit_id, t.credit_id, t.cents
    from ledger_entry e
    join ledger_transfer t on t.municipality_id = e.municipality_id and t.entry_id = e.id
   where e.municipality_id = %(town)s and e.kind in ('collection', 'returned')
), brought as (
  select s.*, coalesce((select sum(case when m.credit_id = s.account_id then m.cents else -m.cents end) from moved m
            where m.source = 'collection:' || s.end_to_end_id || ':' || s.wallet_id), 0)::bigint as came,
         coalesce((select sum(case when m.debit_id = s.account_id then m.cents else -m.cents end) from moved m
            where m.source = 'returned:' || s.end_to_end_id || ':' || s.wallet_id), 0)::bigint as went
    from share s
)
"""

PROMISES: dict[str, tuple[str, str]] = {
    "a collection that came is in the book, share by share, and no other is": (
        _SHARES,
        """
        select 'collection ' || end_to_end_id || ' (wallet ' || wallet_id || ')', came - cents from brought
         where came <> case when is_booked then cents else 0 end""",
    ),
    "what came and went back has left the book, share by share, and nothing else has": (
        _SHARES,
        """
        select 'collection ' || end_to_end_id || ' (wallet ' || wallet_id || ')', went - cents from brought
         where went <> case when is_booked and is_returned then cents else 0 end""",
    ),
    "money of a bank has its collection": (
        _SHARES,
        """
        select 'source ' || m.source, m.cents from moved m
         where not exists (
           select from share s
            where m.source = m.kind || ':' || s.end_to_end_id || ':' || s.wallet_id)""",
    ),
    "money of a bank says which invoice it is for": (
        _SHARES,
        """
        select 'source ' || m.source, m.cents from moved m
         where not exists (
           select from billing_invoicepayment p where p.municipality_id = %(town)s and p.source = m.source)""",
    ),
    "the shares of a collection add up to it": (
        "",
        """
        select 'collection ' || c.end_to_end_id, coalesce(sum(s.cents), 0) - c.cents
          from debiting_collection c
          left join debiting_collectionshare s on s.municipality_id = c.municipality_id and s.collection_id = c.id
         where c.municipality_id = %(town)s
         group by c.id, c.end_to_end_id, c.cents having coalesce(sum(s.cents), 0) <> c.cents""",
    ),
    "a mandate stands as its last act says": (
        "",
        """
        select 'mandate ' || m.reference, 0 from debiting_mandate m
          left join lateral (
            select kind, iban from debiting_mandateact a
             where a.municipality_id = m.municipality_id and a.mandate_id = m.id order by a.id desc limit 1) a on true
         where m.municipality_id = %(town)s
           and (a.iban is distinct from m.iban or m.state is distinct from
                case when a.kind in ('signed', 'amended', 'resumed') then 'active' else a.kind end)""",
    ),
}
