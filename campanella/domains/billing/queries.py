"""What invoices ask for: numbers, shares, states that follow from the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.billing import statements
from campanella.domains.billing.models import CreditNote, InvoiceHanding, InvoicePosition, Issue, Line, Share
from campanella.domains.billing.rules import Method, number_in, written
from campanella.domains.billing.views import InvoiceView as InvoiceView
from campanella.domains.billing.views import WalletShare as WalletShare
from campanella.domains.billing.views import views
from campanella.domains.ledger.rules import Source
from campanella.foundation.core import clock, sql
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id


@dataclass(frozen=True, slots=True)
class LineView:
    """One day of an invoice, or a fee; below zero it was given back after an earlier invoice."""

    wallet_id: int
    child_id: int
    day: date
    source: str
    amount: Euro

    @property
    def is_day(self) -> bool:
        """Tell whether it is a day of the service, and no amount that no day makes."""
        return Source(self.source).presence_id is not None

    @property
    def is_stamp(self) -> bool:
        """Tell whether it is the stamp duty of the invoice."""
        return Source(self.source).is_stamp


def invoice(*, invoice_id: int) -> InvoiceView:
    """
    Return one issued invoice of the town: five queries.

    :raises NotFound: the town has none of this id, or it is not issued
    """
    for found in views(Issue.objects.filter(invoice_id=invoice_id)):
        return found
    raise NotFound


def invoices(*, invoice_ids: Sequence[int]) -> list[InvoiceView]:
    """Return issued invoices by id, the oldest first: five queries."""
    return views(Issue.objects.filter(invoice_id__in=list(invoice_ids)))


def wallets_of(*, invoice_ids: Sequence[int]) -> list[int]:
    """Return the wallets that invoices ask, by id: they never change. One query."""
    rows = Share.objects.filter(invoice_id__in=list(invoice_ids)).order_by("wallet_id")
    return list(rows.values_list("wallet_id", flat=True).distinct())


def invoices_of(
    *, child_ids: Sequence[int] | None = None, payer_id: int | None = None, limit: int = 200
) -> list[InvoiceView]:
    """Return the issued invoices that are for any of these children, or for a payer, newest first: five queries."""
    wanted = Issue.objects.all()
    if child_ids is not None:
        of_children = Share.objects.filter(child_id__in=list(child_ids)).values("invoice_id")
        wanted = wanted.filter(invoice_id__in=of_children)
    if payer_id is not None:
        wanted = wanted.filter(invoice__payer_id=payer_id)
    ids = list(wanted.order_by("-id").values_list("id", flat=True)[:limit])
    return views(Issue.objects.filter(pk__in=ids))[::-1]


def are_there(*, child_ids: Sequence[int]) -> bool:
    """Tell whether these children have an issued invoice: one query."""
    of_children = Share.objects.filter(child_id__in=list(child_ids)).values("invoice_id")
    return Issue.objects.filter(invoice_id__in=of_children).exists()


def invoices_between(*, period: date | None, run_id: int | None = None) -> list[InvoiceView]:
    """Return the issued invoices of a month, or all of them, the oldest first: five queries."""
    wanted = Issue.objects.all()
    if period is not None:
        wanted = wanted.filter(invoice__run__first=period)
    if run_id is not None:
        wanted = wanted.filter(invoice__run_id=run_id)
    return views(wanted)


def open_invoices(
    *,
    period: date | None = None,
    service_id: int | None = None,
    method: Method | None = None,
    payer_ids: Sequence[int] | None = None,
) -> list[InvoiceView]:
    """
    Return the issued invoices that are not paid in full, the oldest first: five queries.

    Each tells its ``id``, ``number``, ``payer_id``, ``open``, ``due_on``, ``period`` and, by wallet, ``shares`` with what is
    open of each: what a direct debit collects, and what a reminder asks for.
    """
    wanted = Issue.objects.filter(invoice__total_cents__gt=0)
    if period is not None:
        wanted = wanted.filter(invoice__run__first=period)
    if service_id is not None:
        wanted = wanted.filter(invoice__run__service_id=service_id)
    if method is not None:
        wanted = wanted.filter(invoice__method=method)
    if payer_ids is not None:
        wanted = wanted.filter(invoice__payer_id__in=list(payer_ids))
    return [one for one in views(wanted) if one.open.cents > 0]


def numbers(*, invoice_ids: Sequence[int]) -> dict[int, str]:
    """Return by invoice its number as it is written; one that is not issued is missing: one query."""
    rows = Issue.objects.filter(invoice_id__in=list(invoice_ids)).values_list("invoice_id", "series", "year", "number")
    return {pk: written(series=series, year=year, number=number) for pk, series, year, number in rows}


def ids_by_number(*, text: str) -> list[int]:
    """Return the invoices of which this is the number, or that of their credit note: two queries, none for other texts."""
    asked = number_in(text)
    if asked is None:
        return []
    series, year, number = asked
    wanted = {"series__iexact": series, "year": year, "number": number}
    found = {pk for rows in (Issue, CreditNote) for pk in rows.objects.filter(**wanted).values_list("invoice_id", flat=True)}
    return sorted(found)


def lines_of(*, invoice_ids: Sequence[int]) -> dict[int, list[LineView]]:
    """Return by invoice its lines, child by child and day by day: one query."""
    rows = Line.objects.filter(share__invoice_id__in=list(invoice_ids)).order_by("share_id", "day", "id")
    found: dict[int, list[LineView]] = {invoice_id: [] for invoice_id in invoice_ids}
    fields = ("share__invoice_id", "share__wallet_id", "share__child_id", "day", "source", "cents")
    for invoice_id, wallet_id, child_id, day, source, cents in rows.values_list(*fields):
        found[invoice_id].append(LineView(wallet_id, child_id, day, source, Euro(cents)))
    return found


def positions_of(*, invoice_ids: Sequence[int]) -> dict[int, list[int]]:
    """Return by invoice the positions that were made for it, the oldest first: one query."""
    rows = InvoicePosition.objects.filter(invoice_id__in=list(invoice_ids)).order_by("request_id")
    found: dict[int, list[int]] = {}
    for invoice_id, request_id in rows.values_list("invoice_id", "request_id"):
        found.setdefault(invoice_id, []).append(request_id)
    return found


def credit_notes_at(*, invoice_ids: Sequence[int]) -> dict[int, datetime]:
    """Return by invoice when its credit note was made: one query."""
    return dict(CreditNote.objects.filter(invoice_id__in=list(invoice_ids)).values_list("invoice_id", "made_at"))


def credit_note_days(*, invoice_ids: Sequence[int]) -> dict[int, date]:
    """Return by invoice the day of its credit note: one query."""
    return {pk: clock.day_of(made_at) for pk, made_at in credit_notes_at(invoice_ids=invoice_ids).items()}


def invoice_of_position(*, request_id: int) -> int | None:
    """Return the invoice that a position asks for, None for a top-up: one query."""
    return InvoicePosition.objects.filter(request_id=request_id).values_list("invoice_id", flat=True).first()


def invoices_of_positions(*, request_ids: Sequence[int]) -> dict[int, int]:
    """Return by position the invoice that it asks for, without those of a top-up: one query."""
    rows = InvoicePosition.objects.filter(request_id__in=list(request_ids))
    return dict(rows.values_list("request_id", "invoice_id"))


def numbers_by_position(*, request_ids: Sequence[int]) -> dict[int, str]:
    """Return by position the number of the invoice that it asks for, without those of a top-up: two queries."""
    asked = invoices_of_positions(request_ids=request_ids)
    called = numbers(invoice_ids=sorted(set(asked.values()))) if asked else {}
    return {pk: called[invoice_id] for pk, invoice_id in asked.items() if invoice_id in called}


def money_of(*, invoice_ids: Sequence[int]) -> dict[int, Euro]:
    """Return by invoice what has come into its wallets for it and has not gone back, called back or not: one query."""
    rows = sql.rows(statements.MONEY_OF, {"town": active_town_id(), "invoices": list(invoice_ids)}) if invoice_ids else ()
    return {invoice_id: Euro(int(cents)) for invoice_id, cents in rows if cents > 0}


def handed_on(*, invoice_ids: Sequence[int]) -> dict[int, date]:
    """Return by invoice the day on which it was brought on paper; one that nobody has brought is missing: one query."""
    rows = InvoiceHanding.objects.filter(invoice_id__in=list(invoice_ids))
    return dict(rows.values_list("invoice_id", "day"))
