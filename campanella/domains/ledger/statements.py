"""The ledger's own SQL: set-based, one statement for any number of wallets. ``operations`` says what each is for."""

WARN = """
insert into ledger_creditwarning (municipality_id, wallet_id, level, told_at)
select %(town)s, wallet_id, level, %(now)s from unnest(%(wallets)s::bigint[], %(levels)s::text[]) as w(wallet_id, level)
on conflict do nothing returning wallet_id, level
"""

OPEN_ACCOUNTS = """
insert into ledger_account (municipality_id, kind, code)
select distinct %(town)s, 'wallet', child_id || ':' || coalesce(service_id::text, '')
  from unnest(%(children)s::bigint[], %(services)s::bigint[]) as o(child_id, service_id)
on conflict do nothing
"""

OPEN_WALLETS = """
insert into ledger_wallet (municipality_id, account_id, child_id, service_id, balance_cents)
select distinct %(town)s, a.id, o.child_id, o.service_id, 0
  from unnest(%(children)s::bigint[], %(services)s::bigint[]) as o(child_id, service_id)
  join ledger_account a on a.municipality_id = %(town)s and a.kind = 'wallet'
   and a.code = o.child_id || ':' || coalesce(o.service_id::text, '')
on conflict do nothing
"""

WALLETS = """
select w.child_id, w.service_id, w.id
  from unnest(%(children)s::bigint[], %(services)s::bigint[]) as o(child_id, service_id)
  join ledger_wallet w on w.municipality_id = %(town)s and w.child_id = o.child_id
   and w.service_id is not distinct from o.service_id
"""

HOLD = """
select id from ledger_wallet
 where municipality_id = %(town)s and id = any(%(wallets)s) order by id for no key update
"""

HOLD_CHILDREN = """
select id, child_id, service_id from ledger_wallet
 where municipality_id = %(town)s and child_id = any(%(children)s) order by id for no key update
"""

HOLD_PEOPLE = """
select id from people_child where municipality_id = %(town)s and id = any(%(children)s) order by id for no key update
"""

PAYERS = """
select id, child_id, service_id from ledger_wallet
 where municipality_id = %(town)s and child_id = any(%(children)s) and (service_id = %(service)s or service_id is null)
"""

HOLD_PAYERS = PAYERS + " order by id for no key update"

# What was charged so far is what the source's transfers took from the wallet, less what they gave back. "offset 0" keeps
# the look-ups what they are, one by source and one by entry: without it a planner that has no statistics of a new town
# believes that it has one row, and multiplies all of its entries with all of its transfers.
SETTLE = """
with due as (
  select * from unnest(%(sources)s::text[], %(wallets)s::bigint[], %(revenues)s::bigint[], %(dues)s::bigint[],
                       %(days)s::date[], %(firsts)s::bool[]) as d(source, wallet_id, revenue_id, due, day, is_first)
), held as (
  select d.*, w.account_id from due d join ledger_wallet w on w.municipality_id = %(town)s and w.id = d.wallet_id
), before as (
  select e.source, max(e.revision) as revision,
         sum(case when t.debit_id = h.account_id then t.cents when t.credit_id = h.account_id then -t.cents end) as charged,
         bool_or(h.account_id not in (t.debit_id, t.credit_id)) as moved
    from held h
    cross join lateral (
      select id, source, revision from ledger_entry where municipality_id = %(town)s and source = h.source offset 0) e
    cross join lateral (
      select debit_id, credit_id, cents from ledger_transfer where municipality_id = %(town)s and entry_id = e.id offset 0) t
   where not h.is_first
   group by e.source
), delta as (
  select h.*, h.due - coalesce(b.charged, 0) as cents, coalesce(b.revision + 1, 0) as revision,
         nextval('ledger_entry_id_seq') as entry_id
    from held h left join before b on b.source = h.source
   where h.due <> coalesce(b.charged, 0) and not coalesce(b.moved, false)
), entry as (
  insert into ledger_entry (id, municipality_id, at, kind, source, revision, day, memo, by_id)
  select entry_id, %(town)s, %(now)s, %(kind)s, source, revision, coalesce(day, %(day)s), %(memo)s, %(by)s from delta
), moved as (
  insert into ledger_transfer (municipality_id, entry_id, debit_id, credit_id, cents)
  select %(town)s, entry_id,
         case when cents > 0 then account_id else revenue_id end,
         case when cents > 0 then revenue_id else account_id end, abs(cents)
    from delta
), balance as (
  update ledger_wallet w set balance_cents = w.balance_cents - s.cents
    from (select wallet_id, sum(cents) as cents from delta group by wallet_id) s
   where w.municipality_id = %(town)s and w.id = s.wallet_id
)
select coalesce((select bool_or(moved) from before), false), (select count(*) from delta)
"""

POST = """
with movement as (
  select m.*, w.account_id
    from unnest(%(sources)s::text[], %(wallets)s::bigint[], %(others)s::bigint[], %(amounts)s::bigint[],
                %(revisions)s::bigint[]) as m(source, wallet_id, other_id, cents, revision)
    join ledger_wallet w on w.municipality_id = %(town)s and w.id = m.wallet_id
   where m.cents <> 0
), entry as (
  insert into ledger_entry (municipality_id, at, kind, source, revision, day, memo, by_id)
  select %(town)s, %(now)s, %(kind)s, source, revision, %(day)s, %(memo)s, %(by)s from movement
  on conflict (municipality_id, source, revision) do nothing
  returning id, source, revision
), fresh as (
  select m.*, e.id as entry_id from movement m join entry e on e.source = m.source and e.revision = m.revision
), moved as (
  insert into ledger_transfer (municipality_id, entry_id, debit_id, credit_id, cents)
  select %(town)s, entry_id,
         case when cents > 0 then other_id else account_id end,
         case when cents > 0 then account_id else other_id end, abs(cents)
    from fresh
), balance as (
  update ledger_wallet w set balance_cents = w.balance_cents + s.cents
    from (select wallet_id, sum(cents) as cents from fresh group by wallet_id) s
   where w.municipality_id = %(town)s and w.id = s.wallet_id
)
select distinct source from fresh
"""

MOVE = """
with passage as (
  select p.*, g.account_id as debit_id, r.account_id as credit_id
    from unnest(%(sources)s::text[], %(givers)s::bigint[], %(takers)s::bigint[], %(amounts)s::bigint[])
         as p(source, giver_id, taker_id, cents)
    join ledger_wallet g on g.municipality_id = %(town)s and g.id = p.giver_id
    join ledger_wallet r on r.municipality_id = %(town)s and r.id = p.taker_id
), entry as (
  insert into ledger_entry (municipality_id, at, kind, source, revision, day, memo, by_id)
  select %(town)s, %(now)s, 'transfer', source, 0, %(day)s, %(memo)s, %(by)s from passage
  on conflict (municipality_id, source, revision) do nothing
  returning id, source
), fresh as (
  select p.*, e.id as entry_id from passage p join entry e on e.source = p.source
), moved as (
  insert into ledger_transfer (municipality_id, entry_id, debit_id, credit_id, cents)
  select %(town)s, entry_id, debit_id, credit_id, cents from fresh
), balance as (
  update ledger_wallet w set balance_cents = w.balance_cents + s.cents
    from (select wallet_id, sum(cents) as cents
            from (select giver_id as wallet_id, -cents as cents from fresh
                  union all select taker_id, cents from fresh) sides group by wallet_id) s
   where w.municipality_id = %(town)s and w.id = s.wallet_id
)
select source from fresh
"""

# The first row of the day ends what is sealed: numbers are taken in order, instants are of when a request began.
# A row dated ahead of the present is nobody's who is still writing: it stops no seal, and is told apart.
SEALED_UNTIL = """
select coalesce((select min(id) - 1 from ledger_entry
                  where municipality_id = %(town)s and at >= %(until)s and at <= %(ahead)s),
                (select max(id) from ledger_entry where municipality_id = %(town)s), 0),
       coalesce((select min(id) - 1 from core_auditrow
                  where municipality_id = %(town)s and at >= %(until)s and at <= %(ahead)s),
                (select max(id) from core_auditrow where municipality_id = %(town)s), 0)
"""

AHEAD = """
select 'entry ' || id || ' (' || source || ' of ' || to_char(at at time zone 'Europe/Rome', 'YYYY-MM-DD') || ')'
  from ledger_entry where municipality_id = %(town)s and at > %(ahead)s
union all
select 'act ' || id || ' (' || action || ' of ' || to_char(at at time zone 'Europe/Rome', 'YYYY-MM-DD') || ')'
  from core_auditrow where municipality_id = %(town)s and at > %(ahead)s
 order by 1
"""

# Every column of every row, in a writing that no setting of a session changes; one digest a row keeps the sum small.
DIGEST = """
with line as (
  select 1 as book, id, concat_ws('|', id, extract(epoch from at), kind, source, revision, day - date '2000-01-01', memo,
                                  coalesce(by_id::text, '-')) as text
    from ledger_entry where municipality_id = %(town)s and id > %(after_entry)s and id <= %(entry)s
  union all
  select 2, id, concat_ws('|', id, entry_id, debit_id, credit_id, cents)
    from ledger_transfer where municipality_id = %(town)s and entry_id > %(after_entry)s and entry_id <= %(entry)s
  union all
  select 3, id, concat_ws('|', id, extract(epoch from at), coalesce(actor_id::text, '-'), actor_label, action,
                          array_to_string(subjects, ','), origin, why, data)
    from core_auditrow where municipality_id = %(town)s and id > %(after_act)s and id <= %(act)s
)
select count(*), encode(sha256(convert_to(%(before)s || coalesce(
         string_agg(encode(sha256(convert_to(text, 'UTF8')), 'hex'), '' order by book, id), ''), 'UTF8')), 'hex')
  from line
"""
