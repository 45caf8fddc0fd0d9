"""The page of data of a family, in words."""

from dataclasses import dataclass
from datetime import datetime

from campanella.domains.enrolment.queries import Enrolled
from campanella.domains.messaging.queries import Message
from campanella.domains.people.queries import Guardian
from campanella.foundation.core.italian import day_full
from campanella.foundation.core.money import Euro
from campanella.foundation.design.signs import service_sign
from campanella.foundation.tenants.queries import Town
from campanella.readings.family.profile import Balance, ChildProfile, FamilyProfile


@dataclass(frozen=True, slots=True)
class BalanceBlock:
    """A credit in euro and in uses; ``wallet_id`` leads to its movements."""

    wallet_id: int
    label: str
    sign: str
    balance: Euro
    detail: str
    kind: str


@dataclass(frozen=True, slots=True)
class ChildBlock:
    """One child's card."""

    id: int
    name: str
    place: str
    tone: str
    has_tax_code: bool
    rows: tuple[tuple[str, str], ...]
    services: tuple[tuple[str, str, str], ...]
    shows_isee: bool
    balances: tuple[BalanceBlock, ...]


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """Everything the page shows."""

    guardian: Guardian | None
    email: str
    waiting_email: str
    unread: int
    children: tuple[ChildBlock, ...]

    @classmethod
    def of(cls, found: FamilyProfile) -> "ProfilePage":
        """Put the family's data into words."""
        children = tuple(_child(profile, number) for number, profile in enumerate(found.children))
        return cls(found.guardian, found.email, found.waiting_email, found.unread, children)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in a list: its subject without the town, and the first words after the greeting."""

    id: int
    subject: str
    beginning: str
    at: datetime
    is_lost: bool
    is_read: bool

    @classmethod
    def of(cls, message: Message, *, town: Town) -> "Letter":
        """Shorten a message."""
        paragraphs = [" ".join(part.split()) for part in message.text.split("\n\n")]
        beginning = paragraphs[1] if len(paragraphs) > 1 else paragraphs[0]
        subject = message.subject.removesuffix(f" · {town.name}")
        return cls(
            id=message.pk,
            subject=subject,
            beginning=beginning[:1].upper() + beginning[1:],
            at=message.queued_at,
            is_lost=message.failed_at is not None,
            is_read=message.read_at is not None,
        )


def _child(profile: ChildProfile, number: int) -> ChildBlock:
    child = profile.child
    rows = [("Codice fiscale", child.tax_code)] if child.tax_code else []
    if child.birth_date:
        rows.append(("Data di nascita", day_full(child.birth_date)))
    rows.append(("Codice del portale", child.code))
    if profile.former_codes:
        rows.append(("Codici precedenti", ", ".join(profile.former_codes)))
    rows.extend(
        (f"{kind.capitalize()}{', intestatario' if is_payer else ''}", name) for name, kind, is_payer in profile.adults
    )
    return ChildBlock(
        id=child.id,
        name=child.full_name,
        place=profile.place.label if profile.place else "Ancora senza classe",
        tone="b" if number % 2 else "",
        has_tax_code=bool(child.tax_code),
        rows=tuple(rows),
        services=tuple(
            (line.service_name, _tariff(line, is_payer=profile.is_payer), f"{line.price} a {line.unit}")
            for line in profile.services
        ),
        shows_isee=profile.stands_for_payer and any(line.reckoned_by for line in profile.services),
        balances=tuple(_balance(balance, profile) for balance in profile.balances),
    )


def _tariff(line: Enrolled, *, is_payer: bool) -> str:
    """Name a tariff; the band of one that follows from an ISEE is told to who pays, whose ISEE it is."""
    bracket = line.bracket_name if is_payer or not line.reckoned_by else "Tariffa del Comune"
    return f"{bracket}, riduzione {line.reduction_percent} %" if line.reduction_percent else bracket


def _balance(one: Balance, profile: ChildProfile) -> BalanceBlock:
    wallet, credit = one.wallet, one.credit
    kind = next((line.kind for line in profile.services if line.service_id == wallet.service_id), "")
    state = "stop" if credit.is_debt else "warn" if credit.is_low else ""
    detail = credit.owes or credit.lasts
    return BalanceBlock(wallet.id, wallet.service_name, service_sign(kind), wallet.balance, detail, state)
