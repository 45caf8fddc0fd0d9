"""What a family owes in all: its invoices, its notices, and the credits below zero that neither of them asks for."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.accounts.models import User
from campanella.domains.billing import queries as billing
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.ledger import queries as wallets
from campanella.domains.payments import queries as payments
from campanella.domains.payments.choices import TopUpChoices
from campanella.domains.payments.gateways.pagopa.checkout import MOST_NOTICES
from campanella.domains.payments.queries import Position
from campanella.domains.payments.rules import to_even
from campanella.domains.people import queries as people
from campanella.domains.people.queries import FamilyChild
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.tenants.queries import active_town
from campanella.readings.billing.after import wallets_paid_after
from campanella.readings.family.invoices import Billed, invoices_for


@dataclass(frozen=True, slots=True)
class Debt:
    """
    One thing to pay: ``request_id`` of a notice, ``invoice_id`` of an invoice, else a credit to bring back to zero.

    :ivar title: what it is for: "Refezione di Anna"
    """

    title: str
    amount: Euro
    wallet_id: int = 0
    request_id: int = 0
    invoice_id: int = 0


@dataclass(frozen=True, slots=True)
class Debts:
    """
    Everything that is owed; ``now`` is what goes into one payment, in this order.

    :ivar going: positions that are being paid, with who went to pagoPA
    """

    every: tuple[Debt, ...]
    going: tuple[tuple[int, int, Euro], ...] = ()

    @property
    def now(self) -> tuple[Debt, ...]:
        """Return the first ones, as many as pagoPA takes at once."""
        return self.every[:MOST_NOTICES]

    @property
    def total(self) -> Euro:
        """What they are together."""
        return sum((debt.amount for debt in self.now), Euro(0))

    def pressed_before(self, *, user_id: int, cents: int) -> list[int]:
        """Return what this adult is paying already, when it is the sum of the button: it was pressed twice."""
        own = [(request_id, amount) for request_id, by, amount in self.going if by == user_id]
        return [request_id for request_id, _ in own] if sum(amount.cents for _, amount in own) == cents else []

    @property
    def is_one_press(self) -> bool:
        """Tell whether paying all at once saves anything: one thing is paid where it stands."""
        return len(self.every) > 1


def debts_of(*, user: User, now: datetime) -> Debts:
    """Return what a family owes: about ten queries."""
    today = clock.day_of(now)
    children = people.children_of(user=user)
    ids = [child.id for child in children]
    unsettled = payments.unsettled_of(child_ids=ids, now=now, today=today)
    billed = invoices_for(user=user, today=today) if billing.are_there(child_ids=ids) else []
    return debts(children=children, unsettled=unsettled, billed=billed, today=today)


def debts(*, children: Sequence[FamilyChild], unsettled: Sequence[Position], billed: Sequence[Billed], today: date) -> Debts:
    """
    Return what these children owe: invoices, notices, then what each credit lacks beyond what notices and payments bring.

    One query, three where a credit is below zero. What is paid after the month is owed by its invoice, not by a credit.
    """
    names = {child.id: child.called for child in children}
    alive = [one for one in unsettled if one.status in ("open", "under_way") and (one.is_notice or one.status != "open")]
    notices = [
        Debt(f"{one.service_name} di {names[one.child_id]}", one.amount, one.wallet_id, one.id)
        for one in alive
        if one.is_notice and one.may_be_paid
    ]
    invoices = [Debt(one.title, one.invoice.open, invoice_id=one.invoice.id) for one in billed if one.may_be_paid]
    brought: Counter[int] = Counter()
    for one in alive:
        brought[one.wallet_id] += one.amount.cents
    going = tuple((one.id, one.visit.user_id, one.amount) for one in alive if one.visit)
    return Debts((*invoices, *notices, *_lacking(children, names, brought, today)), going)


def _lacking(
    children: Sequence[FamilyChild], names: Mapping[int, str], brought: Mapping[int, int], today: date
) -> Iterator[Debt]:
    limits = active_town().chosen(TopUpChoices)
    held = [one for one in wallets.wallets_of(child_ids=list(names)) if one.balance.cents < 0]
    if not held:
        return
    enrolled = enrolment.enrolled(child_ids=list(names), day=today)
    after = wallets_paid_after(wallets=held, enrolled=enrolled, day=today)
    order = {child.id: place for place, child in enumerate(children)}
    for wallet in sorted(held, key=lambda one: (order[one.child_id], one.id)):
        balance = wallet.balance.cents + brought.get(wallet.id, 0)
        cents = to_even(balance=balance, least=limits.top_up_min, most=limits.top_up_max)
        if cents and wallet.id not in after:
            yield Debt(f"{wallet.service_name} di {names[wallet.child_id]}, sotto zero", Euro(cents), wallet.id)
