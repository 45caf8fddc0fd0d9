"""What the town knows of a family, as the family reads it: nobody else's contacts, nobody else's children."""

from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.accounts import queries as accounts
from campanella.domains.accounts.models import User
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.enrolment.queries import Enrolled
from campanella.domains.ledger import queries as ledger
from campanella.domains.ledger.queries import WalletView
from campanella.domains.people import queries as people
from campanella.domains.people.models import Guardian
from campanella.domains.people.queries import FamilyChild
from campanella.domains.schools import queries as schools
from campanella.domains.schools.queries import Place
from campanella.domains.services import rules
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro


@dataclass(frozen=True, slots=True)
class Balance:
    """A credit, and how many uses of the service it pays for; without a price only euro are known."""

    wallet: WalletView
    price: Euro | None
    units_left: int
    unit: str
    units: str


@dataclass(frozen=True, slots=True)
class ChildProfile:
    """A child as its family sees it; ``adults`` are names and ties, never contacts."""

    child: FamilyChild
    place: Place | None
    former_codes: tuple[str, ...]
    adults: tuple[tuple[str, str, bool], ...]
    services: tuple[Enrolled, ...]
    balances: tuple[Balance, ...]


@dataclass(frozen=True, slots=True)
class FamilyProfile:
    """The page of data of a family; ``waiting_email`` is the address that waits for its link."""

    guardian: Guardian | None
    email: str
    waiting_email: str
    children: tuple[ChildProfile, ...]


def family_profile(*, user: User, now: datetime) -> FamilyProfile:
    """Gather what the town knows of this user and its children: eight queries, whatever the number of children."""
    today = clock.day_of(now)
    children = people.children_of(user=user)
    guardian = people.guardian_of(user=user)
    waiting = accounts.waiting_change(user=user, now=now)
    return FamilyProfile(
        guardian=guardian,
        email=(guardian.email if guardian else "") or user.email,
        waiting_email=waiting.email if waiting else "",
        children=tuple(_profiles(children, today)),
    )


def _profiles(children: list[FamilyChild], today: date) -> list[ChildProfile]:
    ids = [child.id for child in children]
    places = schools.places_of(child_ids=ids, day=today)
    codes = people.former_codes_by_child(child_ids=ids)
    ties = people.guardians_by_child(child_ids=ids)
    enrolled = enrolment.enrolled(child_ids=ids, day=today)
    wallets = ledger.wallets_of(child_ids=ids)
    return [
        ChildProfile(
            child=child,
            place=places.get(child.id),
            former_codes=tuple(codes.get(child.id, ())),
            adults=tuple((tie.guardian.full_name, tie.get_kind_display(), tie.is_payer) for tie in ties.get(child.id, ())),
            services=tuple(line for line in enrolled if line.child_id == child.id),
            balances=tuple(_balance(wallet, enrolled) for wallet in wallets if wallet.child_id == child.id),
        )
        for child in children
    ]


def _balance(wallet: WalletView, enrolled: list[Enrolled]) -> Balance:
    use = enrolment.use_paid_by(enrolled=enrolled, child_id=wallet.child_id, service_id=wallet.service_id)
    if use is None:
        return Balance(wallet, None, 0, "", "")
    left = rules.units_left(balance=wallet.balance, unit_price=use.price)
    return Balance(wallet, use.price, left, use.unit, use.units)
