"""What each child owes of the town's fees, reckoned again from subscriptions, instalments and prices."""

_OWED = """
with charged as (
  select e.source, e.day, e.at, e.by_id, e.id, w.child_id, w.service_id, w.id as wallet_id,
         case when d.kind = 'wallet' then c.code else d.code end as code,
         case when d.kind = 'wallet' then t.cents else -t.cents end as cents
    from ledger_entry e
    join ledger_transfer t on t.municipality_id = e.municipality_id and t.entry_id = e.id
    join ledger_account d on d.municipality_id = e.municipality_id and d.id = t.debit_id
    join ledger_account c on c.municipality_id = e.municipality_id and c.id = t.credit_id
    left join ledger_wallet w on w.municipality_id = e.municipality_id
         and w.account_id = case when d.kind = 'wallet' then t.debit_id else t.credit_id end
   where e.municipality_id = %(town)s and e.kind = 'fee'
), owed as (
  select o.*, 'fee:' || o.id as source, s.code, f.edges, f.level, f.confirmed_at, f.withdrawn_at, i.charged_on,
         i.last - i.first + 1 as length,
         i.first + case when i.last - i.first + 1 <= 31 then 15 else (i.last - i.first + 2) / 2 end as second_half,
         (select count(*) from billing_instalment n
           where n.municipality_id = o.municipality_id and n.fee_id = o.fee_id) as parts,
         'fee ' || o.fee_id || ', instalment ' || o.number || ' (child ' || o.child_id || ')' as place
    from billing_feedue o
    join billing_fee f on f.municipality_id = o.municipality_id and f.id = o.fee_id
    join billing_instalment i on i.municipality_id = o.municipality_id and i.fee_id = o.fee_id and i.number = o.number
    join services_service s on s.municipality_id = o.municipality_id and s.id = o.service_id
   where o.municipality_id = %(town)s
)
"""

# PostgreSQL's own division and rounding, away from zero at the half: not the arithmetic of those who charge.
_PLANNED = "".join(
    (
        _OWED,
        """
, used as (
  select o.id, sum(upper(s.days * o.days) - lower(s.days * o.days))::int as days,
         min(lower(s.days * o.days)) as begins, max(upper(s.days * o.days)) - 1 as ends,
         (array_agg(s.bracket_id order by s.days))[1] as bracket_id,
         (array_agg(s.reduction_percent order by s.days))[1] as percent
    from owed o
    join enrolment_subscription s on s.municipality_id = %(town)s and s.child_id = o.child_id
     and s.service_id = o.service_id and s.days && o.days
   group by o.id
), priced as (
  select o.*, u.days as used, u.begins, u.ends,
         case o.every when 'year' then p.price / o.parts + (o.number <= mod(p.price, o.parts))::int
                      else p.price end as whole
    from owed o
    left join used u on u.id = o.id
    left join unnest(%(share_dues)s::bigint[], %(share_cents)s::bigint[]) as h(due_id, cents) on h.due_id = o.id
    left join lateral (
      select round(h.cents * (100 - u.percent) / 100.0)::bigint as price where h.due_id is not null
       union all
      -- Of a price that a tariff has reckoned: its own, that of the band it is called by, or that of all others.
      (select round(f.cents * (100 - u.percent) / 100.0)::bigint as price
        from services_bracket k
        join services_tariff t on t.municipality_id = %(town)s and t.id = k.tariff_id
        join services_bracket b on b.municipality_id = %(town)s and b.tariff_id = k.tariff_id
        join billing_feeprice f on f.municipality_id = %(town)s and f.fee_id = o.fee_id and f.bracket_id = b.id
       where k.municipality_id = %(town)s and k.id = u.bracket_id and h.due_id is null
         and (b.id = k.id or t.scheme <> '' and k.code <> '0' and (b.code = '0' or
              not b.is_reckoned and starts_with(k.name || ', ', b.name || ', ')))
       order by b.id = k.id desc, b.code = '0', length(b.name) desc limit 1)) p on true
), planned as (
  select p.*, coalesce(case
           when used = length or edges = 'whole' then whole
           when edges = 'days' then round(whole * used / length::numeric)
           when begins >= second_half or ends < second_half then round(whole / 2.0)
           else whole end, 0)::bigint
         * (level = '' or exists (
             select from schools_membership m
               join schools_classgroup g on g.municipality_id = m.municipality_id and g.id = m.class_group_id
               join schools_school h on h.municipality_id = g.municipality_id and h.id = g.school_id
              where m.municipality_id = %(town)s and m.child_id = p.child_id and m.days @> begins
                and h.level = p.level))::int
         as asked
    from priced p
)
""",
    )
)

PROMISES: dict[str, tuple[str, str]] = {
    "a charge of a fee is of who owes it, for its service, of the day of its instalment": (
        _OWED,
        """
        select 'entry ' || c.id || ' (' || c.source || ')', c.cents from charged c left join owed o on o.source = c.source
         where o.id is null or c.child_id is distinct from o.child_id or c.code <> o.code or c.day <> o.charged_on
            or c.service_id <> o.service_id""",
    ),
    "what was charged of a fee is what is owed of it": (
        _OWED,
        """
        select o.place, coalesce(c.cents, 0) - o.cents from owed o
          left join (select source, sum(cents) as cents from charged group by source) c on c.source = o.source
         where coalesce(c.cents, 0) <> o.cents""",
    ),
    "what is owed of a fee is what the town has decided, once for the same days": (
        _PLANNED,
        """
        select p.place, p.cents - p.asked from planned p
         where p.cents <> case when p.confirmed_at is null or p.withdrawn_at is not null then 0 else p.asked end
           and not (p.cents = 0 and exists (
             select from owed q where q.child_id = p.child_id and q.service_id = p.service_id and q.every = p.every
                and q.fee_id <> p.fee_id and q.cents > 0 and q.days && p.days))""",
    ),
    "nobody owes two fees of a kind for the same days": (
        _OWED,
        """
        select o.place, o.cents from owed o where o.cents > 0 and exists (
          select from owed q where q.id < o.id and q.child_id = o.child_id and q.service_id = o.service_id
             and q.every = o.every and q.cents > 0 and q.days && o.days)""",
    ),
    "a fee is charged by an act, of that instant and author": (
        _OWED,
        """
        select 'entry ' || c.id || ', ' || o.place, c.cents from charged c join owed o on o.source = c.source
         where not exists (
           select from core_auditrow a where a.municipality_id = %(town)s and a.action = 'fee.charged' and a.at = c.at
              and coalesce(a.actor_id, 0) = coalesce(c.by_id, 0) and a.subjects = array['fee:' || o.fee_id]::varchar[])""",
    ),
}
