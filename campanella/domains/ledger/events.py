"""Facts of the ledger."""

from dataclasses import dataclass

from campanella.foundation.core.events import Event


@dataclass(frozen=True)
class CreditMoved(Event):
    """Money came into these wallets or left them; told by the ledger itself, whoever moved it."""

    wallet_ids: list[int]


@dataclass(frozen=True)
class CreditCorrected(Event):
    """Somebody put the credit of a wallet right by hand: an adjustment, a passage, or a presence that was corrected."""

    wallet_id: int
    entry_id: int
