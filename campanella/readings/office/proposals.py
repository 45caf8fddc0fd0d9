"""Proposals with the names of their children, and the credit around them."""

from collections.abc import Sequence
from dataclasses import dataclass

from campanella.domains.adjusting.queries import ProposalView
from campanella.domains.ledger import queries as ledger
from campanella.domains.ledger.queries import WalletView
from campanella.domains.people import queries as people
from campanella.foundation.core.money import Euro
from campanella.readings.proposals import pill

IN_FOURS = 4


@dataclass(frozen=True, slots=True)
class Told:
    """A proposal as the office reads it; ``taker`` is the child that receives, of a passage to another family."""

    proposal: ProposalView
    child_name: str
    taker: str
    pill: tuple[str, str]

    @property
    def iban(self) -> str:
        """The whole account while it waits, in fours, for whoever compares it with what the family has written."""
        if self.proposal.account is None or self.proposal.state != "waiting":
            return ""
        whole = self.proposal.account.iban
        return " ".join(whole[start : start + IN_FOURS] for start in range(0, len(whole), IN_FOURS))

    @property
    def amount(self) -> Euro:
        """How much: signed where both ways are possible."""
        return self.proposal.amount if self.proposal.kind == "adjustment" else abs(self.proposal.amount)


def told(proposals: Sequence[ProposalView]) -> list[Told]:
    """Put names to proposals: at most three queries, whatever their number."""
    if not proposals:
        return []
    takers = [one.taker_id for one in proposals if one.taker_id is not None]
    whose = {wallet.id: wallet.child_id for wallet in ledger.wallets_by_id(wallet_ids=takers)} if takers else {}
    names = people.full_names(child_ids=[*{one.child_id for one in proposals}, *whose.values()])
    return [
        Told(one, names[one.child_id], names[whose[one.taker_id]] if one.taker_id is not None else "", pill(one))
        for one in proposals
    ]


def wallets_around(proposal: ProposalView) -> list[tuple[str, WalletView]]:
    """Return the wallets of a proposal's child and its siblings, each with its name, so that debts beside it are seen."""
    children = [proposal.child_id, *(sibling.id for sibling in people.siblings_of(child_id=proposal.child_id))]
    names = people.called(child_ids=children)
    found = ledger.wallets_of(child_ids=children)
    return [(names[wallet.child_id], wallet) for wallet in sorted(found, key=lambda one: one.child_id != proposal.child_id)]
