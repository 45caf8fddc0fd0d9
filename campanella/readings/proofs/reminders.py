"""What reminders and plans say, held against the book: sums, numbers, positions, costs, letters."""

# Where a wallet stood when a reminder (or a plan) had seen the book.
_STOOD = """
with said as (
  select d.reminder_id, d.wallet_id, r.until_entry,
         sum(d.cents) filter (where d.key <> 'cost:' || d.reminder_id and not exists (
           select from arrears_accrual a where a.municipality_id = d.municipality_id and a.reminder_id = d.reminder_id
              and d.key = 'interest:' || a.id))::bigint as cents
    from arrears_reminderdebt d
    join arrears_reminder r on r.municipality_id = d.municipality_id and r.id = d.reminder_id
   where d.municipality_id = %(town)s group by d.reminder_id, d.wallet_id, r.until_entry
), stood as (
  select s.*, coalesce((
           select sum(t.cents) from ledger_transfer t
            where t.municipality_id = %(town)s and t.credit_id = w.account_id and t.entry_id <= s.until_entry), 0)
       - coalesce((
           select sum(t.cents) from ledger_transfer t
            where t.municipality_id = %(town)s and t.debit_id = w.account_id and t.entry_id <= s.until_entry), 0) as balance
    from said s join ledger_wallet w on w.municipality_id = %(town)s and w.id = s.wallet_id
)
"""

# A sum as ``Euro.italian`` writes it.
_WRITTEN = """concat(replace(to_char(r.total_cents / 100, 'FM999,999,999,990'), ',', '.'), ',',
                    lpad((r.total_cents %% 100)::text, 2, '0'), chr(160), '€')"""

PROMISES: dict[str, tuple[str, str]] = {
    "a reminder is the sum of what it asks for": (
        "",
        """
        select 'reminder ' || r.id, r.total_cents - coalesce(sum(d.cents), 0) from arrears_reminder r
          left join arrears_reminderdebt d on d.municipality_id = r.municipality_id and d.reminder_id = r.id
         where r.municipality_id = %(town)s group by r.id, r.total_cents
        having r.total_cents <> coalesce(sum(d.cents), 0)""",
    ),
    "a reminder asks a wallet for no more than it lacked then": (
        _STOOD,
        """
        select 'reminder ' || reminder_id || ' (wallet ' || wallet_id || ')', cents + balance from stood
         where cents > 0 and cents > -balance""",
    ),
    "an invoice in a reminder is asked for no more than it is": (
        "",
        """
        select 'reminder ' || d.reminder_id || ' (invoice ' || d.invoice_id || ')', d.cents - coalesce(h.due_cents, 0)
          from arrears_reminderdebt d
          left join billing_share h on h.municipality_id = d.municipality_id and h.invoice_id = d.invoice_id
           and h.wallet_id = d.wallet_id
         where d.municipality_id = %(town)s and d.kind = 'invoice' and d.cents > coalesce(h.due_cents, 0)""",
    ),
    "a position of a reminder asks for no more than it": (
        "",
        """
        select 'position ' || q.id || ' (reminder ' || r.id || ')', q.amount_cents - r.total_cents
          from arrears_reminderposition p
          join arrears_reminder r on r.municipality_id = p.municipality_id and r.id = p.reminder_id
          join payments_paymentrequest q on q.municipality_id = p.municipality_id and q.id = p.request_id
         where p.municipality_id = %(town)s and q.amount_cents > r.total_cents""",
    ),
    "what a reminder costs is in the book, once": (
        "",
        """
        select 'reminder ' || r.id, r.cost_cents - coalesce(sum(t.cents), 0) from arrears_reminder r
          left join ledger_entry e on e.municipality_id = r.municipality_id and e.source = 'reminder:' || r.id
          left join ledger_transfer t on t.municipality_id = e.municipality_id and t.entry_id = e.id
         where r.municipality_id = %(town)s group by r.id, r.cost_cents having r.cost_cents <> coalesce(sum(t.cents), 0)
        union all
        select 'entry ' || e.id || ' (' || e.source || ')', 0 from ledger_entry e
         where e.municipality_id = %(town)s and e.kind = 'reminder' and not exists (
           select from arrears_reminder r where r.municipality_id = e.municipality_id and e.source = 'reminder:' || r.id)""",
    ),
    "the numbers of reminders have no gap": (
        "",
        """
        select 'series ' || series || '/' || year, max(number) - count(*) from arrears_reminder
         where municipality_id = %(town)s group by series, year having max(number) <> count(*) or min(number) <> 1""",
    ),
    "a letter of a reminder and its paper say its sum": (
        "",
        f"""
        select 'message ' || m.id || ' (reminder ' || r.id || ')', r.total_cents from arrears_reminder r
          join messaging_message m on m.municipality_id = r.municipality_id and m.key = 'reminder:' || r.id || ':'
         where r.municipality_id = %(town)s and position({_WRITTEN} in m.text) = 0
        union all
        select 'reminder ' || r.id || ' (paper)', r.total_cents from arrears_reminder r
         where r.municipality_id = %(town)s and r.sheet ->> 'total' <> {_WRITTEN}""",  # noqa: S608  # a fragment above
    ),
    "the dues of a plan make its debts": (
        "",
        """
        select 'plan ' || p.id, p.total_cents - d.cents from arrears_plan p
         cross join lateral (select coalesce(sum(x.cents), 0) as cents from arrears_plandue x
           where x.municipality_id = p.municipality_id and x.plan_id = p.id) d
         where p.municipality_id = %(town)s and p.total_cents <> d.cents
        union all
        select 'plan ' || p.id || ' (debts)', p.total_cents - d.cents from arrears_plan p
         cross join lateral (select coalesce(sum(x.cents), 0) as cents from arrears_plandebt x
           where x.municipality_id = p.municipality_id and x.plan_id = p.id) d
         where p.municipality_id = %(town)s and p.total_cents <> d.cents""",
    ),
    "a run of reminders has gone through those it says": (
        "",
        """
        select 'reminder run ' || c.run_id || ' (payer ' || c.payer_id || ')', 0 from arrears_candidate c
          left join arrears_reminder r on r.municipality_id = c.municipality_id and r.run_id = c.run_id
           and r.payer_id = c.payer_id
         where c.municipality_id = %(town)s and (c.outcome = 'sent') <> (r.id is not null)""",
    ),
}
