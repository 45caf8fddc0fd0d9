"""
A year of these children's wallets, out of the book: what came in from outside and how, what was used, moved and given back.

The day that counts is the day of payment: of a receipt the instant at which it was paid, of a direct debit that came back
the day on which it was collected (it was never paid), of a refund the day on which the bank paid it, of all else the day of
the entry. A refund that came back was never paid, a top-up undone at its counter neither: both movements are left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from campanella.domains.certifying.rules import Back, Paid, Passage, Payer
from campanella.domains.ledger.rules import FACTS, Source
from campanella.domains.payments.rules import METHODS
from campanella.foundation.core import clock, sql
from campanella.foundation.core.scope import active_town_id

# How money comes in, by the account that it clears through: in words, and whether it leaves a trace (L. 160/2019, c. 679).
# An account that nobody has described here leaves none.
_MEANS = {
    "sdd": ("addebito diretto SEPA", True),
    "sepa": ("addebito diretto SEPA", True),
    "bank": ("bonifico", True),
    "card": ("carta allo sportello", True),
    "cash": ("contanti", False),
}
_CASH = "contanti"
# How the reference of a refund begins, and that of its coming back; that of a top-up at a counter, and of its undoing.
_REFUND = f"{FACTS['refund']}:"
_RECEIPT = "CP-"
_CASHED = f"{FACTS['cash']}:"
_PRESENCE = f"{FACTS['charge']}:"


@dataclass
class WalletYear:
    """
    What one wallet did in a year, in cents; opening, paid, used, refunded and other make the closing.

    :ivar used: by the service's code, charges less what was given back
    :ivar other: adjustments, passages and balances of the former software, in (positive) and out
    """

    wallet_id: int
    child_id: int
    service_id: int | None
    opening: int = 0
    paid: int = 0
    refunded: int = 0
    other: int = 0
    used: dict[str, int] = field(default_factory=dict)

    @property
    def closing(self) -> int:
        """What it held on the evening of the last day."""
        return self.opening + self.paid - sum(self.used.values()) - self.refunded + self.other


@dataclass(frozen=True)
class Money:
    """
    A year of some children's wallets; ``payer`` of a payment has no tax code where nobody knows it.

    :ivar before: passages of earlier years, where there are any in this one
    """

    wallets: dict[int, WalletYear]
    paid: list[Paid]
    passages: list[Passage]
    back: list[Back]
    before: list[Passage] = field(default_factory=list)


def means_of(*, account: str, method: str) -> tuple[str, bool]:
    """
    Say how money came in, and whether it leaves a trace.

    :param account: the code of the account it clears through
    :param method: of the receipt, as pagoPA names it
    """
    if account != "pagopa":
        return _MEANS.get(account, ("mezzo non indicato", False))
    word = METHODS.get(method, method)
    if word == _CASH:
        return "contanti presso un esercente", False
    return (f"pagoPA ({word})" if word else "pagoPA"), True


class Moved(NamedTuple):
    """One movement that is no charge; the other wallet and its child only where credit was moved."""

    wallet_id: int
    child_id: int
    other_id: int | None
    other_child_id: int | None
    kind: str
    cents: int
    day: date
    account: str
    method: str
    payer_tax_code: str
    payer_name: str
    reference: str

    @property
    def payer(self) -> Payer:
        """Who paid."""
        return Payer(self.payer_tax_code.upper(), self.payer_name)

    @property
    def debited(self) -> Payer | None:
        """Whose debit came back, None for any other money that left."""
        return self.payer if self.reference and not self.reference.startswith(_REFUND) else None

    @property
    def paid(self) -> Paid:
        """The payment, when it is one."""
        means, is_traceable = means_of(account=self.account, method=self.method)
        return Paid(self.wallet_id, self.payer, means, is_traceable, self.cents, self.day, self.reference)


def money_of(*, child_ids: Sequence[int], first: date, last: date) -> Money:
    """
    Return what moved these children's wallets between two days, both included: two queries.

    Where credit was moved between them and others, what those paid is returned as well, one more query for each
    step, and one for what was moved in earlier years.
    """
    values = {**_values(), "first": first, "last": last}
    wanted = set(child_ids)
    lines = _lines(wanted, values)
    while others := {row.other_child_id for row in lines if row.other_child_id} - wanted:
        wanted |= others
        lines = _lines(wanted, values)
    found = Money({}, [], [], [])
    for wallet_id, child_id, service_id, kind, code, before, cents in sql.rows(
        _SUMS, {**values, "children": list(child_ids)}
    ):
        year = found.wallets.setdefault(wallet_id, WalletYear(wallet_id, child_id, service_id))
        year.opening += before
        _add(year, kind, code, cents)
    day = first
    for row in _without_what_went_back(lines, _REFUND, _RECEIPT):
        # Whatever day an entry bears, it comes after those that were written before it.
        day = max(day, row.day)
        _sort_out(found, row, day)
    if found.passages:
        for row in _lines(wanted, {**values, "first": clock.FIRST_DAY, "last": first - timedelta(days=1)}):
            if row.other_id is not None and row.cents < 0:
                found.before.append(Passage(row.wallet_id, row.other_id, -row.cents, row.day))
    return found


def moved_until(*, child_ids: Sequence[int], last: date) -> list[Moved]:
    """Return everything but charges that moved these children's wallets until a day, in the order of the book: one query."""
    lines = _lines(set(child_ids), {**_values(), "first": clock.FIRST_DAY, "last": last})
    return _without_what_went_back(lines, _RECEIPT)


@dataclass(frozen=True, slots=True)
class MonthUse:
    """What a wallet paid for one service in one month: cents less what was given back, and on how many days."""

    wallet_id: int
    child_id: int
    code: str
    month: date
    cents: int
    days: int


def used_by_month(*, child_ids: Sequence[int], last: date) -> list[MonthUse]:
    """Return what these children's wallets paid for each service by month of attendance, until a day: one query."""
    return [MonthUse(*row) for row in sql.rows(_MONTHS, {**_values(), "children": list(child_ids), "last": last})]


def years_paid(*, child_ids: Sequence[int]) -> set[tuple[int, int]]:
    """Return in which calendar years something was paid for which of these children, as (child, year): one query."""
    values = {**_values(), "children": list(child_ids)}
    return {(child_id, year) for child_id, year in sql.rows(_YEARS, values)}


def years_at_nursery(*, child_ids: Sequence[int]) -> set[tuple[int, int]]:
    """Return in which calendar years which of these children were charged for a nursery, as (child, year): one query."""
    values = {**_values(), "children": list(child_ids)}
    return {(child_id, year) for child_id, year in sql.rows(_AT_NURSERY, values)}


def _values() -> dict[str, object]:
    facts = {"collection": FACTS["collection"], "returned": FACTS["returned"]}
    begins = {"refund": _REFUND, "cashed": _CASHED, "presence": _PRESENCE}
    return {"town": active_town_id(), "key": Source.key_at("top_up"), **begins, **facts}


def _lines(child_ids: set[int], values: dict[str, object]) -> list[Moved]:
    return [Moved(*row) for row in sql.rows(_LINES, {**values, "children": sorted(child_ids)})]


def _without_what_went_back(lines: Sequence[Moved], *begins: str) -> list[Moved]:
    """Leave out what has gone and come back under one reference: it is as if it had never been."""
    sums: dict[str, int] = {}
    for row in lines:
        if row.reference.startswith(begins):
            sums[row.reference] = sums.get(row.reference, 0) + row.cents
    return [row for row in lines if sums.get(row.reference, 1)]


def _add(year: WalletYear, kind: str, code: str, cents: int) -> None:
    if kind == "used":
        year.used[code] = year.used.get(code, 0) - cents
    elif kind == "in":
        year.paid += cents
    elif kind == "out":
        year.refunded -= cents
    else:
        year.other += cents


def _sort_out(found: Money, row: Moved, day: date) -> None:
    if row.kind == "in":
        found.paid.append(row.paid)
    elif row.kind == "out":
        found.back.append(Back(row.wallet_id, -row.cents, day, row.debited))
    elif row.other_id is not None and row.cents < 0:
        # A passage is told by both its wallets: once, by the one that gives.
        found.passages.append(Passage(row.wallet_id, row.other_id, -row.cents, day))


# Every movement of these wallets with its day, and the account on the other side. "offset 0" keeps the look-ups what they
# are, each one by its id: a planner that expects a few movements would read all accounts, or all receipts, of the town again
# for every one of them.
_MOVED = """
with moved as (
  select w.id as wallet_id, w.child_id, w.service_id, t.entry_id, t.other_id, t.cents
    from ledger_wallet w
   cross join lateral (
     select entry_id, credit_id as other_id, -cents as cents from ledger_transfer
      where municipality_id = w.municipality_id and debit_id = w.account_id
     union all
     select entry_id, debit_id, cents from ledger_transfer
      where municipality_id = w.municipality_id and credit_id = w.account_id) t
   where w.municipality_id = %(town)s and w.child_id = any(%(children)s)
), dated as (
  select m.*, o.code as other_code, e.source, e.kind as entry_kind, r.id as receipt_pk,
         case when e.kind in ('charge', 'fee') then 'used'
              when e.kind in ('refund', 'sent_back') then 'out'
              when e.kind = 'cash_void' then 'in'
              when o.kind in ('clearing', 'treasury') then case when m.cents > 0 then 'in' else 'out' end
              when o.kind = 'wallet' then 'moved' else 'other' end as kind,
         case when r.id is not null then (coalesce(r.paid_at, r.kept_at) at time zone 'Europe/Rome')::date
              when e.kind = 'cash_void' then coalesce((
                select f.day from ledger_entry f where f.municipality_id = %(town)s and f.revision = 0
                   and f.source = %(cashed)s || split_part(e.source, ':', 2)), e.day)
              when e.kind = 'returned' then coalesce((
                select f.day from ledger_entry f where f.municipality_id = %(town)s and f.revision = 0
                   and f.source = overlay(e.source placing %(collection)s from 1 for length(%(returned)s))), e.day)
              when e.kind in ('refund', 'sent_back') then coalesce((
                select c.day from adjusting_refundorder q
                  join adjusting_refundcoming c on c.municipality_id = %(town)s and c.order_id = q.id and c.kind = 'executed'
                 where q.municipality_id = %(town)s and q.proposal_id = split_part(e.source, ':', 2)::bigint), (
                select f.day from ledger_entry f where f.municipality_id = %(town)s and f.revision = 0
                   and f.source = %(refund)s || split_part(e.source, ':', 2)), e.day)
              else e.day end as day
    from moved m
   cross join lateral (
      select source, kind, day from ledger_entry where municipality_id = %(town)s and id = m.entry_id offset 0) e
   cross join lateral (
      select kind, code from ledger_account where municipality_id = %(town)s and id = m.other_id offset 0) o
    left join lateral (
      select id, paid_at, kept_at from payments_receipt
       where e.kind = 'top_up' and municipality_id = %(town)s and receipt_id = substr(e.source, %(key)s) offset 0) r on true
)
"""

_SUMS = (
    _MOVED
    + """
select wallet_id, child_id, service_id, kind, case when kind = 'used' then other_code else '' end,
       coalesce(sum(cents) filter (where day < %(first)s), 0)::bigint,
       coalesce(sum(cents) filter (where day >= %(first)s), 0)::bigint
  from dated where day <= %(last)s group by 1, 2, 3, 4, 5 order by 1, 4, 5
"""
)

# Whoever the receipt does not name is the one whom the notice was for, else who is billed for the child. A direct debit is
# of the holder of its account, and where its code is not known of who was asked: not of who pays for the child today.
_LINES = (
    _MOVED  # noqa: S608  # written above
    + """
select d.wallet_id, d.child_id, ow.id, ow.child_id, d.kind, d.cents, d.day, d.other_code, coalesce(r.method, ''),
       coalesce(nullif(r.payer_tax_code, ''), nullif(nullif(p.debtor_tax_code, ''), 'ANONIMO'), k.tax_code, g.tax_code, ''),
       coalesce(case when r.payer_tax_code <> '' then nullif(r.payer_name, '') end,
                case when p.debtor_tax_code not in ('', 'ANONIMO') then nullif(p.debtor_name, '') end,
                k.name, g.given_name || ' ' || g.family_name, r.payer_name, ''),
       coalesce(r.receipt_id, case when d.entry_kind in ('collection', 'returned') then split_part(d.source, ':', 2)
                                   when d.entry_kind in ('cash', 'cash_void') then (
                                     select concat('CP-', lpad(p.number::text, greatest(2, length(p.number::text)), '0'),
                                                   '-', lpad(x.number::text, greatest(6, length(x.number::text)), '0'))
                                       from cash_cashtopup x
                                       join cash_cashpoint p on p.municipality_id = %(town)s and p.id = x.point_id
                                      where x.municipality_id = %(town)s and x.id = split_part(d.source, ':', 2)::bigint)
                                   when d.entry_kind in ('refund', 'sent_back')
                                   then %(refund)s || split_part(d.source, ':', 2) end, '')
  from dated d
  left join ledger_wallet ow on ow.municipality_id = %(town)s and ow.account_id = d.other_id
  left join payments_receipt r on r.municipality_id = %(town)s and r.id = d.receipt_pk
  left join payments_paymentrequest p on p.municipality_id = %(town)s and p.id = r.request_id
  left join lateral (
    select case when h.is_known then a.holder_tax_code else asked.tax_code end as tax_code,
           case when h.is_known then c.holder_name else asked.given_name || ' ' || asked.family_name end as name
      from debiting_collection c
      join debiting_mandate a on a.municipality_id = %(town)s and a.id = c.mandate_id
      join people_guardian asked on asked.municipality_id = %(town)s and asked.id = c.payer_id
     cross join lateral (select a.holder_tax_code <> '' and a.holder_name = c.holder_name as is_known) h
     where d.entry_kind in ('collection', 'returned') and c.municipality_id = %(town)s
       and c.end_to_end_id = split_part(d.source, ':', 2) offset 0) k on true
  left join people_guardianship s on s.municipality_id = %(town)s and s.child_id = d.child_id and s.is_payer
  left join people_guardian g on g.municipality_id = %(town)s and g.id = s.guardian_id
 where d.kind <> 'used' and d.day between %(first)s and %(last)s
 order by d.entry_id
"""
)

_YEARS = (
    _MOVED
    + """
select child_id, extract(year from day)::int as year from dated where kind = 'in'
 group by 1, 2 having sum(cents) > 0
"""
)

_AT_NURSERY = (
    _MOVED  # noqa: S608  # written above
    + """
select distinct child_id, extract(year from day)::int from dated
 where kind = 'used' and other_code in (
   select code from services_service where municipality_id = %(town)s and kind = 'nursery')
"""
)

# A fee is of the month that its instalment is for, whenever it was charged; a day is one on which the child was there.
_MONTHS = (
    _MOVED  # noqa: S608  # written above
    + """
select wallet_id, child_id, other_code, month, sum(cents)::bigint,
       (count(*) filter (where cents > 0 and source ^@ %(presence)s))::int
  from (select d.wallet_id, d.child_id, d.other_code, date_trunc('month', coalesce(i.first, d.day))::date as month, d.source,
               -sum(d.cents) as cents
          from dated d
          left join billing_feedue o on o.municipality_id = %(town)s
           and o.id = case when d.entry_kind = 'fee' then split_part(d.source, ':', 2)::bigint end
          left join billing_instalment i on i.municipality_id = %(town)s and i.fee_id = o.fee_id and i.number = o.number
         where d.kind = 'used' group by 1, 2, 3, 4, 5) uses
 where month <= %(last)s
 group by 1, 2, 3, 4 order by 1, 4, 3
"""
)
