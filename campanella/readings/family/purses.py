"""What a family can pay into, with the names and prices that the pages of payments show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from campanella.domains.accounts.models import User
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger.choices import CreditChoices
from campanella.domains.people import queries as people
from campanella.domains.people.queries import FamilyChild
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro
from campanella.foundation.tenants.queries import active_town
from campanella.readings.credit import Credit, credits_of


@dataclass(frozen=True)
class Purse:
    """
    A wallet with whose it is and what its credit is worth.

    :ivar is_shared: it pays all services together
    :ivar place: of its child among the family's, from 0
    """

    id: int
    child_id: int
    child_name: str
    full_name: str
    service_name: str
    credit: Credit
    place: int
    is_shared: bool

    @property
    def balance(self) -> Euro:
        """What is in it."""
        return self.credit.balance

    @property
    def label(self) -> str:
        """Whose and for what: "Anna · Refezione"."""
        return f"{self.child_name} · {self.service_name}"


def purses_of(*, user: User, today: date) -> list[Purse]:
    """Return a family's wallets, child by child: three queries, one more where a wallet is below zero."""
    return purses_for(children=people.children_of(user=user), today=today)


def purses_for(*, children: Sequence[FamilyChild], today: date) -> list[Purse]:
    """Return the wallets of these children, child by child: two queries, one more where a wallet is below zero."""
    ids = [child.id for child in children]
    prices = enrolment.enrolled(child_ids=ids, day=today)
    found = wallets.wallets_of(child_ids=ids)
    limits = active_town().chosen(CreditChoices)
    credits = credits_of(wallets=found, enrolled=prices, limits=limits, day=today)
    return [
        Purse(
            id=wallet.id,
            child_id=child.id,
            child_name=child.called,
            full_name=child.full_name,
            service_name=wallet.service_name,
            credit=credits[wallet.id],
            place=place,
            is_shared=wallet.service_id is None,
        )
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
