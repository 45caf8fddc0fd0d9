"""What the town knows of a family, as the family reads it: nobody else's contacts, nobody else's children."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.accounts import queries as accounts
from campanella.domains.accounts.models import User
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.enrolment.queries import Enrolled
from campanella.domains.ledger import queries as ledger
from campanella.domains.ledger.choices import CreditChoices
from campanella.domains.ledger.queries import WalletView
from campanella.domains.messaging import queries as messaging
from campanella.domains.people import queries as people
from campanella.domains.people.models import Guardian, Guardianship
from campanella.domains.people.queries import FamilyChild
from campanella.domains.schools import queries as schools
from campanella.domains.schools.queries import Place
from campanella.foundation.core import clock
from campanella.foundation.tenants.queries import active_town
from campanella.readings.credit import Credit, credits_of


@dataclass(frozen=True, slots=True)
class Balance:
    """A wallet, and what its credit is worth."""

    wallet: WalletView
    credit: Credit


@dataclass(frozen=True, slots=True)
class ChildProfile:
    """A child as its family sees it; ``adults`` are names and ties, never contacts."""

    child: FamilyChild
    place: Place | None
    former_codes: tuple[str, ...]
    adults: tuple[tuple[str, str, bool], ...]
    services: tuple[Enrolled, ...]
    is_payer: bool
    # Who is signed in stands for the payer, with an access of its own or of this child.
    stands_for_payer: bool
    balances: tuple[Balance, ...]


@dataclass(frozen=True, slots=True)
class FamilyProfile:
    """
    The page of data of a family.

    :ivar waiting_email: the address that waits for its link
    :ivar unread: letters that this adult has not opened here
    """

    guardian: Guardian | None
    email: str
    waiting_email: str
    unread: int
    children: tuple[ChildProfile, ...]


def family_profile(*, user: User, now: datetime) -> FamilyProfile:
    """Gather what the town knows of this user and its children: eight queries, whatever the number of children."""
    today = clock.day_of(now)
    children = people.children_of(user=user)
    ties = people.guardians_by_child(child_ids=[child.id for child in children])
    # Whoever has children here is among their adults.
    own = (tie.guardian for those in ties.values() for tie in those if tie.guardian.user_id == user.pk)
    guardian = next(own, None) or people.guardian_of(user=user)
    waiting = accounts.waiting_change(user=user, now=now)
    return FamilyProfile(
        guardian=guardian,
        email=people.address_of(user=user, holder=guardian),
        waiting_email=waiting.email if waiting else "",
        unread=messaging.unread_count(guardian_id=guardian.pk) if guardian else 0,
        children=tuple(_profiles(user, children, ties, today)),
    )


def _profiles(
    user: User, children: list[FamilyChild], ties: Mapping[int, Sequence[Guardianship]], today: date
) -> list[ChildProfile]:
    ids = [child.id for child in children]
    places = schools.places_of(child_ids=ids, day=today)
    codes = people.former_codes_by_child(child_ids=ids)
    enrolled = enrolment.enrolled(child_ids=ids, day=today)
    limits = active_town().chosen(CreditChoices)
    holder = people.holder_of(user=user) if any(line.reckoned_by for line in enrolled) else None
    held = ledger.wallets_of(child_ids=ids)
    credits = credits_of(wallets=held, enrolled=enrolled, limits=limits, day=today)
    balances = [Balance(wallet, credits[wallet.id]) for wallet in held]
    return [
        ChildProfile(
            child=child,
            place=places.get(child.id),
            former_codes=tuple(codes.get(child.id, ())),
            adults=tuple((tie.guardian.full_name, tie.get_kind_display(), tie.is_payer) for tie in ties.get(child.id, ())),
            services=tuple(line for line in enrolled if line.child_id == child.id),
            is_payer=any(tie.is_payer and tie.guardian.user_id == user.pk for tie in ties.get(child.id, ())),
            stands_for_payer=any(tie.is_payer and holder and tie.guardian_id == holder.pk for tie in ties.get(child.id, ())),
            balances=tuple(balance for balance in balances if balance.wallet.child_id == child.id),
        )
        for child in children
    ]
