"""The SQL of what is owed: credits below zero with the day they fell, what is contested, what came in since."""

# Credits that are below zero by the town's sum at least, with who pays, and the day on which they fell below it for the last
# time. Entries of one wallet are written under its lock, so the order of their ids is the order in which they happened.
BELOW = """
with mine as materialized (
  select w.id, w.account_id, w.child_id, w.balance_cents, g.guardian_id as payer_id
    from ledger_wallet w
    join people_guardianship g on g.municipality_id = w.municipality_id and g.child_id = w.child_id and g.is_payer
   where w.municipality_id = %(town)s and w.balance_cents <= -%(floor)s
     and (%(payers)s::bigint[] is null or g.guardian_id = any(%(payers)s::bigint[]))
), stood as (
  select m.id, t.entry_id, sum(t.cents) over (partition by m.id order by t.entry_id) as balance
    from mine m
   cross join lateral (
     select t.entry_id, t.cents from ledger_transfer t
      where t.municipality_id = %(town)s and t.credit_id = m.account_id
     union all
     select t.entry_id, -t.cents from ledger_transfer t
      where t.municipality_id = %(town)s and t.debit_id = m.account_id) t
), last_above as (
  select id, max(entry_id) filter (where balance > -%(floor)s) as entry_id from stood group by id
), fell as (
  select s.id, min(s.entry_id) as entry_id
    from stood s join last_above a on a.id = s.id
   where s.entry_id > coalesce(a.entry_id, 0) group by s.id
)
select m.id, m.child_id, m.payer_id, m.balance_cents, (e.at at time zone 'Europe/Rome')::date
  from mine m
  join fell f on f.id = m.id
  join ledger_entry e on e.municipality_id = %(town)s and e.id = f.entry_id
 order by m.payer_id, m.id
"""

_CONTESTED = """
  from attendance_contest c
  join support_ticket t on t.municipality_id = c.municipality_id and t.number = c.ticket_number and t.state = 'open'
"""

# Invoices with a day that a family contests, and the office has not answered yet.
CONTESTED_INVOICES = f"""
select distinct v.id
{_CONTESTED}
  join billing_share h on h.municipality_id = c.municipality_id and h.child_id = c.child_id
  join billing_line l on l.municipality_id = h.municipality_id and l.share_id = h.id and l.day = c.day
  join billing_invoice v on v.municipality_id = h.municipality_id and v.id = h.invoice_id
  join billing_run r on r.municipality_id = v.municipality_id and r.id = v.run_id and r.service_id = c.service_id
 where c.municipality_id = %(town)s
"""  # the fragment stands above

# What contested days have cost, by the wallet that paid them.
CONTESTED_CENTS = f"""
select w.id, sum(s.cents)::bigint
{_CONTESTED}
  join attendance_presence p on p.municipality_id = c.municipality_id and p.child_id = c.child_id
   and p.service_id = c.service_id and p.day = c.day
  join ledger_entry e on e.municipality_id = c.municipality_id and e.source = 'presence:' || p.id and e.kind = 'charge'
  join ledger_transfer x on x.municipality_id = e.municipality_id and x.entry_id = e.id
 cross join lateral (values (x.debit_id, x.cents), (x.credit_id, -x.cents)) as s(account_id, cents)
  join ledger_wallet w on w.municipality_id = c.municipality_id and w.account_id = s.account_id
 where c.municipality_id = %(town)s
 group by w.id
"""  # the fragment stands above

# Money that came into wallets after an entry, less what went back: no charge, no cost of a reminder, no interest.
CAME_IN = """
select d.plan_id, d.wallet_id, coalesce(sum(m.cents), 0)::bigint,
       coalesce(sum(m.cents) filter (where e.kind in ('write_off', 'goodwill')), 0)::bigint
  from unnest(%(plans)s::bigint[], %(wallets)s::bigint[], %(since)s::bigint[]) as d(plan_id, wallet_id, since)
  join ledger_wallet w on w.municipality_id = %(town)s and w.id = d.wallet_id
 cross join lateral (
   select t.entry_id, t.cents from ledger_transfer t
    where t.municipality_id = %(town)s and t.credit_id = w.account_id and t.entry_id > d.since
   union all
   select t.entry_id, -t.cents from ledger_transfer t
    where t.municipality_id = %(town)s and t.debit_id = w.account_id and t.entry_id > d.since) m
  join ledger_entry e on e.municipality_id = %(town)s and e.id = m.entry_id
 where e.kind not in ('charge', 'fee', 'stamp', 'reminder', 'interest')
 group by d.plan_id, d.wallet_id
"""
