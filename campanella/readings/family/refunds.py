"""What a family may ask to be paid back, and what became of what it has asked for."""

from dataclasses import dataclass
from datetime import date

from campanella.domains.accounts.models import User
from campanella.domains.adjusting import queries
from campanella.domains.adjusting.choices import AdjustChoices
from campanella.domains.adjusting.queries import ProposalView
from campanella.domains.billing.rules import refund_due
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.ledger import queries as ledger
from campanella.domains.people import queries as people
from campanella.foundation.core.money import Euro
from campanella.foundation.tenants.queries import active_town
from campanella.readings.proposals import pill


@dataclass(frozen=True, slots=True)
class Offer:
    """Credit that is left of a service which the child uses no longer."""

    wallet_id: int
    child_name: str
    service_name: str
    credit: Euro


@dataclass(frozen=True, slots=True)
class Request:
    """A refund that was asked for, however it stands."""

    proposal: ProposalView
    child_name: str
    amount: Euro
    pill: tuple[str, str]
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class Refunds:
    """The page of refunds: what may be asked for, what was."""

    offers: tuple[Offer, ...]
    requests: tuple[Request, ...]


def refunds_of(*, user: User, today: date) -> Refunds:
    """Return a family's page of refunds: at most seven queries."""
    children = {child.id: child.called for child in people.children_of(user=user)}
    wallets = ledger.wallets_of(child_ids=list(children))
    asked = queries.of_wallets(wallet_ids=[wallet.id for wallet in wallets], kinds=["refund"]) if wallets else []
    used = enrolment.enrolled(child_ids=list(children), day=today)
    waiting = {one.wallet_id for one in asked if one.state == "waiting"}
    choices = active_town().chosen(AdjustChoices)
    offers = tuple(
        Offer(wallet.id, children[wallet.child_id], wallet.service_name, wallet.balance)
        for wallet in wallets
        if choices.refund_online
        and wallet.id not in waiting
        and wallet.balance.cents > 0
        and refund_due(cents=wallet.balance.cents, least=choices.refund_least)
        and not enrolment.paid_by(enrolled=used, child_id=wallet.child_id, service_id=wallet.service_id)
    )
    requests = tuple(
        Request(
            one,
            children[one.child_id],
            abs(one.amount),
            pill(one),
            one.state == "waiting" and one.by_id == user.pk,
        )
        for one in asked
    )
    return Refunds(offers, requests)
