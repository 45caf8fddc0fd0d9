"""
What a position asks for now: the one answer for the Node, for pagoPA's page and for a receipt of another amount.

A position of an invoice, of several in one notice, a reminder or an instalment asks for what is open of it, by whatever road
that has changed since its notice was printed. A top-up's asks for what the family chose.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from campanella.domains.arrears import agreed, reminders
from campanella.domains.arrears.models import Plan, Reminder
from campanella.domains.arrears.rules.debts import by_wallet
from campanella.domains.billing import joint
from campanella.domains.billing import queries as billing
from campanella.domains.billing.joint import Part
from campanella.domains.billing.joint_rules import Paid, split
from campanella.domains.payments import queries as positions
from campanella.domains.payments.queries import PaymentRequest, Position
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.readings.arrears.owed import open_of_plan, open_of_reminder


@dataclass(frozen=True, slots=True)
class Behind:
    """
    The debt that a position asks for; none of them is a top-up.

    :ivar joint: the invoices of a joint notice, with what was open of each
    """

    invoice_id: int | None = None
    reminder: Reminder | None = None
    plan: Plan | None = None
    joint: tuple[Part, ...] = ()

    @property
    def invoice_ids(self) -> tuple[int, ...]:
        """Return the invoices that it asks for."""
        return tuple(one.invoice_id for one in self.joint) if self.invoice_id is None else (self.invoice_id,)

    @property
    def payer_id(self) -> int | None:
        """Return whose debt it is, of a reminder or an instalment."""
        return self.reminder.payer_id if self.reminder else self.plan.payer_id if self.plan else None

    @property
    def is_debt(self) -> bool:
        """Tell whether it asks for what is open, whatever it asked for when it was made."""
        return bool(self.invoice_ids) or self.payer_id is not None


@dataclass(frozen=True, slots=True)
class Asks:
    """
    What a position asks for now.

    :ivar parts: what is open, by wallet; none where nothing is
    :ivar most: what it asked for when it was made, in cents: it never asks for more
    :ivar claims: of several invoices what is open of each for each wallet, the oldest first: (invoice, wallet, cents)
    :ivar otherwise: of several invoices what was settled of each otherwise, since the notice was made, in cents
    """

    behind: Behind
    parts: Sequence[tuple[int, Euro]]
    most: int
    claims: Sequence[tuple[int, int, int]] = ()
    otherwise: Mapping[int, int] = field(default_factory=dict)

    @property
    def cents(self) -> int:
        """Return the sum."""
        return min(self.most, sum(amount.cents for _, amount in self.parts))

    def surplus(self, paid: int) -> int:
        """Return what of a payment is asked for no more, in cents; of a top-up nothing is too much."""
        return max(0, paid - self.cents) if self.behind.is_debt else 0

    def split(self, brought: Sequence[tuple[int, Euro]]) -> list[Paid]:
        """Return what each invoice of a joint notice gets of what a receipt brings to wallets; nothing of another."""
        cents = [(wallet_id, amount.cents) for wallet_id, amount in brought]
        return split(brought=cents, claims=self.claims, otherwise=self.otherwise) if self.behind.joint else []


def told_now(*, position: Position, now: datetime) -> Position | None:
    """Return a position at what it asks for now, as it is printed and shown; None where nothing is to pay of it."""
    if not position.is_asked:
        return position
    (request,) = positions.requests(request_ids=[position.id])
    cents = asks_now(request=request, found=behind(request=request), now=now).cents
    return replace(position, amount=Euro(cents)) if cents else None


def behind(*, request: PaymentRequest) -> Behind:
    """Return what a position asks for: no query for a top-up, four at most."""
    if request.asked_by is None:
        return Behind()
    invoice_id = billing.invoice_of_position(request_id=request.pk)
    if invoice_id is not None:
        return Behind(invoice_id=invoice_id)
    reminder = reminders.of_position(request_id=request.pk)
    if reminder:
        return Behind(reminder=reminder)
    plan = agreed.of_position(request_id=request.pk)
    return Behind(plan=plan) if plan else Behind(joint=tuple(joint.parts_of(request_id=request.pk)))


def told_with(*, found: Behind) -> int | None:
    """
    Return the invoice with which it is told that a payment was too much: two queries at most.

    None where no invoice is among what a reminder or an instalment asks for, and of a joint notice, whose money is split.
    """
    if found.reminder:
        invoice_ids = [one.invoice_id for one in reminders.reminder(reminder_id=found.reminder.pk).debts]
    elif found.plan:
        invoice_ids = [one.invoice_id for one in agreed.plan(plan_id=found.plan.pk).debts]
    else:
        return found.invoice_id
    return max((pk for pk in invoice_ids if pk is not None), default=None)


def asks_now(*, request: PaymentRequest, found: Behind, now: datetime) -> Asks:
    """Return what a position asks for now: one query of a top-up, seven of an invoice, at most forty of a reminder."""
    most = request.amount_cents
    if found.invoice_ids:
        return _asks_of_invoices(found, most)
    if found.reminder:
        # What it asks for was past its day when it was issued.
        reminder = reminders.reminder(reminder_id=found.reminder.pk)
        owed = open_of_reminder(reminder=reminder, now=max(now, reminder.issued_at))
    elif found.plan:
        plan = agreed.plan(plan_id=found.plan.pk)
        due = next(due for due, pk in zip(plan.dues, plan.due_ids, strict=True) if request.pk in plan.request_ids[pk])
        owed = open_of_plan(plan=plan, place=due.place, today=clock.day_of(now))
    else:
        return Asks(found, positions.parts_of(request=request), most)
    return Asks(found, [(wallet_id, Euro(cents)) for wallet_id, _, cents in by_wallet(owed) if cents > 0], most)


def _asks_of_invoices(found: Behind, most: int) -> Asks:
    parts: dict[int, Euro] = {}
    left: dict[int, int] = {}
    claims: list[tuple[int, int, int]] = []
    for invoice in billing.invoices(invoice_ids=found.invoice_ids):
        left[invoice.id] = invoice.open.cents
        for share in invoice.shares:
            is_open = share.open if not invoice.credit_note else Euro(0)
            claims.append((invoice.id, share.wallet_id, is_open.cents))
            if is_open.cents > 0:
                parts[share.wallet_id] = parts.get(share.wallet_id, Euro(0)) + is_open
    otherwise = {one.invoice_id: max(0, one.amount.cents - left.get(one.invoice_id, 0)) for one in found.joint}
    return Asks(found, list(parts.items()), most, claims, otherwise)
