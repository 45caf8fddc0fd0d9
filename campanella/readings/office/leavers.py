"""Who leaves school with the year and still has a credit or a debt, and where it could go within the family."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from campanella.domains.enrolment import queries as enrolment
from campanella.domains.ledger import queries as ledger
from campanella.domains.ledger.queries import WalletView
from campanella.domains.people import queries as people
from campanella.domains.schools import queries as schools
from campanella.domains.schools import rolled
from campanella.domains.schools.models import YearRoll


@dataclass(frozen=True, slots=True)
class Leaver:
    """
    A wallet of a child that leaves, which is not at zero.

    :ivar goes_on: the child uses what the wallet pays for, or will: its credit serves yet
    :ivar sibling: the wallet of a sibling in school whose payer is the same, for the same services; None where there is none
    """

    child_id: int
    child_name: str
    wallet: WalletView
    goes_on: bool
    sibling: WalletView | None
    sibling_name: str

    @property
    def can_move(self) -> bool:
        """Tell whether its credit may go to the sibling today."""
        return self.wallet.balance.cents > 0 and self.sibling is not None and not self.goes_on


def leavers(*, roll: YearRoll, today: date) -> list[Leaver]:
    """Return the wallets of a roll-over's leavers that are not at zero, by child: nine queries."""
    leaving = [move.child_id for move in rolled.moves_of(roll_id=roll.pk) if move.goes_to_id is None]
    left = [one for one in ledger.wallets_of(child_ids=leaving) if one.balance.cents]
    owners = sorted({one.child_id for one in left})
    names = people.full_names(child_ids=owners)
    used = enrolment.enrolled_from(child_ids=owners, day=today)
    family = _families(owners)
    siblings = sorted({one for ids in family.values() for one in ids} - set(leaving))
    others = sorted(schools.places_of(child_ids=siblings, day=max(today, roll.first)))
    theirs, their_names = ledger.wallets_of(child_ids=others), people.called(child_ids=others)
    found = []
    for wallet in sorted(left, key=lambda one: (names[one.child_id], one.id)):
        sibling = _sibling(wallet, family[wallet.child_id], theirs)
        goes_on = bool(enrolment.paid_by(enrolled=used, child_id=wallet.child_id, service_id=wallet.service_id))
        name = their_names.get(sibling.child_id, "") if sibling else ""
        found.append(Leaver(wallet.child_id, names[wallet.child_id], wallet, goes_on, sibling, name))
    return found


def _families(child_ids: Sequence[int]) -> dict[int, set[int]]:
    """Return by child the children of its payer, itself among them: what one adult has paid stays that adult's."""
    payers = {
        tie.child_id: tie.guardian_id
        for ties in people.guardians_by_child(child_ids=child_ids).values()
        for tie in ties
        if tie.is_payer
    }
    children: dict[int, set[int]] = {}
    for tie in people.ties_of(guardian_ids=sorted(set(payers.values()))):
        if tie.is_payer:
            children.setdefault(tie.guardian_id, set()).add(tie.child_id)
    return {child_id: children.get(payers.get(child_id, 0), set()) for child_id in child_ids}


def _sibling(wallet: WalletView, family: Collection[int], theirs: Sequence[WalletView]) -> WalletView | None:
    return next((one for one in theirs if one.child_id in family and one.service_id == wallet.service_id), None)
