"""The domain's own SQL: set-based, one statement for any number of mandates. ``queries`` says what each is for."""

# What the bank knows of a mandate is what its last collection said that was not rejected: where it has changed since, the
# next one tells. A rejected one was never with the debtor's bank, so it has told nothing. Of a mandate that was taken over
# the bank knows what it was before, where somebody has collected with it.
_AS_IT_STANDS = """
select m.id, m.payer_id, m.reference, m.state, m.signed_on, m.confirmed_at, m.holder_name, m.holder_tax_code, m.iban, m.bic,
       m.town, m.country, m.is_carried, m.used_on,
       last.day as last_used,
       case when known.reference <> m.reference then known.reference end as former_reference,
       case when %(creditor)s <> '' and known.creditor_id <> %(creditor)s then known.creditor_id end as former_creditor_id,
       last.iban <> m.iban as is_new_account,
       m.state = 'ended' and exists (
         select from debiting_collection c
           join debiting_coming o on o.municipality_id = %(town)s and o.collection_id = c.id and o.follows = 'silence'
          where c.municipality_id = %(town)s and c.mandate_id = m.id) as is_silent
  from {mandates} m
  left join lateral (
    select c.day, c.reference, c.iban, f.creditor_id
      from debiting_collection c
      join debiting_collectionfile f on f.municipality_id = %(town)s and f.id = c.file_id
     where c.municipality_id = %(town)s and c.mandate_id = m.id
       and not exists (
         select from debiting_coming o
          where o.municipality_id = %(town)s and o.collection_id = c.id and o.kind = 'rejected')
     order by c.id desc limit 1) last on true
 cross join lateral (
    select coalesce(last.reference, case when m.is_carried then nullif(m.former_reference, '') end) as reference,
           coalesce(last.creditor_id, case when m.is_carried then nullif(m.former_creditor_id, '') end) as creditor_id) known
"""

MANDATES = _AS_IT_STANDS.format(
    mandates="""(
    select distinct on (payer_id) * from debiting_mandate
     where municipality_id = %(town)s and payer_id = any(%(payers)s::bigint[])
     order by payer_id, state in ('active', 'suspended') desc, id desc)"""
)

MANDATE = _AS_IT_STANDS.format(
    mandates="(select * from debiting_mandate where municipality_id = %(town)s and id = %(mandate)s)"
)

UNUSED = """
select m.id from debiting_mandate m
 where m.municipality_id = %(town)s and m.state in ('active', 'suspended') and greatest(m.signed_on, m.used_on) <= %(day)s
   and not exists (
     select from debiting_collection c
      where c.municipality_id = %(town)s and c.mandate_id = m.id and c.day > %(day)s
        and not exists (
          select from debiting_coming o
           where o.municipality_id = %(town)s and o.collection_id = c.id and o.kind = 'rejected'))
 order by m.id
"""

PASTS = """
select distinct on (c.debt) c.debt, c.attempt, coalesce(o.kind, ''), coalesce(o.follows, ''),
       case when o.kind <> 'booked' then o.at end,
       case when o.kind <> 'booked' then greatest(o.day, (coalesce(d.at, o.at) at time zone 'Europe/Rome')::date) end,
       coalesce(d.kind, ''), c.id, c.day, coalesce(o.reason, ''), c.cents
  from debiting_collection c
  left join lateral (
    select kind, follows, at, day, reason from debiting_coming
     where municipality_id = %(town)s and collection_id = c.id order by id desc limit 1) o on true
  left join debiting_faultdecision d on d.municipality_id = %(town)s and d.collection_id = c.id
 where c.municipality_id = %(town)s and c.debt = any(%(debts)s::text[])
 order by c.debt, c.attempt desc
"""

# The rows come in the order of the file, and so do their ids: the file is written by them.
ASK = """
with made as (
  insert into debiting_collection (municipality_id, file_id, mandate_id, payer_id, debt, attempt, end_to_end_id, payment_id,
                                   sequence, day, cents, reference, signed_on, holder_name, iban, bic, town, country,
                                   former_reference, former_creditor_id, is_new_account, remittance, made_at)
  select %(municipality)s, %(file)s, mandate_id, payer_id, debt, attempt, end_to_end_id, payment_id, sequence, day, cents,
         reference, signed_on, holder_name, iban, bic, town, country, former_reference, former_creditor_id, is_new_account,
         remittance, %(now)s
    from unnest(%(mandate_id)s::bigint[], %(payer_id)s::bigint[], %(debt)s::text[], %(attempt)s::int[],
                %(end_to_end_id)s::text[], %(payment_id)s::text[], %(sequence)s::text[], %(day)s::date[],
                %(cents)s::bigint[], %(reference)s::text[], %(signed_on)s::date[], %(holder_name)s::text[],
                %(iban)s::text[], %(bic)s::text[], %(town)s::text[], %(country)s::text[], %(former_reference)s::text[],
                %(former_creditor_id)s::text[], %(is_new_account)s::bool[], %(remittance)s::text[]) with ordinality
      as c(mandate_id, payer_id, debt, attempt, end_to_end_id, payment_id, sequence, day, cents, reference, signed_on,
           holder_name, iban, bic, town, country, former_reference, former_creditor_id, is_new_account, remittance, place)
   order by place
  returning id, end_to_end_id
)
insert into debiting_collectionshare (municipality_id, collection_id, wallet_id, cents)
select %(municipality)s, made.id, s.wallet_id, s.cents
  from unnest(%(share_of)s::text[], %(share_wallets)s::bigint[], %(share_cents)s::bigint[]) as s(key, wallet_id, cents)
  join made on made.end_to_end_id = s.key
"""

# Lines of an answer, and what came of their collections: the ids of what came, in the order of the lines.
NOTE = """
with said as (
  select * from unnest(%(collections)s::bigint[], %(messages)s::text[], %(numbers)s::int[], %(kinds)s::text[],
                       %(keys)s::text[], %(reasons)s::text[], %(cents)s::bigint[], %(days)s::date[], %(verdicts)s::text[],
                       %(comings)s::text[], %(follows)s::text[]) with ordinality
    as s(collection_id, message_id, number, kind, key, reason, cents, day, verdict, coming, follows, place)
), line as (
  insert into debiting_answerline (municipality_id, answer_id, collection_id, message_id, number, kind, key, reason, cents,
                                   day, verdict)
  select %(town)s, %(answer)s, collection_id, message_id, number, kind, key, reason, cents, day, verdict
    from said order by place
  returning id, collection_id, number
), coming as (
  insert into debiting_coming (municipality_id, collection_id, kind, at, day, reason, follows, line_id)
  select %(town)s, s.collection_id, s.coming, %(now)s, coalesce(s.day, %(today)s), s.reason, s.follows, l.id
    from said s join line l on l.number = s.number and l.collection_id = s.collection_id
   where s.coming <> '' order by s.place
  returning id, kind
)
select id from coming where kind <> 'booked' order by id
"""

BOOKED = """
insert into debiting_coming (municipality_id, collection_id, kind, at, day, reason, follows)
select %(town)s, collection_id, 'booked', %(now)s, day, '', ''
  from unnest(%(collections)s::bigint[], %(days)s::date[]) as c(collection_id, day)
"""

KNOWN = """
select collection_id, kind from debiting_coming
 where municipality_id = %(town)s and collection_id = any(%(collections)s::bigint[])
"""

GROUPS = """
select payment_id, min(day), min(sequence), count(*), sum(cents) from debiting_collection
 where municipality_id = %(town)s and file_id = %(file)s group by payment_id order by min(id)
"""

COLLECTIONS = """
select c.id, c.file_id, c.mandate_id, c.payer_id, c.debt, c.attempt, c.end_to_end_id, c.payment_id, c.day, c.cents,
       c.remittance, c.iban <> m.iban as is_amended,
       array(select array[s.wallet_id, s.cents] from debiting_collectionshare s
              where s.municipality_id = %(town)s and s.collection_id = c.id order by s.id) as shares,
       array(select o.kind from debiting_coming o
              where o.municipality_id = %(town)s and o.collection_id = c.id order by o.id) as known
  from debiting_collection c
  join debiting_mandate m on m.municipality_id = %(town)s and m.id = c.mandate_id
 where c.municipality_id = %(town)s and {which} order by c.id
"""
BY_ID = COLLECTIONS.format(which="c.id = any(%(which)s::bigint[])")
BY_KEY = COLLECTIONS.format(which="c.end_to_end_id = any(%(which)s::text[])")
# Blocks begin with the id of their file.
BY_BLOCK = COLLECTIONS.format(
    which="""c.file_id in (
    select id from debiting_collectionfile
     where municipality_id = %(town)s and (message_id = %(which)s or %(which)s ^@ (message_id || '-')))
   and (c.payment_id = %(which)s or c.payment_id ^@ (%(which)s || '-'))"""
)

# What never left the house no bank has brought.
DUE = """
select c.id from debiting_collection c
 where c.municipality_id = %(town)s and c.day <= %(day)s
   and exists (
     select from debiting_filehanding h where h.municipality_id = %(town)s and h.file_id = c.file_id)
   and not exists (
     select from debiting_coming o where o.municipality_id = %(town)s and o.collection_id = c.id)
 order by c.id limit %(limit)s
"""

# What is no fault of the family's (a file badly written) does not count, and neither does what was asked of another account.
RETURNS = """
select c.mandate_id, count(*) from debiting_mandate m
  join debiting_collection c on c.municipality_id = %(town)s and c.mandate_id = m.id and c.iban = m.iban
  join debiting_coming o on o.municipality_id = %(town)s and o.collection_id = c.id
   and o.kind in ('rejected', 'returned') and o.follows <> 'office' and o.at >= m.confirmed_at
 where m.municipality_id = %(town)s and m.id = any(%(mandates)s::bigint[])
 group by c.mandate_id
"""

# Given up before it left the house: every collection has what came of it, and the file was never handed over.
_IS_WITHDRAWN = """
not exists (
  select from debiting_filehanding h where h.municipality_id = %(town)s and h.file_id = f.id)
and not exists (
  select from debiting_collection x
   where x.municipality_id = %(town)s and x.file_id = f.id and not exists (
     select from debiting_coming o where o.municipality_id = %(town)s and o.collection_id = x.id))
"""

IS_WITHDRAWN = f"""
select {_IS_WITHDRAWN} from debiting_collectionfile f where f.municipality_id = %(town)s and f.id = %(file)s
"""  # noqa: S608  # written above

LAST_OF_PERIOD = f"""
select f.id from debiting_collectionfile f
 where f.municipality_id = %(town)s and f.period = %(period)s and not ({_IS_WITHDRAWN})
 order by f.id desc limit 1
"""  # noqa: S608  # written above

# The town has called it off itself (FOCR), and asks once more by the same act.
WITHDRAW = """
with open as (
  select c.id from debiting_collection c
   where c.municipality_id = %(town)s and c.file_id = %(file)s and not exists (
     select from debiting_coming o where o.municipality_id = %(town)s and o.collection_id = c.id)
), coming as (
  insert into debiting_coming (municipality_id, collection_id, kind, at, day, reason, follows)
  select %(town)s, id, 'rejected', %(now)s, %(today)s, 'FOCR', 'office' from open order by id
  returning collection_id
), decided as (
  insert into debiting_faultdecision (municipality_id, collection_id, kind, at, by_id)
  select %(town)s, id, 'again', %(now)s, %(by)s from open order by id
)
select collection_id from coming order by collection_id
"""

WAITING_FILES = """
select f.id, f.message_id, f.period, min(c.day), count(*), sum(c.cents)
  from debiting_collectionfile f
  join debiting_collection c on c.municipality_id = %(town)s and c.file_id = f.id
 where f.municipality_id = %(town)s
   and not exists (select from debiting_filehanding h where h.municipality_id = %(town)s and h.file_id = f.id)
   and not exists (select from debiting_coming o where o.municipality_id = %(town)s and o.collection_id = c.id)
 group by f.id, f.message_id, f.period order by min(c.day), f.id
"""

# What came back meanwhile is paid by one road alone.
DOUBLES = """
select d.id, d.collection_id, d.at, coalesce(o.kind, '') = 'booked' as is_booked
  from debiting_doublepayment d
  left join lateral (
    select kind from debiting_coming
     where municipality_id = %(town)s and collection_id = d.collection_id order by id desc limit 1) o on true
 where d.municipality_id = %(town)s and d.seen_at is null and coalesce(o.kind, 'booked') = 'booked'
 order by d.id
"""

FILES = """
select f.id, f.message_id, f.period, f.made_at, min(c.day), max(c.day), count(*), sum(c.cents),
       count(*) filter (where o.kind = 'booked'), count(*) filter (where o.kind in ('rejected', 'returned')),
       (select h.at from debiting_filehanding h where h.municipality_id = %(town)s and h.file_id = f.id)
  from debiting_collectionfile f
  join debiting_collection c on c.municipality_id = %(town)s and c.file_id = f.id
  left join lateral (
    select kind from debiting_coming
     where municipality_id = %(town)s and collection_id = c.id order by id desc limit 1) o on true
 where f.municipality_id = %(town)s and (%(file)s::bigint is null or f.id = %(file)s)
 group by f.id, f.message_id, f.period, f.made_at order by f.id desc limit %(limit)s
"""

# Of which nothing was done: what came back without a key that is known, or with another amount. Money that only came in, and
# that nobody has asked for, is another creditor's.
WAITING_LINES = """
select l.id, l.answer_id, l.message_id, l.number, l.kind, l.key, l.reason, l.cents, l.day, l.verdict, l.collection_id,
       a.received_at
  from debiting_answerline l
  join debiting_bankanswer a on a.municipality_id = %(town)s and a.id = l.answer_id
 where l.municipality_id = %(town)s and l.verdict in ('unknown', 'amount')
   and (l.kind <> 'collected' or l.verdict = 'amount')
   and not exists (select from debiting_linedecision d where d.municipality_id = %(town)s and d.line_id = l.id)
 order by l.id
"""

MAY_BE_OF = """
select c.id from debiting_answerline l
  join debiting_bankanswer a on a.municipality_id = %(town)s and a.id = l.answer_id
  join debiting_collection c
    on c.municipality_id = %(town)s and c.day > coalesce(l.day, a.received_at::date) - interval '13 months'
 where l.municipality_id = %(town)s and l.id = %(line)s and coalesce(c.id = l.collection_id, true)
   and (%(ids)s::bigint[] is null or c.id = any(%(ids)s::bigint[]))
   and (%(payers)s::bigint[] is null or c.payer_id = any(%(payers)s::bigint[]) or c.debt = any(%(debts)s::text[]))
   and exists (select from debiting_filehanding h where h.municipality_id = %(town)s and h.file_id = c.file_id)
   and not exists (
     select from debiting_coming o
      where o.municipality_id = %(town)s and o.collection_id = c.id and o.kind in ('rejected', 'returned'))
 order by c.reference = l.key desc, coalesce(c.cents = l.cents, false) desc, c.day desc, c.id desc limit %(limit)s
"""

# Refused for a fault of the file, at the last attempt, and nobody has decided what becomes of it.
FAULTS = """
select c.id, o.reason from debiting_coming o
  join debiting_collection c on c.municipality_id = %(town)s and c.id = o.collection_id
 where o.municipality_id = %(town)s and o.follows = 'office'
   and not exists (
     select from debiting_coming l where l.municipality_id = %(town)s and l.collection_id = c.id and l.id > o.id)
   and not exists (select from debiting_faultdecision d where d.municipality_id = %(town)s and d.collection_id = c.id)
   and not exists (
     select from debiting_collection x
      where x.municipality_id = %(town)s and x.debt = c.debt and x.attempt > c.attempt)
 order by c.id
"""

# Of nearly every day the answer is no: one look at all of it.
ANYTHING = f"""
select exists ({WAITING_FILES}) as files, exists ({DOUBLES}) as doubles, exists ({WAITING_LINES}) as lines,
       exists ({FAULTS}) as faults
"""
