"""What families were told about money: every message agrees with the book, at the movement it speaks of."""

# A balance as ``Euro.italian`` writes it, and where each wallet stood right after each of its entries.
_TOLD = """
with said as (
  select id, template, key, text, wallet_id, entry_id, balance_cents from messaging_message
   where municipality_id = %(town)s and wallet_id is not null
  union all
  select m.id, m.template, a.key, m.text, a.wallet_id, a.entry_id, a.balance_cents
    from messaging_alsotold a join messaging_message m on m.municipality_id = a.municipality_id and m.id = a.message_id
   where a.municipality_id = %(town)s
), told as (
  select m.id, m.key, m.text, m.wallet_id, m.entry_id, m.balance_cents,
         concat('message ', m.id, ' (', m.template, ', wallet ', m.wallet_id, ', entry ', m.entry_id, ')') as place,
         concat(case when m.balance_cents < 0 then chr(8722) end,
                replace(to_char(abs(m.balance_cents) / 100, 'FM999,999,999,990'), ',', '.'), ',',
                lpad((abs(m.balance_cents) %% 100)::text, 2, '0'), chr(160), '€') as written
    from said m
), moved as (
  select w.id as wallet_id, t.entry_id, sum(s.cents) as cents
    from ledger_transfer t
   cross join lateral (values (t.credit_id, t.cents), (t.debit_id, -t.cents)) s(account_id, cents)
    join ledger_wallet w on w.municipality_id = t.municipality_id and w.account_id = s.account_id
   where t.municipality_id = %(town)s and w.id in (select wallet_id from told)
   group by w.id, t.entry_id
), stood as (
  select wallet_id, entry_id, cents, sum(cents) over (partition by wallet_id order by entry_id)::bigint as balance from moved
)
"""

PROMISES: dict[str, tuple[str, str]] = {
    "a message about money speaks of a movement of its wallet": (
        _TOLD,
        """
        select t.place, t.balance_cents from told t
         where t.entry_id is not null and not exists (
           select 1 from stood s where s.wallet_id = t.wallet_id and s.entry_id = t.entry_id)""",
    ),
    "a message about money tells the credit right after its movement": (
        _TOLD,
        """
        select t.place, t.balance_cents - coalesce(s.balance, 0) from told t
          left join stood s on s.wallet_id = t.wallet_id and s.entry_id = t.entry_id
         where (s.entry_id is not null or t.entry_id is null) and t.balance_cents <> coalesce(s.balance, 0)""",
    ),
    "a message about money says in words what it tells": (
        _TOLD,
        """
        select t.place, t.balance_cents from told t where position('credito è ' || t.written in t.text) = 0""",
    ),
    "thanks are for the receipt that was booked": (
        _TOLD,
        """
        select t.place, t.balance_cents from told t
          join ledger_entry e on e.municipality_id = %(town)s and e.id = t.entry_id
         where t.key like 'top_up_booked:%%'
           and t.key <> left('top_up_booked:' || substr(e.source, %(receipt_key)s), 100)""",
    ),
    # Letters of the releases before said nothing of their movement.
    "a message that tells a credit says of which movement": (
        "",
        """
        select 'message ' || m.id || ' (' || m.template || ')', 0 from messaging_message m
         where m.municipality_id = %(town)s and m.wallet_id is null
           and m.template in ('low_credit', 'top_up_booked', 'top_ups_booked', 'credit_corrected')
           and m.text like '%%credito è %%'
           and m.queued_at >= (select min(queued_at) from messaging_message
                                where municipality_id = %(town)s and wallet_id is not null)""",
    ),
}
