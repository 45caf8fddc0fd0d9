"""What invoices say, held against the book: every line was charged, nothing is billed twice, numbers have no gap."""

# Of invoices that count: neither they nor their run were called back.
_LIVING = """
with living as (
  select v.*, r.service_id, r.first, r.last from billing_invoice v
    join billing_run r on r.municipality_id = v.municipality_id and r.id = v.run_id
   where v.municipality_id = %(town)s and r.state <> 'recalled' and not exists (
     select from billing_creditnote n where n.municipality_id = v.municipality_id and n.invoice_id = v.id)
), line as (
  select l.source, l.day, l.cents, h.wallet_id, h.invoice_id, v.last from living v
    join billing_share h on h.municipality_id = v.municipality_id and h.invoice_id = v.id
    join billing_line l on l.municipality_id = h.municipality_id and l.share_id = h.id
), charged as (
  select e.source, min(e.day) as day, min(coalesce(d.id, c.id)) as wallet_id,
         sum(case when d.id is null then -t.cents else t.cents end)::bigint as cents,
         array_agg(case when d.id is null then -t.cents else t.cents end order by e.revision) as steps
    from ledger_entry e
    join ledger_transfer t on t.municipality_id = e.municipality_id and t.entry_id = e.id
    left join ledger_wallet d on d.municipality_id = e.municipality_id and d.account_id = t.debit_id
    left join ledger_wallet c on c.municipality_id = e.municipality_id and c.account_id = t.credit_id
   where e.municipality_id = %(town)s and e.kind in ('charge', 'fee', 'stamp') and coalesce(d.id, c.id) is not null
     and exists (select from billing_line l where l.municipality_id = e.municipality_id and l.source = e.source)
   group by e.source
)
"""

PROMISES: dict[str, tuple[str, str]] = {
    "an invoice is the sum of its shares, and a share of its lines": (
        "",
        """
        select 'invoice ' || v.id, v.total_cents - coalesce(sum(h.due_cents), 0) from billing_invoice v
          left join billing_share h on h.municipality_id = v.municipality_id and h.invoice_id = v.id
         where v.municipality_id = %(town)s group by v.id, v.total_cents
        having v.total_cents <> coalesce(sum(h.due_cents), 0)
        union all
        select 'share ' || h.id, h.lines_cents - coalesce(sum(l.cents), 0) from billing_share h
          left join billing_line l on l.municipality_id = h.municipality_id and l.share_id = h.id
         where h.municipality_id = %(town)s group by h.id, h.lines_cents
        having h.lines_cents <> coalesce(sum(l.cents), 0)""",
    ),
    # The book may have gone on since (a day given back waits for the next invoice): what was billed is where it stood then.
    "what is billed of a day was charged to the same wallet for it": (
        _LIVING,
        """
        select 'source ' || b.source, b.cents - coalesce(c.cents, 0)
          from (select source, wallet_id, min(day) as day, sum(cents)::bigint as cents
                  from line group by source, wallet_id) b
          left join charged c on c.source = b.source and c.wallet_id = b.wallet_id and c.day = b.day
         where c.source is null or b.cents not in (
           select sum(s.cents) over (order by s.place) from unnest(c.steps) with ordinality as s(cents, place))""",
    ),
    "an invoice bills no day after its month": (
        _LIVING,
        "select 'source ' || source || ' on invoice ' || invoice_id, cents from line where day > last",
    ),
    "the numbers of invoices have no gap, nor those of credit notes": (
        "",
        """
        select 'series ' || series || '/' || year || ', ' || max(number) || ' numbers', max(number) - count(*)
          from billing_issue where municipality_id = %(town)s group by series, year
        having max(number) <> count(*) or min(number) <> 1
        union all
        select 'series ' || series || '/' || year || ', ' || max(number) || ' numbers', max(number) - count(*)
          from billing_creditnote where municipality_id = %(town)s group by series, year
        having max(number) <> count(*) or min(number) <> 1""",
    ),
    "numbers follow the days": (
        "",
        """
        select 'invoice ' || invoice_id || ' (' || series || '/' || year || '/' || number || ')', 0 from (
          select *, max(issued_on) over (partition by series, year order by number) as latest
            from billing_issue where municipality_id = %(town)s) i where issued_on < latest""",
    ),
    "a payment that names an invoice is in the book, in a wallet of the invoice": (
        "",
        """
        select 'invoice ' || p.invoice_id || ' (' || p.source || ')', 0 from billing_invoicepayment p
         where p.municipality_id = %(town)s and not exists (
           select from ledger_entry e
             join ledger_transfer t on t.municipality_id = e.municipality_id and t.entry_id = e.id
             left join ledger_wallet d on d.municipality_id = e.municipality_id and d.account_id = t.debit_id
             left join ledger_wallet c on c.municipality_id = e.municipality_id and c.account_id = t.credit_id
            where e.municipality_id = p.municipality_id and e.source = p.source and e.kind not in ('charge', 'fee', 'stamp')
              and exists (
                select from billing_share h where h.municipality_id = p.municipality_id and h.invoice_id = p.invoice_id
                   and h.wallet_id in (d.id, c.id)))""",
    ),
    "a run that is over has issued every invoice, and a position asks for no more than its invoice": (
        "",
        """
        select 'run ' || r.id, r.invoices - count(i.id) from billing_run r
          join billing_invoice v on v.municipality_id = r.municipality_id and v.run_id = r.id
          left join billing_issue i on i.municipality_id = v.municipality_id and i.invoice_id = v.id
         where r.municipality_id = %(town)s and r.state = 'issued' group by r.id, r.invoices having r.invoices <> count(i.id)
        union all
        select 'position ' || q.id, q.amount_cents - v.total_cents from billing_invoiceposition p
          join billing_invoice v on v.municipality_id = p.municipality_id and v.id = p.invoice_id
          join payments_paymentrequest q on q.municipality_id = p.municipality_id and q.id = p.request_id
         where p.municipality_id = %(town)s and q.amount_cents > v.total_cents""",
    ),
    "a joint notice asks for the sum of its parts, each no more than its invoice, all of one payer": (
        "",
        """
        select 'position ' || q.id, q.amount_cents - sum(j.cents) from billing_jointpart j
          join billing_invoice v on v.municipality_id = j.municipality_id and v.id = j.invoice_id
          join payments_paymentrequest q on q.municipality_id = j.municipality_id and q.id = j.request_id
         where j.municipality_id = %(town)s group by q.id, q.amount_cents, q.payer_id
        having q.amount_cents <> sum(j.cents) or bool_or(j.cents > v.total_cents)
            or bool_or(v.payer_id is distinct from q.payer_id)""",
    ),
    "what the money of a joint notice has paid of its invoices is what it has brought to each wallet": (
        "",
        """
        select 'money ' || j.source || ', wallet ' || j.wallet_id, sum(j.cents) - coalesce(min(b.cents), 0)
          from billing_jointpayment j
          left join lateral (
            select sum(t.cents)::bigint as cents from ledger_wallet w
              join ledger_entry e on e.municipality_id = %(town)s and e.source = j.source
              join ledger_transfer t on t.municipality_id = %(town)s and t.entry_id = e.id and t.credit_id = w.account_id
             where w.municipality_id = %(town)s and w.id = j.wallet_id) b on true
         where j.municipality_id = %(town)s group by j.source, j.wallet_id
        having sum(j.cents) <> coalesce(min(b.cents), 0)""",
    ),
}
