"""What was put right by hand: each proposal in the book as it was decided, by as many people as decide it."""

# Every proposal with its end and what the book says of it: moved is what came into its wallet.
_DONE = """
with decided as (
  select p.*, s.kind as ending, s.by_id as ended_by, s.at as ended_at,
         (select l.by_id from adjusting_step l
           where l.municipality_id = p.municipality_id and l.proposal_id = p.id and l.kind = 'endorsed') as seen_by,
         case p.kind when 'adjustment' then 'adjustment:' || p.key when 'passage' then 'transfer:' || p.key
                     else p.kind || ':' || p.id end as source
    from adjusting_proposal p
    left join adjusting_step s
      on s.municipality_id = p.municipality_id and s.proposal_id = p.id and s.kind <> 'endorsed'
   where p.municipality_id = %(town)s
), moved as (
  select e.source, e.kind, w.id as wallet_id, m.cents
    from ledger_entry e
    join ledger_transfer t on t.municipality_id = e.municipality_id and t.entry_id = e.id
   cross join lateral (values (t.credit_id, t.cents), (t.debit_id, -t.cents)) m(account_id, cents)
    join ledger_wallet w on w.municipality_id = e.municipality_id and w.account_id = m.account_id
   where e.municipality_id = %(town)s
     and e.kind in ('adjustment', 'goodwill', 'write_off', 'refund', 'sent_back', 'transfer')
), gone_back as (
  select 'sent_back:' || o.proposal_id as source, p.wallet_id, -p.cents as cents
    from adjusting_refundcoming c
    join adjusting_refundorder o on o.municipality_id = c.municipality_id and o.id = c.order_id
    join adjusting_proposal p on p.municipality_id = c.municipality_id and p.id = o.proposal_id
   where c.municipality_id = %(town)s and c.kind = 'back'
)
"""

PROMISES: dict[str, tuple[str, str]] = {
    "what was decided is in the book as it was proposed, and nothing else is": (
        _DONE,
        """
        select 'proposal ' || d.id || ' (' || d.kind || ')', coalesce(m.cents, 0) - d.cents
          from decided d left join moved m on m.source = d.source and m.wallet_id = d.wallet_id
         where coalesce(m.cents, 0) <> case when d.ending = 'done' then d.cents else 0 end""",
    ),
    "kindness, a written-off debt and a refund have their proposal": (
        _DONE,
        """
        select 'source ' || m.source, m.cents from moved m
         where m.kind in ('goodwill', 'write_off', 'refund')
           and not exists (select from decided d where d.source = m.source and d.wallet_id = m.wallet_id)""",
    ),
    "what two people decide was decided by two": (
        _DONE,
        """
        select 'proposal ' || id || ' (' || kind || ')', cents from decided
         where ending = 'done' and hands = 2 and (
           ended_by is null or ended_by = by_id or coalesce(seen_by, 0) = ended_by or not by_office and seen_by is null)""",
    ),
    "a refund that went back is in its wallet again, and no other is": (
        _DONE,
        """
        select 'source ' || coalesce(m.source, g.source), coalesce(m.cents, 0) - coalesce(g.cents, 0)
          from (select * from moved where kind = 'sent_back') m
          full join gone_back g on g.source = m.source and g.wallet_id = m.wallet_id
         where coalesce(m.cents, 0) <> coalesce(g.cents, 0)""",
    ),
    "nothing is ordered of a bank but a refund that was approved": (
        _DONE,
        """
        select 'order ' || o.end_to_end_id, d.cents from adjusting_refundorder o
          left join decided d on d.id = o.proposal_id
         where o.municipality_id = %(town)s and (d.kind is distinct from 'refund' or d.ending is distinct from 'done')""",
    ),
}
