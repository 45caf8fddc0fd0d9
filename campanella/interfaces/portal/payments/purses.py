"""What a family can pay into, with the names and prices that the pages of payments show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from campanella.domains.accounts.models import User
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.enrolment.queries import Enrolled
from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger.queries import WalletView
from campanella.domains.people import queries as people
from campanella.domains.people.queries import FamilyChild
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro

SIGNS = {"meal": "c-meal", "bus": "c-bus"}


@dataclass(frozen=True)
class Purse:
    """
    A wallet with whose it is and what a use of it costs.

    :ivar price: of one use today; None when the child is not enrolled today
    :ivar is_shared: it pays all services together
    :ivar tone: the colour of the child's disc
    """

    id: int
    child_id: int
    child_name: str
    full_name: str
    service_name: str
    balance: Euro
    price: Euro | None
    unit: str
    units: str
    sign: str
    tone: str
    is_shared: bool

    @property
    def label(self) -> str:
        """Whose and for what: "Anna · Refezione"."""
        return f"{self.child_name} · {self.service_name}"

    @property
    def lasts(self) -> str:
        """How long the credit lasts: "circa 8 pasti"; nothing when it is below zero or the price is not known."""
        return self.worth(self.balance)

    def worth(self, amount: Euro) -> str:
        """Tell an amount in uses: "circa 8 pasti"."""
        if self.price is None or self.price.cents <= 0 or amount.cents <= 0:
            return ""
        count = amount.cents // self.price.cents
        if count == 0:
            return f"meno di 1 {self.unit}"
        return f"circa {count} {self.unit if count == 1 else self.units}"


def purses_of(*, user: User, today: date) -> list[Purse]:
    """Return a family's wallets, child by child: three queries."""
    children = people.children_of(user=user)
    ids = [child.id for child in children]
    prices = enrolment.enrolled(child_ids=ids, day=today)
    found = wallets.wallets_of(child_ids=ids)
    return [
        _purse(child=child, wallet=wallet, prices=prices, tone="b" if place % 2 else "")
        for place, child in enumerate(children)
        for wallet in found
        if wallet.child_id == child.id
    ]


def purse_for(*, purses: Sequence[Purse], wallet_id: int) -> Purse:
    """
    Return one of a family's wallets.

    :raises NotFound: it is another family's, or there is none
    """
    for purse in purses:
        if purse.id == wallet_id:
            return purse
    raise NotFound


def _purse(*, child: FamilyChild, wallet: WalletView, prices: Sequence[Enrolled], tone: str) -> Purse:
    use = enrolment.use_paid_by(enrolled=prices, child_id=child.id, service_id=wallet.service_id)
    return Purse(
        id=wallet.id, child_id=child.id, child_name=child.given_name, full_name=child.full_name,
        service_name=wallet.service_name, balance=wallet.balance, price=use.price if use else None,
        unit=use.unit if use else "", units=use.units if use else "",
        sign=SIGNS.get(use.kind if use and wallet.service_id else "", "c-wallet"), tone=tone,
        is_shared=wallet.service_id is None,
    )  # fmt: skip
