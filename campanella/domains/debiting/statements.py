"""The domain's own SQL: set-based, one statement for any number of mandates. ``queries`` says what each is for."""

# What the bank knows of a mandate is what its last collection said that was not rejected: where it has changed since, the
# next one tells. A rejected one was never with the debtor's bank, so it has told nothing.
_AS_IT_STANDS = """
select m.id, m.payer_id, m.reference, m.state, m.signed_on, m.confirmed_at, m.holder_name, m.holder_tax_code, m.iban, m.bic,
       m.town, m.country, m.is_carried, last.day as last_used,
       case when last.reference <> m.reference then last.reference end as former_reference,
       case when %(creditor)s <> '' and last.creditor_id <> %(creditor)s then last.creditor_id end as former_creditor_id,
       last.iban <> m.iban as is_new_account
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
 where m.municipality_id = %(town)s and m.state in ('active', 'suspended') and m.signed_on <= %(day)s
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
       case when o.kind <> 'booked' then o.at end, case when o.kind <> 'booked' then o.day end
  from debiting_collection c
  left join lateral (
    select kind, follows, at, day from debiting_coming
     where municipality_id = %(town)s and collection_id = c.id order by id desc limit 1) o on true
 where c.municipality_id = %(town)s and c.debt = any(%(debts)s::text[])
 order by c.debt, c.attempt desc
"""

GROUPS = """
select payment_id, min(day), min(sequence), count(*), sum(cents) from debiting_collection
 where municipality_id = %(town)s and file_id = %(file)s group by payment_id order by min(id)
"""

COLLECTIONS = """
select c.id, c.file_id, c.mandate_id, c.payer_id, c.debt, c.attempt, c.end_to_end_id, c.payment_id, c.day, c.cents,
       c.remittance,
       array(select array[s.wallet_id, s.cents] from debiting_collectionshare s
              where s.municipality_id = %(town)s and s.collection_id = c.id order by s.id) as shares,
       array(select o.kind from debiting_coming o
              where o.municipality_id = %(town)s and o.collection_id = c.id order by o.id) as known
  from debiting_collection c
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

DUE = """
select c.id from debiting_collection c
 where c.municipality_id = %(town)s and c.day <= %(day)s
   and not exists (
     select from debiting_coming o where o.municipality_id = %(town)s and o.collection_id = c.id)
 order by c.id limit %(limit)s
"""

RETURNS = """
select c.mandate_id, count(*) from debiting_mandate m
  join debiting_collection c on c.municipality_id = %(town)s and c.mandate_id = m.id
  join debiting_coming o on o.municipality_id = %(town)s and o.collection_id = c.id
   and o.kind in ('rejected', 'returned') and o.at >= m.confirmed_at
 where m.municipality_id = %(town)s and m.id = any(%(mandates)s::bigint[])
 group by c.mandate_id
"""

FILES = """
select f.id, f.message_id, f.period, f.made_at, min(c.day), max(c.day), count(*), sum(c.cents),
       count(*) filter (where o.kind = 'booked'), count(*) filter (where o.kind in ('rejected', 'returned'))
  from debiting_collectionfile f
  join debiting_collection c on c.municipality_id = %(town)s and c.file_id = f.id
  left join lateral (
    select kind from debiting_coming
     where municipality_id = %(town)s and collection_id = c.id order by id desc limit 1) o on true
 where f.municipality_id = %(town)s
 group by f.id, f.message_id, f.period, f.made_at order by f.id desc limit %(limit)s
"""
