"""A family's invoices: the list, and one of them day by day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from campanella.domains.accounts.models import User
from campanella.domains.billing import joint, overpaid
from campanella.domains.billing import queries as billing
from campanella.domains.billing.queries import InvoiceView
from campanella.domains.billing.rules import STATES
from campanella.domains.payments.queries import Position
from campanella.domains.people import queries as people
from campanella.domains.people.models import Guardian
from campanella.domains.services import queries as services
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.italian import month_name
from campanella.foundation.core.money import Euro
from campanella.readings.bank_words import back_said, coming_said
from campanella.readings.billing.lines import ToldLine, counted, told, told_lines
from campanella.readings.billing.papers import asked_among, made_for
from campanella.readings.billing.payments import Payment, held_of, paid_together, payments_of
from campanella.readings.billing.words import STATE_KINDS
from campanella.readings.debited import Debited, at_bank


@dataclass(frozen=True)
class Billed:
    """
    An invoice as a family reads it.

    :ivar who: the children it is for: "Anna e Luca"
    :ivar used: what they used: "13 pasti"
    :ivar bank: what a bank does with it, None where it is not by direct debit
    :ivar bank_said: when a bank pays it, and that there is nothing to do; empty where no bank is waited for
    :ivar back_said: what came of it that the family is to pay by itself; empty where no bank has refused it
    """

    invoice: InvoiceView
    who: str
    used: str
    is_overdue: bool
    bank: Debited | None = None
    bank_said: str = ""
    back_said: str = ""

    @property
    def title(self) -> str:
        """Service and month: "Refezione, settembre 2026"."""
        return f"{self.invoice.service_name}, {month_name(self.invoice.period)}"

    @property
    def status(self) -> tuple[str, str]:
        """Kind and words of its pill."""
        if self.back_said:
            return "stop", "Addebito tornato indietro"
        if self.is_overdue:
            return "stop", "Scaduta"
        return STATE_KINDS[self.invoice.state], STATES[self.invoice.state]

    @property
    def may_be_paid(self) -> bool:
        """Tell whether the family may pay it: what the bank collects is paid by hand only once it has come back."""
        if self.invoice.open.cents <= 0:
            return False
        if self.bank is None:
            return True
        if self.bank.is_under_way or self.bank.is_before_office:
            return False
        return not self.bank.is_by_bank or self.is_overdue or self.bank.is_back


@dataclass(frozen=True)
class ChildDays:
    """A child's part of an invoice."""

    name: str
    used: str
    days: list[ToldLine]
    lines: Euro
    carried: Euro
    due: Euro

    @property
    def owed(self) -> Euro:
        """Return the debt that is carried over."""
        return -self.carried


@dataclass(frozen=True)
class InvoicePage:
    """
    One invoice, child by child and day by day, and the position that asks for it.

    :ivar payments: what was paid of it, and how
    :ivar money: of one that was called back, what had been paid for it and is the family's
    :ivar instead: of one that was called back, the one that asks for the same month now
    :ivar over: what was paid beyond what it asked for, and is credit
    :ivar held: further payments that have come, and that the office looks at
    """

    billed: Billed
    parts: list[ChildDays]
    position: Position | None
    payments: list[Payment]
    money: Euro
    instead: InvoiceView | None
    over: Euro
    held: Euro


@dataclass(frozen=True)
class OpenInvoices:
    """
    What a family has to pay of its invoices by itself.

    :ivar next_due: the day of the first that is not past it, None where all are
    :ivar overdue: of it, what is past its day
    :ivar since: the day of the oldest that is past it
    :ivar returned: of each that a bank has refused, what came of it and what is to pay: that is no lateness
    """

    count: int
    total: Euro
    next_due: date | None
    overdue: Euro
    since: date | None
    returned: tuple[tuple[str, Euro], ...] = ()


def open_ones(*, billed: Sequence[Billed], today: date) -> OpenInvoices | None:
    """Sum what is to pay of a family's invoices; None where nothing is, or a bank pays it all."""
    payable = [one for one in billed if one.may_be_paid]
    mine = [one.invoice for one in payable]
    if not mine:
        return None
    asked = [one.invoice for one in payable if not one.back_said]
    late = [one for one in asked if one.due_on < today]
    coming = [one.due_on for one in asked if one.due_on >= today]
    return OpenInvoices(
        count=len(mine),
        total=Euro(sum(one.open.cents for one in mine)),
        next_due=min(coming, default=None),
        overdue=Euro(sum(one.open.cents for one in late)),
        since=min((one.due_on for one in late), default=None),
        returned=tuple((one.back_said, one.invoice.open) for one in payable if one.back_said),
    )


def invoices_for(*, user: User, today: date) -> list[Billed]:
    """Return the invoices a family may see, newest first: ten queries, six more where one is paid from an account."""
    children = people.children_of(user=user)
    ids = {child.id for child in children}
    holder = people.holder_of(user=user)
    found = [
        one
        for one in billing.invoices_of(child_ids=sorted(ids))
        if ids.issuperset(one.child_ids) or (holder is not None and one.payer_id == holder.pk)
    ]
    return _named(found, today)


def invoice_for(*, user: User, invoice_id: int, today: date) -> Billed:
    """
    Return one invoice of a family.

    :raises NotFound: it is another family's, or there is none
    """
    found = billing.invoice(invoice_id=invoice_id)
    ids = {child.id for child in people.children_of(user=user)}
    holder = people.holder_of(user=user)
    if not _may_see(found, ids, holder):
        raise NotFound
    return _named([found], today)[0]


def _may_see(one: InvoiceView, ids: set[int], holder: Guardian | None) -> bool:
    """Tell whether an invoice is shown to who sees these children: for them alone, or asked of the reader itself."""
    is_payer = holder is not None and one.payer_id == holder.pk and not ids.isdisjoint(one.child_ids)
    return ids.issuperset(one.child_ids) or is_payer


def invoices_in(*, request_id: int, today: date) -> list[Billed]:
    """Return the invoices that a joint notice asks for, the oldest first: ten queries, one where it is none."""
    ids = [one.invoice_id for one in joint.parts_of(request_id=request_id)]
    return _named(billing.invoices(invoice_ids=ids), today) if ids else []


def page_of(*, user: User, billed: Billed) -> InvoicePage:
    """Return all that the page of an invoice shows: at most sixteen queries, five more where it was called back."""
    invoice = billed.invoice
    lines = billing.lines_of(invoice_ids=[invoice.id])[invoice.id]
    names = people.called(child_ids=invoice.child_ids)
    called = told(lines)
    service = services.service_with(service_id=invoice.service_id)
    parts = []
    for share in invoice.shares:
        mine = [line for line in lines if line.wallet_id == share.wallet_id]
        used = counted(mine, service)
        parts.append(ChildDays(names[share.child_id], used, told_lines(mine, called), share.lines, share.carried, share.due))
    sees = {child.id for child in people.children_of(user=user)}
    holder, made = people.holder_of(user=user), made_for(invoice_id=invoice.id)
    together = paid_together(invoice=invoice, reader_id=holder.pk if holder else None)
    money = billing.money_of(invoice_ids=[invoice.id]).get(invoice.id, Euro(0)) if invoice.credit_note else Euro(0)
    return InvoicePage(
        billed,
        parts,
        asked_among(made, invoice=invoice) if billed.may_be_paid else None,
        payments_of(invoice=invoice, made=made, bank=billed.bank, child_ids=sees, together=together),
        money,
        _instead(invoice, sees, holder) if money.cents else None,
        overpaid.of_invoice(invoice_id=invoice.id) if not invoice.credit_note else Euro(0),
        held_of(made),
    )


def _instead(invoice: InvoiceView, ids: set[int], holder: Guardian | None) -> InvoiceView | None:
    """Return the living invoice of the same children, service and month, where the reader may see it: five queries."""
    found = billing.invoices_of(child_ids=invoice.child_ids)
    month = (invoice.service_id, invoice.period)
    same = (one for one in found if not one.credit_note and (one.service_id, one.period) == month)
    return next((one for one in same if _may_see(one, ids, holder)), None)


def _named(found: Sequence[InvoiceView], today: date) -> list[Billed]:
    lines = billing.lines_of(invoice_ids=[one.id for one in found])
    names = people.called(child_ids=sorted({child for one in found for child in one.child_ids}))
    known = {service.pk: service for service in services.services()}
    banks = at_bank(invoices=found, today=today)
    return [_billed(one, names, counted(lines[one.id], known[one.service_id]), banks.get(one.id), today) for one in found]


def _billed(one: InvoiceView, names: Mapping[int, str], used: str, bank: Debited | None, today: date) -> Billed:
    is_open = one.open.cents > 0
    is_waited_for = bank is not None and (bank.is_under_way or bank.is_before_office)
    return Billed(
        invoice=one,
        who=" e ".join(names[child_id] for child_id in one.child_ids),
        used=used,
        is_overdue=one.is_overdue(today) and not is_waited_for,
        bank=bank,
        bank_said=coming_said(bank, today=today) if bank and is_open else "",
        back_said=back_said(bank) if bank and is_open and not is_waited_for else "",
    )
