"""All the office needs to see of one child, read in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.enrolment import queries as enrolment
from campanella.domains.enrolment.queries import Enrolled
from campanella.domains.ledger import queries as ledger
from campanella.domains.ledger.queries import MovementLine, WalletView
from campanella.domains.messaging import queries as messaging
from campanella.domains.messaging.models import Message
from campanella.domains.payments import queries as payments
from campanella.domains.payments.queries import Position
from campanella.domains.people import queries as people
from campanella.domains.people.models import Child, Guardian, Guardianship
from campanella.domains.people.queries import FamilyChild
from campanella.domains.schools import queries as schools
from campanella.domains.schools.queries import Place
from campanella.domains.services import rules as services_rules
from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Act
from campanella.usecases import office_month, statement

LAST_MOVEMENTS = 8
LAST_POSITIONS = 6
LAST_MESSAGES = 10


@dataclass(frozen=True)
class WalletCard:
    """A wallet with how many more days it pays for; ``units`` None where nothing is priced."""

    wallet: WalletView
    kind: str
    detail: str
    is_low: bool


@dataclass(frozen=True)
class Movement:
    """A movement with the wallet it belongs to and its words; ``why`` it was corrected or charged again, else empty."""

    line: MovementLine
    service_name: str
    label: str
    why: str


@dataclass(frozen=True)
class ChildSheet:
    """The page of a child."""

    child: Child
    place: Place | None
    age: int | None
    enrolled: list[Enrolled]
    siblings: list[FamilyChild]
    wallets: list[WalletCard]
    movements: list[Movement]
    month: office_month.Month | None
    positions: list[Position]
    ties: list[Guardianship]
    accounts: list[str]
    former_codes: list[str]
    diet: tuple[str, str] | None
    acts: list[Act]


def child_sheet(
    *, child_id: int, now: datetime, month: date | None = None, service_id: int | None = None
) -> ChildSheet:  # fmt: skip
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
    shown = service_id or (enrolled[0].service_id if enrolled else None)
    return ChildSheet(
        child=child,
        place=place,
        age=_age(child.birth_date, today),
        enrolled=enrolled,
        siblings=people.siblings_of(child_id=child_id),
        wallets=[_card(wallet, enrolled) for wallet in held],
        movements=movements(wallets=held, limit=LAST_MOVEMENTS),
        month=office_month.month(child_id=child_id, service_id=shown, day=month or today, today=today),
        positions=positions,
        ties=people.guardians_of(child_id=child_id),
        accounts=[account.user.username for account in people.child_accounts(child_id=child_id)],
        former_codes=people.former_codes(child_id=child_id),
        diet=enrolment.diets_served(child_ids=[child_id], day=today).get(child_id),
        acts=acts(child_id=child_id),
    )


def acts(*, child_id: int, limit: int = 12) -> list[Act]:
    """Return who did what to a child, its notices and its receipts: each act on them names the child too."""
    return audit.acts_on(subjects=[f"child:{child_id}"], limit=limit)


def movements(*, wallets: Sequence[WalletView], limit: int, until: date | None = None) -> list[Movement]:
    """Return the last movements of these wallets, newest first: one query for each, two more where one was corrected."""
    found = [
        (line, wallet) for wallet in wallets for line in ledger.movements_of(wallet_id=wallet.id, last=until, limit=limit)
    ]
    newest = sorted(found, key=lambda one: (one[0].at, one[0].entry_id), reverse=True)[:limit]
    whys = statement.why_later(lines=[line for line, _ in newest])
    return [
        Movement(line, wallet.service_name, movement_label(line, why), why)
        for line, wallet in newest
        for why in [whys.get(line.entry_id, "")]
    ]


def movement_label(line: MovementLine, why: str) -> str:
    """
    Say in words what a movement was.

    :param why: it came after its roll-call's own, empty for any other
    """
    if why == statement.PRICED_AGAIN:
        return f"Ricalcolo: {line.memo}"
    if line.kind == "charge" and line.amount.cents > 0:
        return f"Correzione: {line.memo}"
    return line.memo or {"opening": "Saldo iniziale", "top_up": "Ricarica", "charge": "Addebito"}.get(line.kind, "Movimento")


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


def _card(wallet: WalletView, enrolled: Sequence[Enrolled]) -> WalletCard:
    use = enrolment.use_paid_by(enrolled=enrolled, child_id=wallet.child_id, service_id=wallet.service_id)
    if use is None or use.price.cents == 0:
        return WalletCard(wallet, use.kind if use else "", "", wallet.balance.cents < 0)
    left = services_rules.units_left(balance=wallet.balance, unit_price=use.price)
    detail = f"circa {left} {use.unit if left == 1 else use.units}" if left else f"meno di 1 {use.unit}"
    return WalletCard(wallet, use.kind, detail if wallet.balance.cents >= 0 else "sotto zero", wallet.balance < use.price)


def _age(birth: date | None, today: date) -> int | None:
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day)) if birth else None
