"""What was charged and is on no invoice yet, and how invoices are written: set-based, for a town's month at once."""

# An invoice that was called back, by its own note or with its run, asks for nothing and has billed nothing.
LIVING = """(r.state <> 'recalled' and not exists (
    select 1 from billing_creditnote n where n.municipality_id = v.municipality_id and n.invoice_id = v.id))"""


def pays_after(*, child: str, service: str, day: str, town: str = "%(town)s") -> str:
    """
    Tell in SQL whether a child pays a service after the month, as ``rules.kind_on`` does for values.

    Of a service that nobody has ever paid so, which is known once for a statement, no child's rules are looked up.
    """
    any_so = f"""select x.service_id from billing_paypolicy x
      where x.municipality_id = {town} and x.kind not in ('prepaid', 'town')"""  # noqa: S608  # columns of ours
    latest = f"""select p.kind from billing_paypolicy p
      where p.municipality_id = {town} and p.service_id = {service} and p.first <= {day}"""  # noqa: S608  # columns of ours
    own = f"({latest} and p.child_id = {child} order by p.first desc, p.id desc limit 1)"
    common = f"({latest} and p.child_id is null order by p.first desc, p.id desc limit 1)"
    kind = f"coalesce(nullif({own}, 'town'), {common}, 'prepaid')"
    return f"case when {service} in ({any_so}) then {kind} <> 'prepaid' else false end"


# Every charge from an entry on, one row a fact: what it has cost so far less what living invoices have told of it.
# A wallet stands on one side, the income of a service on the other. A fact whose first posting is older is looked up whole;
# one that was posted once, as nearly all are, needs no summing. Lines are held against living shares by their numbers first.
OPEN = f"""
with revenue as materialized (
  select a.id, s.id as service_id from ledger_account a
    join services_service s on s.municipality_id = a.municipality_id and s.code = a.code
   where a.municipality_id = %(town)s and a.kind = 'revenue'
), fresh as materialized (
  select e.id, e.kind, e.source, e.revision, e.day,
         case when c.id is null then t.credit_id else t.debit_id end as account_id,
         coalesce(c.service_id, d.service_id) as service_id, case when c.id is null then -t.cents else t.cents end as cents
    from ledger_entry e
    join ledger_transfer t on t.municipality_id = e.municipality_id and t.entry_id = e.id
    left join revenue c on c.id = t.credit_id
    left join revenue d on d.id = t.debit_id
   where e.municipality_id = %(town)s and e.id >= %(since)s and e.kind in ('charge', 'fee')
     and t.municipality_id = %(town)s and t.entry_id >= %(since)s
), living as materialized (
  select h.id
    from billing_share h
    join billing_invoice v on v.municipality_id = h.municipality_id and v.id = h.invoice_id
    join billing_run r on r.municipality_id = v.municipality_id and r.id = v.run_id
   where h.municipality_id = %(town)s and {LIVING}
), told as materialized (
  select l.source, sum(l.cents)::bigint as cents
    from billing_line l
    join living h on h.id = l.share_id
   where l.municipality_id = %(town)s and l.source in (select source from fresh)
   group by l.source
), again as materialized (
  select distinct source from fresh where revision > 0
), fact as (
  select f.source, f.account_id, f.service_id, f.kind, f.day, f.id as entry_id, f.revision, f.cents
    from fresh f where not exists (select from again a where a.source = f.source)
  union all
  select f.source, f.account_id, f.service_id, min(f.kind) as kind, min(f.day) as day, min(f.id) as entry_id,
         min(f.revision) as revision, sum(f.cents)::bigint as cents
    from fresh f where f.source in (select source from again) group by f.source, f.account_id, f.service_id
), whole as materialized (
  select f.source, f.account_id, f.service_id, f.kind, f.day, f.entry_id,
         (f.cents + case when f.revision = 0 then 0 else coalesce((
            select sum(case when t.debit_id = f.account_id then t.cents else -t.cents end)
              from ledger_entry e
              join ledger_transfer t on t.municipality_id = e.municipality_id and t.entry_id = e.id
             where e.municipality_id = %(town)s and e.source = f.source and e.id < %(since)s), 0) end)::bigint as cost
    from fact f
), wallet as materialized (
  select id, account_id, child_id from ledger_wallet where municipality_id = %(town)s and id = any(%(wallets)s::bigint[])
), own as materialized (
  select * from unnest(%(own_children)s::bigint[], %(own_services)s::bigint[], %(own_firsts)s::date[], %(own_ends)s::date[],
                       %(own_kinds)s::text[], %(own_decided)s::date[])
           as o(child_id, service_id, first, "end", kind, decided)
), common as materialized (
  select * from unnest(%(all_services)s::bigint[], %(all_firsts)s::date[], %(all_ends)s::date[],
                       %(all_kinds)s::text[], %(all_decided)s::date[]) as o(service_id, first, "end", kind, decided)
), open as (
  select x.source, w.id as wallet_id, w.child_id, x.service_id, x.kind, x.day, x.entry_id, x.cost,
         x.cost - coalesce(b.cents, 0) as cents,
         coalesce(x.day < case when o.kind is null then a.decided else o.decided end, false) as is_before
    from whole x
    join wallet w on w.account_id = x.account_id
    left join told b on b.source = x.source
    left join own o on o.child_id = w.child_id and o.service_id = x.service_id and x.day >= o.first and x.day < o."end"
    left join common a on a.service_id = x.service_id and x.day >= a.first and x.day < a."end"
   where coalesce(o.kind, a.kind, 'prepaid') <> 'prepaid'
)
"""  # noqa: S608  # fragments written here

# One row a wallet. A price is that of the child's subscription on the day, a class is open where the calendar says so.
# Whoever is to write the lines gets them along, each column as PostgreSQL writes an array; ``WRITE_LINES`` takes them back.
PURSES = f"""{OPEN}, subscription as materialized (
  select s.child_id, s.days, p.price
    from enrolment_subscription s
    join services_bracket b on b.municipality_id = s.municipality_id and b.id = s.bracket_id
    join unnest(%(fulls)s::bigint[], %(percents)s::bigint[], %(prices)s::bigint[]) as p("full", percent, price)
      on p."full" = b.cents and p.percent = s.reduction_percent
   where s.municipality_id = %(town)s and s.service_id = %(service)s
), place as materialized (
  select child_id, class_group_id, days from schools_membership where municipality_id = %(town)s
), served as materialized (
  select * from unnest(%(open_classes)s::bigint[], %(open_days)s::date[]) as c(class_group_id, day)
), class_days as materialized (
  select class_group_id, count(*) as days from served group by class_group_id
), looked as (
  select o.*, o.service_id = %(service)s and o.day <= %(last)s as is_mine, s.price, m.class_group_id,
         c.day is not null as is_served, o.kind = 'charge' and o.cost > 0 and o.day >= %(first)s as is_used
    from open o
    left join subscription s on s.child_id = o.child_id and s.days @> o.day
    left join place m on m.child_id = o.child_id and m.days @> o.day
    left join served c on c.class_group_id = m.class_group_id and c.day = o.day
   where o.cents <> 0
)
select l.wallet_id, l.child_id,
       coalesce(sum(l.cents) filter (where is_mine), 0)::bigint,
       coalesce(sum(l.cents) filter (where not is_mine), 0)::bigint,
       count(*) filter (where is_mine and is_used),
       count(*) filter (where is_mine and is_used and not is_served),
       count(*) filter (where is_mine and is_used and l.cost is distinct from l.price),
       count(*) filter (where is_mine and l.cents < 0),
       coalesce(max(d.days), 0),
       count(*) filter (where is_mine and is_before and l.kind = 'charge' and l.cents > 0),
       min(l.entry_id) filter (where is_mine), min(l.entry_id) filter (where not is_mine),
       coalesce(md5(string_agg(l.source || ' ' || l.cents || ' ' || coalesce(l.price, 0), ',' order by l.source)
                      filter (where is_mine)), ''),
       (array_agg(l.source order by l.source) filter (where is_mine and %(to_write)s))::text,
       (array_agg(l.day order by l.source) filter (where is_mine and %(to_write)s))::text,
       (array_agg(l.cents order by l.source) filter (where is_mine and %(to_write)s))::text
  from looked l left join class_days d on d.class_group_id = l.class_group_id
 group by l.wallet_id, l.child_id order by l.wallet_id
"""  # noqa: S608  # fragments written here

WRITE_LINES = """
insert into billing_line (municipality_id, share_id, source, day, cents)
select %(town)s, h.share_id, l.source, l.day, l.cents
  from unnest(%(shares)s::bigint[], %(sources)s::text[], %(days)s::text[], %(cents)s::text[])
       as h(share_id, sources, days, cents)
 cross join lateral unnest(h.sources::text[], h.days::date[], h.cents::bigint[]) as l(source, day, cents)
 order by h.share_id, l.day, l.source
"""

WRITE_INVOICES = """
insert into billing_invoice (municipality_id, run_id, sequence, payer_id, child_id, method, total_cents, until_entry)
select %(town)s, %(run)s, sequence, payer_id, child_id, method, total, %(until)s
  from unnest(%(sequences)s::bigint[], %(payers)s::bigint[], %(children)s::bigint[], %(methods)s::text[],
              %(totals)s::bigint[]) as d(sequence, payer_id, child_id, method, total)
returning sequence, id
"""

WRITE_SHARES = """
insert into billing_share (municipality_id, invoice_id, run_id, wallet_id, child_id, lines_cents, carried_cents, due_cents)
select %(town)s, invoice_id, %(run)s, wallet_id, child_id, lines, carried, lines - carried
  from unnest(%(invoices)s::bigint[], %(wallets)s::bigint[], %(children)s::bigint[], %(lines)s::bigint[],
              %(carried)s::bigint[]) as d(invoice_id, wallet_id, child_id, lines, carried)
returning wallet_id, id
"""

# Stamp duty stands on the wallet that pays most of its invoice, under the last day that it bills there, or today.
WRITE_STAMPS = """
insert into billing_line (municipality_id, share_id, source, day, cents)
select %(town)s, d.share_id, d.source, least(max(l.day), %(today)s), d.cents
  from unnest(%(stamp_shares)s::bigint[], %(stamp_sources)s::text[], %(stamp_cents)s::bigint[]) as d(share_id, source, cents)
  join billing_line l on l.municipality_id = %(town)s and l.share_id = d.share_id and l.cents > 0
 group by d.share_id, d.source, d.cents
"""

# The first charge of the service that is of a day after the month, whoever pays it how: a family may still decide to pay it
# after the month, from the first day that is on no invoice on.
FIRST_AFTER = """
with revenue as materialized (
  select a.id from ledger_account a
    join services_service s on s.municipality_id = a.municipality_id and s.code = a.code
   where a.municipality_id = %(town)s and a.kind = 'revenue' and s.id = %(service)s
)
select e.id from ledger_entry e
 where e.municipality_id = %(town)s and e.id >= %(since)s and e.kind in ('charge', 'fee') and e.day > %(last)s
   and exists (
     select from ledger_transfer t
      where t.municipality_id = %(town)s and t.entry_id = e.id
        and (t.credit_id in (select id from revenue) or t.debit_id in (select id from revenue)))
 order by e.id limit 1
"""

LAST_ENTRY = "select coalesce(max(id), 0) from ledger_entry where municipality_id = %(town)s"

# Who may be charged a service: everybody who uses or used it, or some by name.
USERS = "select child_id from enrolment_subscription where municipality_id = %(town)s and service_id = %(service)s"
THESE = "select unnest(%(children)s::bigint[])"

BALANCES = """
select id, balance_cents from ledger_wallet where municipality_id = %(town)s and id = any(%(wallets)s::bigint[])
"""

PRICES = """
select distinct b.cents, s.reduction_percent from enrolment_subscription s
  join services_bracket b on b.municipality_id = s.municipality_id and b.id = s.bracket_id
 where s.municipality_id = %(town)s and s.service_id = %(service)s
"""

# What living invoices ask for these wallets, the oldest first; drafts of a confirmed run count as well.
CLAIMS = f"""
select h.wallet_id, v.id, h.due_cents, v.until_entry, h.carried_cents
  from billing_share h
  join billing_invoice v on v.municipality_id = h.municipality_id and v.id = h.invoice_id
  join billing_run r on r.municipality_id = v.municipality_id and r.id = v.run_id
 where h.municipality_id = %(town)s and h.wallet_id = any(%(wallets)s::bigint[]) and {LIVING}
 order by v.until_entry, v.id
"""  # noqa: S608  # fragments written here

# Of what came into a wallet. Undone at the counter within minutes, it never was there to pay an invoice.
IS_MONEY = """(x.kind not in ('charge', 'fee', 'stamp', 'interest') and not (x.kind = 'cash' and exists (
    select from ledger_entry
     where municipality_id = %(town)s and source = 'cash_void:' || split_part(x.source, ':', 2))))"""

# Money that is no charge, of these wallets: what came in, with the invoice that its source names, and what went back from
# an invoice that has a share in them (what leaves otherwise opens none). It begins with the wallets, so that a family's
# page reads a family's rows: what comes into a wallet is a few payments and the days given back, not the days charged.
CREDITS = f"""
with wallet as materialized (
  select id, account_id from ledger_wallet where municipality_id = %(town)s and id = any(%(wallets)s::bigint[])
), paid_in as (
  select w.id as wallet_id, e.id as entry_id, coalesce(j.cents, t.cents) as cents,
         coalesce(p.invoice_id, j.invoice_id) as invoice_id
    from wallet w
   cross join lateral (
     select entry_id, cents from ledger_transfer
      where municipality_id = %(town)s and credit_id = w.account_id and entry_id > %(since)s offset 0) t
   cross join lateral (
     select id, source from ledger_entry x
      where municipality_id = %(town)s and id = t.entry_id and {IS_MONEY} offset 0) e
    left join billing_invoicepayment p on p.municipality_id = %(town)s and p.source = e.source
    -- A joint notice pays several invoices: of each wallet's credit, each its part.
    left join billing_jointpayment j on j.municipality_id = %(town)s and j.source = e.source and j.wallet_id = w.id
), named as materialized (
  select p.source, p.invoice_id from billing_invoicepayment p
   where p.municipality_id = %(town)s and p.invoice_id = any(%(invoices)s::bigint[])
), gone_back as (
  select w.id as wallet_id, e.id as entry_id, -t.cents as cents, n.invoice_id
    from named n
   cross join lateral (
     select id from ledger_entry
      where municipality_id = %(town)s and source = n.source and kind not in ('charge', 'fee', 'stamp', 'interest')
        and id > %(since)s offset 0) e
   cross join lateral (
     select debit_id, cents from ledger_transfer where municipality_id = %(town)s and entry_id = e.id offset 0) t
    join wallet w on w.account_id = t.debit_id
)
select * from paid_in union all select * from gone_back
"""  # noqa: S608  # fragments written here

# Money that left these wallets for nothing that an invoice asks for: corrections, refunds, passages, costs of reminders.
GONE = """
with wallet as materialized (
  select id, account_id from ledger_wallet where municipality_id = %(town)s and id = any(%(wallets)s::bigint[])
)
select w.id, e.id, -t.cents
  from wallet w
 cross join lateral (
   select entry_id, cents from ledger_transfer
    where municipality_id = %(town)s and debit_id = w.account_id and entry_id > %(since)s offset 0) t
 cross join lateral (
   select id, source from ledger_entry x
    where municipality_id = %(town)s and id = t.entry_id and kind not in ('charge', 'fee', 'stamp', 'interest')
      and not (kind = 'cash_void' and exists (
        select from ledger_entry where municipality_id = %(town)s and id > %(since)s
           and source = 'cash:' || split_part(x.source, ':', 2)))
   offset 0) e
 where not exists (
   select from billing_invoicepayment p
    where p.municipality_id = %(town)s and p.source = e.source and p.invoice_id = any(%(invoices)s::bigint[]))
"""

# What was charged to these wallets on days on which they pay after the month, and what living invoices have told of it.
UNBILLED = f"""
with wallet as materialized (
  select id, account_id, child_id, balance_cents from ledger_wallet
   where municipality_id = %(town)s and id = any(%(wallets)s::bigint[])
), charged as (
  select w.id, sum(t.cents)::bigint as cents
    from wallet w
   cross join lateral (
     select entry_id, credit_id as other_id, cents from ledger_transfer
      where municipality_id = %(town)s and debit_id = w.account_id
     union all
     select entry_id, debit_id, -cents from ledger_transfer
      where municipality_id = %(town)s and credit_id = w.account_id) t
    join ledger_entry e on e.municipality_id = %(town)s and e.id = t.entry_id and e.kind in ('charge', 'fee')
    join ledger_account a on a.municipality_id = %(town)s and a.id = t.other_id
    join services_service s on s.municipality_id = %(town)s and s.code = a.code
   where {pays_after(child="w.child_id", service="s.id", day="e.day")}
   group by w.id
), told as (
  select w.id, sum(h.lines_cents - coalesce((
           select l.cents from billing_line l
            where l.municipality_id = %(town)s and l.source = 'stamp:' || h.invoice_id
              and l.share_id = h.id), 0))::bigint as cents
    from wallet w
    join billing_share h on h.municipality_id = %(town)s and h.wallet_id = w.id
    join billing_invoice v on v.municipality_id = h.municipality_id and v.id = h.invoice_id
    join billing_run r on r.municipality_id = v.municipality_id and r.id = v.run_id
   where {LIVING}
   group by w.id
)
select w.id, w.balance_cents, coalesce(c.cents, 0), coalesce(o.cents, 0)
  from wallet w left join charged c on c.id = w.id left join told o on o.id = w.id
"""  # noqa: S608  # fragments written here

BILLED_OF_CHILD = f"""
select h.child_id, sum(h.lines_cents)::bigint
  from billing_share h
  join billing_invoice v on v.municipality_id = h.municipality_id and v.id = h.invoice_id
  join billing_run r on r.municipality_id = v.municipality_id and r.id = v.run_id
 where h.municipality_id = %(town)s and r.service_id = %(service)s and r.first = %(first)s and {LIVING}
 group by h.child_id
"""  # noqa: S608  # fragments written here

# The living invoice on which a fact stands first, with its number where it has one.
BILLED_ON = f"""
select distinct on (l.source) l.source, i.series, i.year, i.number
  from billing_line l
  join billing_share h on h.municipality_id = l.municipality_id and h.id = l.share_id
  join billing_invoice v on v.municipality_id = h.municipality_id and v.id = h.invoice_id
  join billing_run r on r.municipality_id = v.municipality_id and r.id = v.run_id
  left join billing_issue i on i.municipality_id = v.municipality_id and i.invoice_id = v.id
 where l.municipality_id = %(town)s and l.source = any(%(sources)s::text[]) and {LIVING}
 order by l.source, l.id
"""  # noqa: S608  # fragments written here

TAKE_NUMBERS = """
insert into billing_numbercounter (municipality_id, series, year, next)
values (%(town)s, %(series)s, %(year)s, 1 + %(count)s)
on conflict (municipality_id, series, year) do update set next = billing_numbercounter.next + %(count)s
returning next - %(count)s
"""

WRITE_ISSUES = """
insert into billing_issue (municipality_id, invoice_id, series, year, number, issued_on, due_on, issued_at)
select %(town)s, invoice_id, %(series)s, %(year)s, %(number)s + place - 1, %(day)s, %(due)s, %(now)s
  from unnest(%(invoices)s::bigint[]) with ordinality as d(invoice_id, place)
"""

# A recall, or the issue of the next ones, waits until whoever asks for the money of an invoice has done, and the other way.
SHARE_RUN = """
select r.id from billing_run r
  join billing_invoice v on v.municipality_id = r.municipality_id and v.run_id = r.id
 where v.municipality_id = %(town)s and v.id = %(invoice)s for share of r
"""

# Invoices are issued in their places, so that the next ones come after as many as are issued.
NOT_ISSUED = """
select id from billing_invoice
 where municipality_id = %(town)s and run_id = %(run)s and sequence > %(done)s order by sequence limit %(limit)s
"""

MONEY_OF = """
with came as (
  select p.invoice_id, case when t.credit_id = w.account_id then t.cents else -t.cents end as cents
    from billing_invoicepayment p
    join billing_share h on h.municipality_id = p.municipality_id and h.invoice_id = p.invoice_id
    join ledger_wallet w on w.municipality_id = h.municipality_id and w.id = h.wallet_id
    join ledger_entry e on e.municipality_id = p.municipality_id and e.source = p.source
    join ledger_transfer t on t.municipality_id = e.municipality_id and t.entry_id = e.id
     and w.account_id in (t.credit_id, t.debit_id)
   where p.municipality_id = %(town)s and p.invoice_id = any(%(invoices)s::bigint[])
  union all
  select invoice_id, cents from billing_jointpayment
   where municipality_id = %(town)s and invoice_id = any(%(invoices)s::bigint[])
)
select invoice_id, sum(cents)::bigint from came group by invoice_id
"""
