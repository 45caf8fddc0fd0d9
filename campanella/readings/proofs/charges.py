"""What each child's days cost, reckoned again from marks, subscriptions and price lists."""

# What each presence has cost so far: what its transfers took from wallets, less what they gave back.
_CHARGED = """
with charged as (
  select substr(e.source, %(presence_key)s) as presence, bool_or(e.kind <> 'charge') as strange,
         min(e.day) as first, max(e.day) as day,
         array_agg(distinct w.child_id) as children, array_agg(distinct w.service_id) as services,
         array_agg(distinct case when d.kind = 'wallet' then c.code else d.code end) as revenues,
         sum(case when d.kind = 'wallet' then t.cents else -t.cents end)::bigint as cents
    from ledger_entry e
    join ledger_transfer t on t.municipality_id = e.municipality_id and t.entry_id = e.id
    join ledger_account d on d.municipality_id = e.municipality_id and d.id = t.debit_id
    join ledger_account c on c.municipality_id = e.municipality_id and c.id = t.credit_id
    left join ledger_wallet w on w.municipality_id = e.municipality_id
         and w.account_id = case when d.kind = 'wallet' then t.debit_id else t.credit_id end
   where e.municipality_id = %(town)s and e.source like 'presence:%%'
   group by e.source
), presence as (
  select p.*, p.id::text as number, r.confirmed_at, r.confirmed_by_id, s.code,
         'presence ' || p.id || ' (child ' || p.child_id || ', ' || s.code || ', ' || p.day || ')' as place
    from attendance_presence p
    join attendance_rollcall r on r.municipality_id = p.municipality_id and r.id = p.roll_call_id
    join services_service s on s.municipality_id = p.municipality_id and s.id = p.service_id
   where p.municipality_id = %(town)s
)
"""

# Numeric division and PostgreSQL's own rounding, away from zero at the half: not the arithmetic of those who charge.
_PRICED = "".join(
    (
        _CHARGED,
        """
, there as (
  select p.number, p.place, p.day, p.service_id, s.id as subscription_id, s.child_id,
         round(b.cents * (100 - s.reduction_percent) / 100.0)::bigint as price, t.service_id as priced_for, t.days as season
    from presence p
    left join enrolment_subscription s on s.municipality_id = %(town)s and s.child_id = p.child_id
          and s.service_id = p.service_id and s.days @> p.day
    left join services_bracket b on b.municipality_id = %(town)s and b.id = s.bracket_id
    left join services_tariff t on t.municipality_id = %(town)s and t.id = b.tariff_id
   where p.is_due and p.confirmed_at is not null
)
""",
    )
)

PROMISES: dict[str, tuple[str, str]] = {
    "a charge is of its own day, or written later, or once the numbers of its day were closed": (
        _CHARGED,
        """
        select 'entry ' || e.id || ' (' || e.source || ', ' || e.day || ')', sum(t.cents) from ledger_entry e
          left join ledger_transfer t on t.municipality_id = e.municipality_id and t.entry_id = e.id
          left join presence p on e.source like 'presence:%%' and p.number = substr(e.source, %(presence_key)s)
         where e.municipality_id = %(town)s and e.kind in ('charge', 'fee', 'stamp')
           and e.day > (e.at at time zone 'Europe/Rome')::date
           and (p.confirmed_at is null or p.confirmed_at > e.at or not exists (
                 select from attendance_rollcall r
                   join schools_classgroup g on g.municipality_id = r.municipality_id and g.id = r.class_group_id
                   join attendance_dayrule k on k.municipality_id = r.municipality_id and k.service_id = r.service_id
                    and k.school_id = g.school_id and k.days @> r.day
                  where r.municipality_id = %(town)s and r.id = p.roll_call_id
                    and e.day - k.cut_off_days_before <= (e.at at time zone 'Europe/Rome')::date))
         group by e.id, e.source, e.day""",
    ),
    "a charge of a presence has its presence, of that child, service and day": (
        _CHARGED,
        """
        select 'source presence:' || c.presence, c.cents from charged c left join presence p on p.number = c.presence
         where p.id is null or c.strange or c.day <> p.day or c.first <> p.day or c.children <> array[p.child_id]
            or c.revenues <> array[p.code]::varchar[] or not (array_remove(c.services, null) <@ array[p.service_id])""",
    ),
    "who is not to pay pays nothing": (
        _CHARGED,
        """
        select p.place, c.cents from presence p join charged c on c.presence = p.number
         where not p.is_due and p.confirmed_at is not null and c.cents <> 0""",
    ),
    "nobody pays before the roll-call is confirmed": (
        _CHARGED,
        """
        select p.place, c.cents from presence p join charged c on c.presence = p.number
         where p.confirmed_at is null and c.cents <> 0""",
    ),
    "who is present is subscribed on that day": (
        _PRICED,
        """
        select t.place, coalesce(c.cents, 0) from there t left join charged c on c.presence = t.number
         where t.subscription_id is null""",
    ),
    "who is present pays the price of the day": (
        _PRICED,
        """
        select t.place, coalesce(c.cents, 0) - t.price from there t left join charged c on c.presence = t.number
         where t.subscription_id is not null and coalesce(c.cents, 0) <> t.price
           and not (not t.season @> t.day and coalesce(c.cents, 0) = 0)""",
    ),
    "a price is of the service's own list, on a day on which the list holds": (
        _PRICED,
        """
        select 'subscription ' || t.subscription_id || ' (child ' || t.child_id || ', ' || min(t.day) || ')', sum(t.price)
          from there t left join charged c on c.presence = t.number
         where t.priced_for <> t.service_id or not t.season @> t.day and coalesce(c.cents, 0) <> 0
         group by t.subscription_id, t.child_id""",
    ),
    "a child has one wallet for everything, or one for each service": (
        "",
        """
        select 'wallet ' || own.id || ' (child ' || own.child_id || ')', own.balance_cents
          from ledger_wallet own
          join ledger_wallet common on common.municipality_id = own.municipality_id and common.child_id = own.child_id
           and common.service_id is null
         where own.municipality_id = %(town)s and own.service_id is not null""",
    ),
    "a charge is written by its roll-call or by an act, of that instant and author": (
        _CHARGED,
        """
        select 'entry ' || e.id || ', ' || p.place, t.cents from ledger_entry e
          join ledger_transfer t on t.municipality_id = e.municipality_id and t.entry_id = e.id
          join presence p on p.number = substr(e.source, %(presence_key)s)
         where e.municipality_id = %(town)s and e.kind = 'charge'
           and (e.at, coalesce(e.by_id, 0)) is distinct from (p.confirmed_at, coalesce(p.confirmed_by_id, 0))
           and not exists (
             select from core_auditrow a where a.municipality_id = e.municipality_id and a.at = e.at
                and coalesce(a.actor_id, 0) = coalesce(e.by_id, 0)
                and a.subjects && array['presence:' || p.id, 'child:' || p.child_id, 'town']::varchar[])""",
    ),
}
