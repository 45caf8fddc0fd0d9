"""All the office needs to see of one child, read in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.adjusting import queries as adjusting
from campanella.domains.adjusting.queries import ProposalView
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.enrolment.queries import Enrolled
from campanella.domains.ledger import queries as ledger
from campanella.domains.ledger.choices import CreditChoices
from campanella.domains.ledger.queries import WalletView
from campanella.domains.messaging import queries as messaging
from campanella.domains.messaging.models import Message
from campanella.domains.payments import queries as payments
from campanella.domains.payments.queries import Position
from campanella.domains.people import queries as people
from campanella.domains.people.models import Child, ChildAccount, Guardian, Guardianship
from campanella.domains.people.queries import FamilyChild
from campanella.domains.schools import queries as schools
from campanella.domains.schools.queries import Place
from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Act
from campanella.foundation.tenants.queries import active_town
from campanella.readings import priced
from campanella.readings.credit import Credit, credits_of
from campanella.readings.office import month as office_month
from campanella.readings.office.movements import Book, books

LAST_MOVEMENTS = 8
FEWER_MOVEMENTS = 4
LAST_POSITIONS = 6
LAST_MESSAGES = 10


@dataclass(frozen=True)
class WalletCard:
    """
    A wallet with how many more days it pays for; ``units`` None where nothing is priced.

    :ivar is_owed: it is below zero, and not because its days are paid after the month
    """

    wallet: WalletView
    kind: str
    detail: str
    is_low: bool
    is_owed: bool


@dataclass(frozen=True)
class ChildSheet:
    """The page of a child."""

    child: Child
    place: Place | None
    age: int | None
    enrolled: list[Enrolled]
    because: list[str]
    siblings: list[FamilyChild]
    wallets: list[WalletCard]
    proposals: list[ProposalView]
    books: list[Book]
    month: office_month.Month | None
    positions: list[Position]
    ties: list[Guardianship]
    accounts: list[ChildAccount]
    former_codes: list[str]
    diet: tuple[str, str] | None
    diet_waits: bool
    acts: list[Act]


def child_sheet(*, child_id: int, now: datetime, month: date | None = None, service_id: int | None = None) -> ChildSheet:
    """
    Return the page of a child.

    :param month: any day of the month whose presences are shown, this month without
    :param service_id: the service whose presences are shown, the first one without
    :raises NotFound: the town has no such child
    """
    today = clock.day_of(now)
    child = people.child(child_id=child_id)
    enrolled = enrolment.enrolled(child_ids=[child_id], day=today)
    held = ledger.wallets_of(child_ids=[child_id])
    place = schools.places_of(child_ids=[child_id], day=today).get(child_id)
    positions = payments.positions_of(child_ids=[child_id], now=now, today=today, limit=LAST_POSITIONS)
    diet, diet_waits = enrolment.diet_of(child_id=child_id, day=today)
    shown = service_id or (enrolled[0].service_id if enrolled else None)
    return ChildSheet(
        child=child,
        place=place,
        age=_age(child.birth_date, today),
        enrolled=enrolled,
        because=_because(child_id, enrolled, today),
        siblings=people.siblings_of(child_id=child_id),
        wallets=_cards(held, enrolled, today),
        proposals=adjusting.waiting_of(wallet_ids=[wallet.id for wallet in held]) if held else [],
        books=books(wallets=held, most=LAST_MOVEMENTS if len(held) == 1 else FEWER_MOVEMENTS),
        month=office_month.month(child_id=child_id, service_id=shown, day=month or today, today=today),
        positions=positions,
        ties=people.guardians_of(child_id=child_id),
        accounts=people.child_accounts(child_id=child_id),
        former_codes=people.former_codes(child_id=child_id),
        diet=diet,
        diet_waits=diet_waits,
        acts=acts(child_id=child_id),
    )


def acts(*, child_id: int, limit: int = 12) -> list[Act]:
    """Return who did what to a child, its notices and its receipts: each act on them names the child too."""
    return audit.acts_on(subjects=[f"child:{child_id}"], limit=limit)


@dataclass(frozen=True)
class AdultSheet:
    """The page of an adult."""

    guardian: Guardian
    username: str
    is_open: bool
    ties: list[Guardianship]
    places: dict[int, Place]
    letters: list[Message]
    acts: list[Act]


def adult_sheet(*, guardian_id: int, now: datetime) -> AdultSheet:
    """
    Return the page of an adult.

    :raises NotFound: the town has no such adult
    """
    guardian = people.guardian(guardian_id=guardian_id)
    ties = people.ties_of(guardian_ids=[guardian_id])
    subjects = [f"guardian:{guardian_id}"]
    if guardian.user_id:
        subjects.append(f"user:{guardian.user_id}")
    return AdultSheet(
        guardian=guardian,
        username=guardian.user.username if guardian.user else "",
        is_open=bool(guardian.user and guardian.user.is_active),
        ties=ties,
        places=schools.places_of(child_ids=[tie.child_id for tie in ties], day=clock.day_of(now)),
        letters=messaging.messages_to(guardian_id=guardian_id, limit=LAST_MESSAGES),
        acts=audit.acts_on(subjects=subjects),
    )


def _because(child_id: int, enrolled: Sequence[Enrolled], today: date) -> list[str]:
    """Say why its reckoned tariffs cost what they cost today; nothing is asked where there is none."""
    if not any(line.reckoned_by for line in enrolled):
        return []
    told = priced.explained(child_id=child_id, day=today)
    return [f"{line.service_name}: {told[line.service_id].because}" for line in enrolled if line.service_id in told]


def _cards(held: Sequence[WalletView], enrolled: Sequence[Enrolled], today: date) -> list[WalletCard]:
    limits = active_town().chosen(CreditChoices)
    credits = credits_of(wallets=held, enrolled=enrolled, limits=limits, day=today)
    return [_card(wallet, credits[wallet.id]) for wallet in held]


def _card(wallet: WalletView, credit: Credit) -> WalletCard:
    return WalletCard(wallet, credit.kind, credit.owes or credit.lasts, credit.is_low, credit.is_debt)


def _age(birth: date | None, today: date) -> int | None:
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day)) if birth else None
