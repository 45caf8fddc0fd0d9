"""
The list of invoices as the office filters it, forty a page.

Without a month only the page that is shown is read, and the rest is counted. Whether an invoice is paid follows from the
book: who asks for that has those read that may be open, however many were paid before (``listing.maybe_open``).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from campanella.domains.billing import listing
from campanella.domains.billing import queries as billing
from campanella.domains.billing.queries import InvoiceView
from campanella.foundation.core.italian import month_name
from campanella.foundation.core.money import Euro
from campanella.foundation.documents.sheets import Cell
from campanella.readings.office.billing.months import InvoiceLine

A_PAGE = 40
# States in which something is to pay.
OPEN = ("unpaid", "partial", "overdue")


@dataclass(frozen=True)
class Wanted:
    """
    Which invoices the office asks for.

    :ivar state: one of ``rules.STATES``, or ``overdue``; empty for all
    :ivar number: of an invoice or a credit note, as it is printed
    """

    period: date | None = None
    state: str = ""
    service_id: int | None = None
    number: str = ""

    @property
    def is_reckoned(self) -> bool:
        """Tell whether what is listed has to be read whole: a month, a number, or what is open."""
        return self.period is not None or bool(self.number) or self.state in OPEN


def listed(*, wanted: Wanted, today: date) -> list[InvoiceView]:
    """Return the invoices that are asked for, newest first: six queries, seven for a number."""
    if wanted.number:
        found = billing.invoices(invoice_ids=billing.ids_by_number(text=wanted.number))
    elif wanted.period is None and wanted.state in OPEN:
        found = billing.invoices(invoice_ids=listing.maybe_open(service_id=wanted.service_id))
    else:
        found = billing.invoices_between(period=wanted.period)
    if wanted.service_id is not None:
        found = [one for one in found if one.service_id == wanted.service_id]
    if wanted.state == "overdue":
        found = [one for one in found if one.is_overdue(today)]
    elif wanted.state:
        found = [one for one in found if one.state == wanted.state]
    return found[::-1]


@dataclass(frozen=True)
class Sums:
    """
    What is listed in all: asked for, and those called back apart.

    :ivar open: what is still to pay; None where it was not reckoned
    """

    count: int
    cancelled: int
    total: Euro
    open: Euro | None


@dataclass(frozen=True)
class InvoicesPage:
    """
    A page of the list.

    :ivar older: the invoice before which the next page begins, 0 for none
    :ivar newer: the one after which the page before ends, 0 for none
    """

    shown: list[InvoiceView]
    sums: Sums
    older: int
    newer: int


def page_of(*, wanted: Wanted, before: int | None, after: int | None, today: date) -> InvoicesPage:
    """
    Return one page of what is asked for, newest first: six queries, twelve of those that are paid.

    :param before: the last invoice of the page before; ``after`` the first one of the page that follows
    """
    if wanted.is_reckoned:
        found = listed(wanted=wanted, today=today)
        shown, has_older, has_newer = _cut(found, before, after)
        return _page(shown, sums(found), has_older=has_older, has_newer=has_newer)
    known, which = listing.counted(service_id=wanted.service_id), listing.Which(wanted.service_id)
    counted = Sums(known.count, known.cancelled, known.total, None)
    if wanted.state == "cancelled":
        which, counted = replace(which, is_cancelled=True), Sums(0, known.cancelled, Euro(0), None)
    elif wanted.state == "paid":
        maybe = billing.invoices(invoice_ids=listing.maybe_open(service_id=wanted.service_id))
        owing = [one for one in maybe if one.state != "paid"]
        which = replace(which, is_cancelled=False, without=[one.id for one in owing])
        total = known.total - sum((one.total for one in owing), Euro(0))
        counted = Sums(known.count - len(owing), 0, total, Euro(0))
    if after is not None:
        some = listing.newer(which=which, after=after, limit=A_PAGE + 1)
        shown, has_older, has_newer = some[-A_PAGE:], True, len(some) > A_PAGE
    else:
        some = listing.older(which=which, before=before, limit=A_PAGE + 1)
        shown, has_older, has_newer = some[:A_PAGE], len(some) > A_PAGE, before is not None
    return _page(shown, counted, has_older=has_older, has_newer=has_newer)


def _page(shown: list[InvoiceView], counted: Sums, *, has_older: bool, has_newer: bool) -> InvoicesPage:
    if not shown:
        return InvoicesPage([], counted, 0, 0)
    return InvoicesPage(shown, counted, shown[-1].id if has_older else 0, shown[0].id if has_newer else 0)


def _cut(found: Sequence[InvoiceView], before: int | None, after: int | None) -> tuple[list[InvoiceView], bool, bool]:
    """Cut a page out of a list, newest first; an invoice that is not in it begins anew."""
    places = {one.id: place for place, one in enumerate(found)}
    first = places[before] + 1 if before in places else max(0, places[after] - A_PAGE) if after in places else 0
    return list(found[first : first + A_PAGE]), len(found) > first + A_PAGE, first > 0


SHEET_HEAD = (
    "Numero",
    "Intestatario",
    "Bambini",
    "Servizio",
    "Mese",
    "Emessa il",
    "Scade il",
    "Importo",
    "Da pagare",
    "Stato",
    "Nota di credito",
)


def cells(lines: Iterable[InvoiceLine]) -> Iterator[list[Cell]]:
    """Return the list of invoices as a sheet, a row each, by ``SHEET_HEAD``."""
    for line in lines:
        one = line.invoice
        yield [
            one.number,
            line.payer,
            ", ".join(name for _, name in line.children),
            one.service_name,
            month_name(one.period),
            one.issued_on,
            one.due_on,
            one.total,
            one.open,
            line.status[1],
            one.credit_note,
        ]


def sums(found: Sequence[InvoiceView]) -> Sums:
    """Count and sum invoices: asked and still open, those called back apart."""
    living = [one for one in found if one.state != "cancelled"]
    return Sums(
        count=len(living),
        cancelled=len(found) - len(living),
        total=Euro(sum(one.total.cents for one in living)),
        open=Euro(sum(one.open.cents for one in living)),
    )
