"""What pagoPA has brought: each receipt once in the book, in the wallet it was paid for."""

_BOOKED = """
with booked as (
  select substr(e.source, %(receipt_key)s) as receipt_id, count(distinct e.id) as entries, min(e.at) as at,
         array(select distinct w from unnest(array_agg(wd.id) || array_agg(wc.id)) w where w is not null) as wallets,
         sum(case when c.kind = 'wallet' then t.cents when d.kind = 'wallet' then -t.cents end)::bigint as cents
    from ledger_entry e
    join ledger_transfer t on t.municipality_id = e.municipality_id and t.entry_id = e.id
    join ledger_account d on d.municipality_id = e.municipality_id and d.id = t.debit_id
    join ledger_account c on c.municipality_id = e.municipality_id and c.id = t.credit_id
    left join ledger_wallet wd on wd.municipality_id = e.municipality_id and wd.account_id = t.debit_id
    left join ledger_wallet wc on wc.municipality_id = e.municipality_id and wc.account_id = t.credit_id
   where e.municipality_id = %(town)s and e.source like 'receipt:%%'
   group by e.source
), receipt as (
  select *, least(amount_cents, amount_cents - others_cents) as share from payments_receipt where municipality_id = %(town)s
)
"""

PROMISES: dict[str, tuple[str, str]] = {
    "a booked receipt is in the book once, with its amount": (
        _BOOKED,
        """
        select 'receipt ' || r.receipt_id, coalesce(b.cents, 0) - r.share
          from receipt r left join booked b on b.receipt_id = r.receipt_id
         where r.outcome = 'booked' and (
              coalesce(b.entries, 0) <> greatest(cardinality(b.wallets), 1) or b.cents <> r.share)""",
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
           and (coalesce(b.entries, 0) <> greatest(cardinality(b.wallets), 1) or b.cents <> r.share
                -- In more than one wallet only where its own notice asks for several.
                or cardinality(b.wallets) > 1 and exists (
                     select from unnest(b.wallets) x(w) where not exists (
                       select from payments_positionshare h
                         join payments_paymentrequest q on q.municipality_id = h.municipality_id and q.id = h.request_id
                        where h.municipality_id = r.municipality_id and h.wallet_id = x.w
                          and q.notice_number = r.notice_number)))""",
    ),
    "a credit of a receipt has its receipt": (
        _BOOKED,
        """
        select 'source receipt:' || b.receipt_id, b.cents from booked b
         where not exists (select 1 from receipt r where r.receipt_id = b.receipt_id)""",
    ),
    "a booked receipt pays its own position, into the wallet of the position": (
        _BOOKED,
        """
        select 'receipt ' || r.receipt_id, r.share from receipt r
          left join payments_paymentrequest q on q.municipality_id = r.municipality_id and q.id = r.request_id
          left join booked b on b.receipt_id = r.receipt_id
         cross join lateral (
           select array(select x.w from unnest(b.wallets) x(w) order by x.w) as paid,
                  coalesce((select array_agg(h.wallet_id order by h.wallet_id) from payments_positionshare h
                             where h.municipality_id = q.municipality_id and h.request_id = q.id),
                           array[q.wallet_id]) as asked) s
         where r.outcome = 'booked'
           and (q.id is null or q.state <> 'paid' or q.notice_number <> r.notice_number
                -- A debt of which a part was settled otherwise asks for less, maybe of some of its wallets alone.
                or b.receipt_id is not null and s.paid <> s.asked
                   and not (s.paid <@ s.asked and q.asked_by is not null and r.share < q.amount_cents))""",
    ),
    "a paid position has its receipt": (
        _BOOKED,
        """
        select 'position ' || q.id || ' (child ' || q.child_id || ')', q.amount_cents from payments_paymentrequest q
         where q.municipality_id = %(town)s and q.state = 'paid' and not exists (
           select 1 from receipt r join booked b on b.receipt_id = r.receipt_id
            where r.request_id = q.id and b.at = q.settled_at)""",
    ),
    "a receipt came in a message that is kept as it came": (
        "",
        """
        select 'receipt ' || r.receipt_id, r.amount_cents from payments_receipt r
         where r.municipality_id = %(town)s and not exists (
           select 1 from payments_inboundmessage m where m.id = r.message_id and m.municipality_id = r.municipality_id
              and m.sha256 = encode(sha256(m.body), 'hex') and m.received_at <= r.kept_at)""",
    ),
}
