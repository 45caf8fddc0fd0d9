"""The list of invoices, newest first, read page by page from where the one before ended; counted without reading any."""

from dataclasses import dataclass

from django.db.models import QuerySet

from campanella.domains.billing.models import CreditNote, Issue
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


def older(*, service_id: int | None, is_cancelled: bool, before: int | None, limit: int) -> list[InvoiceView]:
    """
    Return the newest invoices that are older than one, newest first: five queries.

    :param is_cancelled: those alone that were called back
    :param before: the id of an invoice; None for the newest of all
    """
    wanted = _wanted(service_id, is_cancelled)
    if before is not None:
        wanted = wanted.filter(pk__lt=Issue.objects.filter(invoice_id=before).values("pk")[:1])
    return _views(list(wanted.order_by("-pk").values_list("pk", flat=True)[:limit]))


def newer(*, service_id: int | None, is_cancelled: bool, after: int, limit: int) -> list[InvoiceView]:
    """Return the oldest invoices that are newer than one, newest first: five queries."""
    wanted = _wanted(service_id, is_cancelled).filter(pk__gt=Issue.objects.filter(invoice_id=after).values("pk")[:1])
    return _views(list(wanted.order_by("pk").values_list("pk", flat=True)[:limit]))


def _wanted(service_id: int | None, is_cancelled: bool) -> "QuerySet[Issue]":
    wanted = Issue.objects.all()
    if service_id is not None:
        wanted = wanted.filter(invoice__run__service_id=service_id)
    if is_cancelled:
        wanted = wanted.filter(invoice_id__in=CreditNote.objects.values("invoice_id"))
    return wanted


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
