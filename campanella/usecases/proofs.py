"""
The auditor across domains: money against what happened in class and what pagoPA brought.

``ledger/verify.py`` proves the book against itself; these promises need presences and receipts too. Own SQL, sharing
nothing with the charging and the booking.
"""

from campanella.domains.ledger.verify import Violation
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id


def violations() -> list[Violation]:
    """Return every promise broken between the active town's book and its facts; an empty list is a clean book."""
    with sql.reading_everything():
        return [
            Violation(promise, str(row), int(cents or 0))
            for promise, (common, query) in PROMISES.items()
            for row, cents in sql.rows(common + query, {"town": active_town_id()})
        ]


# What each presence has cost so far: what its transfers took from wallets, less what they gave back.
_CHARGED = """
with charged as (
  select substr(e.source, 10) as presence, bool_or(e.kind <> 'charge') as strange, max(e.day) as day,
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
  select p.*, p.id::text as number, r.confirmed_at, s.code from attendance_presence p
    join attendance_rollcall r on r.municipality_id = p.municipality_id and r.id = p.roll_call_id
    join services_service s on s.municipality_id = p.municipality_id and s.id = p.service_id
   where p.municipality_id = %(town)s
)
"""

_BOOKED = """
with booked as (
  select substr(e.source, 9) as receipt_id, count(distinct e.id) as entries,
         sum(case when c.kind = 'wallet' then t.cents when d.kind = 'wallet' then -t.cents end)::bigint as cents
    from ledger_entry e
    join ledger_transfer t on t.municipality_id = e.municipality_id and t.entry_id = e.id
    join ledger_account d on d.municipality_id = e.municipality_id and d.id = t.debit_id
    join ledger_account c on c.municipality_id = e.municipality_id and c.id = t.credit_id
   where e.municipality_id = %(town)s and e.source like 'receipt:%%'
   group by e.source
), receipt as (
  select *, least(amount_cents, amount_cents - others_cents) as share from payments_receipt where municipality_id = %(town)s
)
"""

PROMISES: dict[str, tuple[str, str]] = {
    "a charge of a presence has its presence, of that child, service and day": (
        _CHARGED,
        """
        select 'source presence:' || c.presence, c.cents from charged c left join presence p on p.number = c.presence
         where p.id is null or c.strange or c.day <> p.day or c.children <> array[p.child_id]
            or c.revenues <> array[p.code]::varchar[] or not (array_remove(c.services, null) <@ array[p.service_id])""",
    ),
    "who is absent, or not confirmed, pays nothing": (
        _CHARGED,
        """
        select 'presence ' || p.id, c.cents from presence p join charged c on c.presence = p.number
         where (not p.is_present or p.confirmed_at is null) and c.cents <> 0""",
    ),
    "who is present pays the price of the day": (
        _CHARGED,
        """
        , priced as (
          select p.id, p.number, case when s.id is null then 0
                 else floor((2.0 * b.cents * (100 - s.reduction_percent) + 100) / 200)::bigint end as price
            from presence p
            left join enrolment_subscription s on s.municipality_id = %(town)s and s.child_id = p.child_id
                  and s.service_id = p.service_id and s.days @> p.day
            left join services_bracket b on b.municipality_id = %(town)s and b.id = s.bracket_id
           where p.is_present and p.confirmed_at is not null
        )
        select 'presence ' || p.id, coalesce(c.cents, 0) - p.price from priced p left join charged c on c.presence = p.number
         where coalesce(c.cents, 0) <> p.price""",
    ),
    "a booked receipt is in the book once, with its amount": (
        _BOOKED,
        """
        select 'receipt ' || r.receipt_id, coalesce(b.cents, 0) - r.share
          from receipt r left join booked b on b.receipt_id = r.receipt_id
         where r.outcome = 'booked' and (b.entries is distinct from 1 or b.cents <> r.share)""",
    ),
    "a receipt that waits is not in the book": (
        _BOOKED,
        """
        select 'receipt ' || r.receipt_id, b.cents from receipt r join booked b on b.receipt_id = r.receipt_id
         where r.outcome = '' or (r.outcome = 'parked' and r.resolved_at is null)""",
    ),
    "a receipt the office has closed is not in the book": (
        _BOOKED,
        """
        select 'receipt ' || r.receipt_id, b.cents from receipt r join booked b on b.receipt_id = r.receipt_id
         where r.outcome = 'closed'""",
    ),
    "a receipt the office has placed is in the book with its amount": (
        _BOOKED,
        """
        select 'receipt ' || r.receipt_id, coalesce(b.cents, 0) - r.share
          from receipt r left join booked b on b.receipt_id = r.receipt_id
         where r.outcome = 'parked' and r.resolved_at is not null
           and (b.entries is distinct from 1 or b.cents <> r.share)""",
    ),
    "a credit of a receipt has its receipt": (
        _BOOKED,
        """
        select 'source receipt:' || b.receipt_id, b.cents from booked b
         where not exists (select 1 from receipt r where r.receipt_id = b.receipt_id)""",
    ),
}
