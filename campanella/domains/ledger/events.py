"""Facts of the ledger."""

from dataclasses import dataclass

from campanella.foundation.core.events import Event


@dataclass(frozen=True)
class CreditMoved(Event):
    """The office has moved or adjusted the credit of these children."""

    child_ids: list[int]
