"""Interest of reminders, reckoned again day by day: which days, on how much, by which rate; what the book says of it."""

# PostgreSQL's own division and rounding, away from zero at the half, one day at a time: not the arithmetic of who charges.
_BORNE = """
with rate as (
  select * from unnest(%(rate_years)s::int[], %(rate_points)s::int[]) as r(year, points)
), borne as (
  select a.*, 'interest:' || a.id as source, m.issued_on, m.issued_at, x.at as waived_at, x.by_id as waived_by,
         d.due_on, s.asked, w.service_id
    from arrears_accrual a
    join arrears_reminder m on m.municipality_id = a.municipality_id and m.id = a.reminder_id
    join ledger_wallet w on w.municipality_id = a.municipality_id and w.id = a.wallet_id
    left join arrears_interestwaiver x on x.municipality_id = a.municipality_id and x.reminder_id = a.reminder_id
    left join lateral (
      select i.due_on from billing_issue i
       where i.municipality_id = a.municipality_id and i.invoice_id = a.invoice_id) d on true
    left join lateral (
      select sum(g.cents) as asked from arrears_reminderdebt g
       where g.municipality_id = a.municipality_id and g.reminder_id = a.reminder_id and g.invoice_id = a.invoice_id
         and g.wallet_id = a.wallet_id) s on true
   where a.municipality_id = %(town)s
), charged as (
  select e.source, e.kind, e.id, e.at, e.by_id, w.id as wallet_id,
         case when d.kind = 'wallet' then c.code else d.code end as code,
         case when d.kind = 'wallet' then t.cents else -t.cents end as cents
    from ledger_entry e
    join ledger_transfer t on t.municipality_id = e.municipality_id and t.entry_id = e.id
    join ledger_account d on d.municipality_id = e.municipality_id and d.id = t.debit_id
    join ledger_account c on c.municipality_id = e.municipality_id and c.id = t.credit_id
    left join ledger_wallet w on w.municipality_id = e.municipality_id
         and w.account_id = case when d.kind = 'wallet' then t.debit_id else t.credit_id end
   where e.municipality_id = %(town)s and e.kind = 'interest'
)
"""

PROMISES: dict[str, tuple[str, str]] = {
    "interest is what its days cost at the rate of each year": (
        _BORNE,
        """
        select 'accrual ' || b.id || ' (reminder ' || b.reminder_id || ')', b.cents - round(sum(
                 b.principal_cents * (b.points + coalesce(r.points, l.points)) / 10000.0 / 365.0))::bigint
          from borne b
         cross join lateral generate_series(b.first, b.until, interval '1 day') as g(day)
          left join rate r on r.year = extract(year from g.day)
         cross join (select points from rate order by year desc limit 1) l
         group by b.id, b.reminder_id, b.cents
        having b.cents <> round(sum(b.principal_cents * (b.points + coalesce(r.points, l.points)) / 10000.0 / 365.0))""",
    ),
    "interest begins after the due date, ends with its reminder, and no day bears it twice": (
        _BORNE,
        """
        select 'accrual ' || b.id || ' (invoice ' || b.invoice_id || ')', b.cents from borne b
         where b.due_on is null or b.first <= b.due_on or b.until <> b.issued_on
            or b.principal_cents is distinct from b.asked
            or exists (select from borne o where o.id <> b.id and o.invoice_id = b.invoice_id and o.wallet_id = b.wallet_id
                          and o.first <= b.until and b.first <= o.until)""",
    ),
    "interest is in the book and on its reminder, until it is waived": (
        _BORNE,
        """
        select 'accrual ' || b.id, coalesce(c.cents, 0) - case when b.waived_at is null then b.cents else 0 end from borne b
          left join (select source, wallet_id, sum(cents) as cents from charged group by source, wallet_id) c
            on c.source = b.source and c.wallet_id = b.wallet_id
         where coalesce(c.cents, 0) <> case when b.waived_at is null then b.cents else 0 end
        union all
        select 'accrual ' || b.id || ' (reminder ' || b.reminder_id || ')', b.cents from borne b
         where not exists (
           select from arrears_reminderdebt g
            where g.municipality_id = b.municipality_id and g.reminder_id = b.reminder_id and g.key = b.source
              and g.kind = 'interest' and g.wallet_id = b.wallet_id and g.cents = b.cents)""",
    ),
    "an entry of interest is of its reminder's instant, or of who waives it": (
        _BORNE,
        """
        select 'entry ' || c.id || ' (' || c.source || ')', c.cents from charged c left join borne b on b.source = c.source
         where b.id is null or c.code <> 'interest'
            or not (c.cents > 0 and c.at = b.issued_at and c.by_id is null
                    or c.cents < 0 and (c.at, coalesce(c.by_id, 0)) = (b.waived_at, coalesce(b.waived_by, 0)))""",
    ),
}
