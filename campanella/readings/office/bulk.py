"""Whom an act on a list of children reaches, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from campanella.domains.accounts.choices import AccessChoices
from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger.queries import WalletView
from campanella.domains.messaging import queries as messages
from campanella.domains.payments import queries as positions
from campanella.domains.payments.choices import TopUpChoices
from campanella.domains.people import queries as people
from campanella.domains.people.models import Guardian
from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Act
from campanella.foundation.core.money import Euro
from campanella.foundation.tenants.queries import active_town

# Every act on a list is also one of these; its own subject is the second.
LISTS = "lists"
LAST_ACTS = 5
# What the office writes to many waits so long, and can be taken back until it leaves.
LEAVES_AFTER = timedelta(minutes=5)


def key_of(act: str) -> str:
    """Return how the keys begin of all that an act has made."""
    return f"list:{act}"


@dataclass(frozen=True)
class Readers:
    """Who would be written to: each adult with an address once, and the children whose family has none."""

    adults: list[Guardian]
    unreached: list[int]


def readers_of(*, child_ids: Sequence[int]) -> Readers:
    """Return the adults of these children who have an e-mail address: one query."""
    ties = people.guardians_by_child(child_ids=child_ids)
    adults: dict[int, Guardian] = {}
    unreached = []
    for child_id in child_ids:
        found = [tie.guardian for tie in ties.get(child_id, []) if tie.guardian.email]
        adults |= {adult.pk: adult for adult in found}
        if not found:
            unreached.append(child_id)
    return Readers(list(adults.values()), unreached)


def wallets_for(*, child_ids: Sequence[int], service_id: int) -> list[WalletView]:
    """Return the wallet that pays a service for each of these children that has one: two queries."""
    found = wallets.wallet_ids(child_ids=list(child_ids), service_id=service_id)
    by_id = {wallet.id: wallet for wallet in wallets.wallets_of(child_ids=list(child_ids))}
    return [by_id[found[child_id]] for child_id in child_ids if child_id in found]


@dataclass(frozen=True)
class NoticesDue:
    """
    For whom an act makes a notice, and of how much.

    :ivar wanted: the wallets, each with its amount
    :ivar without_wallet: children of whom no wallet pays the service
    :ivar even: children who owe nothing for it
    :ivar asked: children who have a notice to pay for it already
    :ivar beyond: children who owe less or more than a notice may ask for
    """

    wanted: list[tuple[WalletView, Euro]]
    without_wallet: list[int]
    even: list[int]
    asked: list[int]
    beyond: list[int]

    @property
    def total(self) -> Euro:
        """What all of them ask for."""
        return sum((amount for _, amount in self.wanted), Euro(0))


def notices_due(*, child_ids: Sequence[int], service_id: int, amount: Euro | None, now: datetime) -> NoticesDue:
    """
    Return which notices an act would make: two queries, five for what each owes.

    :param amount: of each; None for what each owes, whoever has been asked already left out
    """
    found = wallets_for(child_ids=child_ids, service_id=service_id)
    payable = {wallet.child_id for wallet in found}
    without = [child_id for child_id in child_ids if child_id not in payable]
    if amount is not None:
        return NoticesDue([(wallet, amount) for wallet in found], without, [], [], [])
    owing = [wallet for wallet in found if wallet.balance.cents < 0]
    even = [wallet.child_id for wallet in found if wallet.balance.cents >= 0]
    waiting = positions.unsettled_of(child_ids=[wallet.child_id for wallet in owing], now=now, today=clock.day_of(now))
    asked_for = {one.wallet_id for one in waiting if one.is_notice and one.status in ("open", "under_way")}
    asked = [wallet.child_id for wallet in owing if wallet.id in asked_for]
    limits = active_town().chosen(TopUpChoices)
    wanted, beyond = [], []
    for wallet in owing:
        if wallet.id in asked_for:
            continue
        if limits.top_up_min <= -wallet.balance.cents <= limits.top_up_max:
            wanted.append((wallet, -wallet.balance))
        else:
            beyond.append(wallet.child_id)
    return NoticesDue(wanted, without, even, asked, beyond)


@dataclass(frozen=True)
class LettersDue:
    """
    Who waits for a letter: by child where each child has an access of its own, else each payer once.

    :ivar without_adult: children with nobody to whom a letter could go
    :ivar closed: children with an access that was closed: a list neither opens it nor gives another
    """

    by_child: list[int]
    to_guardians: list[int]
    without_adult: list[int]
    closed: list[int]

    @property
    def count(self) -> int:
        """How many letters there would be."""
        return len(self.by_child) + len(self.to_guardians)


def letters_due(*, child_ids: Sequence[int]) -> LettersDue:
    """
    Return who of these children's families waits for a letter of access: two queries at most.

    :param child_ids: of children whom nobody can see in the portal
    """
    ties = people.guardians_by_child(child_ids=child_ids)
    without = [child_id for child_id in child_ids if child_id not in ties]
    payers = {child_id: ties[child_id][0].guardian for child_id in child_ids if child_id in ties}
    if active_town().chosen(AccessChoices).account_per_child:
        # Nobody can see these children: whatever was handed for one of them has been closed.
        handed = {child_id for child_id, _ in people.handed_to(child_ids=list(payers))}
        closed = [child_id for child_id in payers if child_id in handed]
        return LettersDue([child_id for child_id in payers if child_id not in handed], [], without, closed)
    closed = [child_id for child_id, payer in payers.items() if payer.user_id]
    return LettersDue([], sorted({payer.pk for payer in payers.values() if not payer.user_id}), without, closed)


@dataclass(frozen=True)
class Done:
    """
    What became of an act.

    :ivar sent: messages that left; ``waiting`` are still to leave, ``failed`` nobody took
    :ivar leaves_at: when those that wait begin to leave; None without any
    :ivar notices: made for it; ``unpaid`` may still be deleted
    """

    sent: int
    waiting: int
    failed: int
    called_off: int
    leaves_at: datetime | None
    notices: int
    unpaid: int


def done(*, act: str) -> Done:
    """Tell what became of an act: two queries."""
    written = messages.counts_of(beginning=f"{key_of(act)}:")
    made, unpaid = positions.counts_of(order_key=key_of(act))
    leaves_at = written["leaves_at"] if written["waiting"] else None
    return Done(
        sent=written["sent"],
        waiting=written["waiting"],
        failed=written["failed"],
        called_off=written["called_off"],
        leaves_at=leaves_at,
        notices=made,
        unpaid=unpaid,
    )


def is_done(*, act: str) -> bool:
    """Tell whether an act was done before: one query."""
    return bool(audit.acts_on(subjects=[key_of(act)], limit=1))


def last_acts() -> list[tuple[str, Act]]:
    """Return the last acts on lists, each with the word by which its page is found: one query."""
    acts = audit.acts_on(subjects=[LISTS], limit=LAST_ACTS)
    return [(subject.partition(":")[2], act) for act in acts for subject in act.subjects if subject.startswith("list:")]
