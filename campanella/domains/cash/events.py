"""Facts of cash points."""

from dataclasses import dataclass

from campanella.foundation.core.events import Event


@dataclass(frozen=True)
class CashTaken(Event):
    """A cash point has taken money for a wallet."""

    top_up_id: int
    wallet_id: int


@dataclass(frozen=True)
class CashVoided(Event):
    """A cash point has given the money back."""

    top_up_id: int
    wallet_id: int
