"""Who moved money by hand, and what was written down about it: every entry has its act, every act its entry."""

# What an act says of an amount, "−1.234,50 €", in cents.
_SAID = """
with act as (
  select a.*, regexp_replace(a.data->>'amount', '[^0-9]', '', 'g')::bigint
              * case when a.data->>'amount' ~ '^[-−]' then -1 else 1 end as cents
    from core_auditrow a where a.municipality_id = %(town)s
     and a.action in ('wallet.adjusted', 'wallet.moved', 'receipt.booked', 'receipt.resolved')
), moved as (
  select e.id, e.kind, e.at, e.by_id, e.source, t.cents, d.kind as debit, g.id as giver_id, g.child_id as giver,
         k.id as taker_id, k.child_id as taker
    from ledger_entry e
    join ledger_transfer t on t.municipality_id = e.municipality_id and t.entry_id = e.id
    join ledger_account d on d.municipality_id = e.municipality_id and d.id = t.debit_id
    left join ledger_wallet g on g.municipality_id = e.municipality_id and g.account_id = t.debit_id
    left join ledger_wallet k on k.municipality_id = e.municipality_id and k.account_id = t.credit_id
   where e.municipality_id = %(town)s and e.kind in ('adjustment', 'transfer', 'top_up')
)
"""

PROMISES: dict[str, tuple[str, str]] = {
    "an adjustment has its act, of that instant, author, child and amount": (
        _SAID,
        """
        select concat('entry ', m.id, ' (child ', coalesce(m.giver, m.taker), ')'),
               case when m.debit = 'wallet' then -m.cents else m.cents end from moved m
         where m.kind = 'adjustment' and not exists (
           select 1 from act a where a.action = 'wallet.adjusted' and a.at = m.at
              and coalesce(a.actor_id, 0) = coalesce(m.by_id, 0)
              and a.subjects = array['child:' || coalesce(m.giver, m.taker)]::varchar[]
              and a.cents = case when m.debit = 'wallet' then -m.cents else m.cents end)""",
    ),
    "a passage has its act, of that instant, author, children and amount": (
        _SAID,
        """
        select concat('entry ', m.id, ' (children ', m.giver, ' and ', m.taker, ')'), m.cents from moved m
         where m.kind = 'transfer' and not exists (
           select 1 from act a where a.action = 'wallet.moved' and a.at = m.at and a.cents = m.cents
              and coalesce(a.actor_id, 0) = coalesce(m.by_id, 0)
              and a.subjects @> array['child:' || m.giver, 'child:' || m.taker]::varchar[]
              and a.subjects <@ array['child:' || m.giver, 'child:' || m.taker]::varchar[])""",
    ),
    "a passage stays in a family": (
        _SAID,
        """
        select concat('entry ', m.id, ' (children ', m.giver, ' and ', m.taker, ')'), m.cents from moved m
         where m.kind = 'transfer' and m.giver <> m.taker and not exists (
           select 1 from people_guardianship g join people_guardianship k on k.municipality_id = g.municipality_id
              and k.guardian_id = g.guardian_id and k.child_id = m.taker
            where g.municipality_id = %(town)s and g.child_id = m.giver)
           and not exists (
             select 1 from adjusting_proposal p where p.municipality_id = %(town)s and p.kind = 'passage'
                and m.source = 'transfer:' || p.key)
           and not exists (
             select 1 from core_auditrow a where a.municipality_id = %(town)s and a.action = 'tie.ended' and a.at > m.at
                and a.subjects && array['child:' || m.giver, 'child:' || m.taker]::varchar[])""",
    ),
    "a top-up has its act, of that instant and author": (
        _SAID,
        """
        select 'entry ' || m.id || ' (' || m.source || ')', m.cents from moved m
          left join payments_receipt r on r.municipality_id = %(town)s
           and r.receipt_id = substr(m.source, %(receipt_key)s)
         where m.kind = 'top_up' and not exists (
           select 1 from act a where a.action in ('receipt.booked', 'receipt.resolved') and a.at = m.at
              and coalesce(a.actor_id, 0) = coalesce(m.by_id, 0) and a.subjects && array['receipt:' || r.id]::varchar[])""",
    ),
    "an act that moved money by hand has its entry": (
        _SAID,
        """
        select 'act ' || a.id || ' (' || a.action || ' of ' || array_to_string(a.subjects, ', ') || ')', a.cents from act a
         where a.action in ('wallet.adjusted', 'wallet.moved') and not exists (
           select 1 from moved m where m.at = a.at and coalesce(m.by_id, 0) = coalesce(a.actor_id, 0)
              and m.kind = case a.action when 'wallet.adjusted' then 'adjustment' else 'transfer' end
              and m.cents = abs(a.cents))""",
    ),
    # Joined by one subject of the act, not by their overlap: a city has tens of thousands of each.
    "an act about a receipt has its receipt, credited": (
        _SAID,
        """
        , about as (
          select a.*, subject from act a cross join lateral unnest(a.subjects) as subject
           where a.action in ('receipt.booked', 'receipt.resolved') and subject like 'receipt:%%'
        ), credited as (
          select 'receipt:' || r.id as subject, m.at from payments_receipt r
            join moved m on m.source = 'receipt:' || r.receipt_id where r.municipality_id = %(town)s
        )
        select 'act ' || a.id || ' (' || a.action || ' of ' || array_to_string(a.subjects, ', ') || ')', coalesce(a.cents, 0)
          from about a left join credited c on c.subject = a.subject and c.at = a.at
         where c.at is null""",
    ),
}
