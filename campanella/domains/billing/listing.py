"""The list of invoices, newest first, read page by page from where the one before ended; counted without reading any."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from campanella.domains.billing.models import CreditNote, Issue
from campanella.domains.billing.statements import IS_MONEY, LIVING
from campanella.domains.billing.views import InvoiceView, views
from campanella.foundation.core import sql
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id


@dataclass(frozen=True, slots=True)
class Counted:
    """How many invoices there are, those that were called back apart, and what the others ask for."""

    count: int
    cancelled: int
    total: Euro


def counted(*, service_id: int | None) -> Counted:
    """Count the issued invoices of a service, or of all: one query."""
    row = sql.row(_COUNTED, {"town": active_town_id(), "service": service_id})
    return Counted(row[0], row[1], Euro(int(row[2]))) if row else Counted(0, 0, Euro(0))


@dataclass(frozen=True, slots=True)
class Which:
    """
    Which invoices are walked through.

    :ivar is_cancelled: those alone that were called back, or that were not; None for all
    :ivar without: invoices that are left out
    """

    service_id: int | None = None
    is_cancelled: bool | None = None
    without: Collection[int] = ()


def older(*, which: Which, before: int | None, limit: int) -> list[InvoiceView]:
    """
    Return the newest invoices that are older than one, newest first: five queries.

    :param before: the id of an invoice; None for the newest of all
    """
    wanted = _wanted(which)
    if before is not None:
        wanted = wanted.filter(pk__lt=Issue.objects.filter(invoice_id=before).values("pk")[:1])
    return _views(list(wanted.order_by("-pk").values_list("pk", flat=True)[:limit]))


def newer(*, which: Which, after: int, limit: int) -> list[InvoiceView]:
    """Return the oldest invoices that are newer than one, newest first: five queries."""
    wanted = _wanted(which).filter(pk__gt=Issue.objects.filter(invoice_id=after).values("pk")[:1])
    return _views(list(wanted.order_by("pk").values_list("pk", flat=True)[:limit]))


def maybe_open(*, service_id: int | None) -> list[int]:
    """
    Return the living invoices of which something may be open, in one query: what is paid beyond doubt is read by nobody.

    The money that came into a wallet is held against what its invoices asked for, in the order of the book: where nothing is
    left of it, all are paid, whichever was named. Where money went back to a bank its invoices are always among them.
    """
    return [pk for (pk,) in sql.rows(_MAYBE_OPEN, {"town": active_town_id(), "service": service_id})]


def _wanted(which: Which) -> "QuerySet[Issue]":
    wanted = Issue.objects.all()
    if which.service_id is not None:
        wanted = wanted.filter(invoice__run__service_id=which.service_id)
    if which.is_cancelled is not None:
        called_back = Q(invoice_id__in=CreditNote.objects.values("invoice_id"))
        wanted = wanted.filter(called_back if which.is_cancelled else ~called_back)
    return wanted.exclude(invoice_id__in=list(which.without)) if which.without else wanted


def _views(ids: list[int]) -> list[InvoiceView]:
    return views(Issue.objects.filter(pk__in=ids))[::-1]


_COUNTED = """
select count(*) filter (where n.id is null), count(n.id), coalesce(sum(v.total_cents) filter (where n.id is null), 0)
  from billing_issue i
  join billing_invoice v on v.municipality_id = %(town)s and v.id = i.invoice_id
  join billing_run r on r.municipality_id = %(town)s and r.id = v.run_id
  left join billing_creditnote n on n.municipality_id = %(town)s and n.invoice_id = v.id
 where i.municipality_id = %(town)s and (%(service)s::bigint is null or r.service_id = %(service)s)
"""

# As ``settlement.paid`` reckons it, a wallet as a whole: what an invoice asks for joins what is owed, money lessens it, and
# what is more than is owed then is credit, which the next invoice has consumed before it asks. What names an invoice pays
# one of the same wallet, so that the sum stays.
_MAYBE_OPEN = f"""
with claim as (
  select h.wallet_id, v.id as invoice_id, h.due_cents as cents, v.until_entry
    from billing_share h
    join billing_invoice v on v.municipality_id = h.municipality_id and v.id = h.invoice_id
    join billing_run r on r.municipality_id = v.municipality_id and r.id = v.run_id
   where h.municipality_id = %(town)s and {LIVING}
), asked as materialized (
  select c.wallet_id, w.account_id, min(c.until_entry) as since
    from claim c join ledger_wallet w on w.municipality_id = %(town)s and w.id = c.wallet_id
   group by c.wallet_id, w.account_id
), step as (
  select wallet_id, until_entry as at, 1 as place, cents from claim
  union all
  select a.wallet_id, x.id, 0, -t.cents
    from asked a
    join ledger_transfer t on t.municipality_id = %(town)s and t.credit_id = a.account_id and t.entry_id > a.since
    join ledger_entry x on x.municipality_id = %(town)s and x.id = t.entry_id
   where {IS_MONEY}
), level as (
  select wallet_id, cents, sum(cents) over (partition by wallet_id order by at, place rows unbounded preceding) as level
    from step
), owing as (
  select wallet_id from level group by wallet_id having sum(cents) > least(0, min(level))
), gone_back as (
  select a.wallet_id
    from billing_invoicepayment p
    join ledger_entry x on x.municipality_id = %(town)s and x.source = p.source
     and x.kind not in ('charge', 'fee', 'stamp', 'interest')
    join ledger_transfer t on t.municipality_id = %(town)s and t.entry_id = x.id
    join asked a on a.account_id = t.debit_id
   where p.municipality_id = %(town)s
)
select distinct i.invoice_id
  from claim c
  join billing_issue i on i.municipality_id = %(town)s and i.invoice_id = c.invoice_id
  join billing_invoice v on v.municipality_id = %(town)s and v.id = c.invoice_id
  join billing_run r on r.municipality_id = %(town)s and r.id = v.run_id
 where c.cents > 0 and (%(service)s::bigint is null or r.service_id = %(service)s)
   and c.wallet_id in (select wallet_id from owing union select wallet_id from gone_back)
 order by i.invoice_id
"""  # noqa: S608  # fragments written here
