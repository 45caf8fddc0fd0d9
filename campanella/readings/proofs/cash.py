"""What counters took: each top-up and each undoing in the book as it was written down, each day counted from them."""

# Every top-up with what the book says of it, and of its undoing.
_TAKEN = """
with moved as (
  select e.kind, e.source, e.by_id, w.id as wallet_id, a.code as means, t.cents
    from ledger_entry e
    join ledger_transfer t on t.municipality_id = e.municipality_id and t.entry_id = e.id
    join ledger_wallet w on w.municipality_id = e.municipality_id
     and w.account_id = case e.kind when 'cash' then t.credit_id else t.debit_id end
    join ledger_account a on a.municipality_id = e.municipality_id
     and a.id = case e.kind when 'cash' then t.debit_id else t.credit_id end
   where e.municipality_id = %(town)s and e.kind in ('cash', 'cash_void')
), taken as (
  select 'cash:' || x.id as source, x.wallet_id, x.means, x.cents, x.by_id, x.id
    from cash_cashtopup x where x.municipality_id = %(town)s
  union all
  select 'cash_void:' || x.id, x.wallet_id, x.means, x.cents, v.by_id, x.id
    from cash_cashvoid v join cash_cashtopup x on x.municipality_id = v.municipality_id and x.id = v.top_up_id
   where v.municipality_id = %(town)s
)
"""

PROMISES: dict[str, tuple[str, str]] = {
    "what a counter took, or gave back, is in the book as it was written down": (
        _TAKEN,
        """
        select 'cash top-up ' || t.id || ' (' || t.source || ')', coalesce(m.cents, 0) - t.cents
          from taken t left join moved m on m.source = t.source and m.wallet_id = t.wallet_id and m.means = t.means
           and coalesce(m.by_id, 0) = coalesce(t.by_id, 0)
         where coalesce(m.cents, 0) <> t.cents""",
    ),
    "money of a counter has its top-up": (
        _TAKEN,
        """
        select 'source ' || m.source, m.cents from moved m
         where not exists (select from taken t where t.source = m.source)""",
    ),
    "a counted day is the sum of what it took": (
        "",
        """
        select 'cash session ' || c.session_id, c.cash_cents + c.card_cents - coalesce(s.cash + s.card, 0)
          from cash_cashclose c
         cross join lateral (
           select coalesce(sum(x.cents) filter (where x.means = 'cash'), 0) as cash,
                  coalesce(sum(x.cents) filter (where x.means = 'card'), 0) as card
             from cash_cashtopup x
            where x.municipality_id = c.municipality_id and x.session_id = c.session_id and not exists (
              select from cash_cashvoid v where v.municipality_id = x.municipality_id and v.top_up_id = x.id)) s
         where c.municipality_id = %(town)s and (c.cash_cents, c.card_cents) is distinct from (s.cash, s.card)""",
    ),
    "nothing is taken or undone on another day, nor after the count": (
        "",
        """
        select 'cash top-up ' || x.id, x.cents from cash_cashtopup x
          join cash_cashsession s on s.municipality_id = x.municipality_id and s.id = x.session_id
          left join cash_cashvoid v on v.municipality_id = x.municipality_id and v.top_up_id = x.id
         where x.municipality_id = %(town)s and (
           (x.taken_at at time zone 'Europe/Rome')::date <> s.day or greatest(x.taken_at, v.at) > s.closed_at)""",
    ),
    "the receipts of a counter have no gap": (
        "",
        """
        select 'cash point ' || p.id, p.last_number - count(x.id) from cash_cashpoint p
          left join cash_cashtopup x on x.municipality_id = p.municipality_id and x.point_id = p.id
         where p.municipality_id = %(town)s group by p.id, p.last_number
        having p.last_number <> count(x.id) or p.last_number <> coalesce(max(x.number), 0)""",
    ),
    "a settlement is the sum of its counted days": (
        "",
        """
        select 'settlement ' || m.id, m.cash_cents + m.card_cents - coalesce(sum(c.cash_cents + c.card_cents), 0)
          from cash_settlement m
          left join cash_settledclose l on l.municipality_id = m.municipality_id and l.settlement_id = m.id
          left join cash_cashclose c on c.municipality_id = m.municipality_id and c.id = l.close_id
          left join cash_cashsession s on s.municipality_id = m.municipality_id and s.id = c.session_id
         where m.municipality_id = %(town)s group by m.id, m.point_id, m.cash_cents, m.card_cents
        having m.cash_cents <> coalesce(sum(c.cash_cents), 0) or m.card_cents <> coalesce(sum(c.card_cents), 0)
            or bool_or(s.point_id <> m.point_id)""",
    ),
}
