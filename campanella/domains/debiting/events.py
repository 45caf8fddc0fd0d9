"""Facts of direct debit."""

from dataclasses import dataclass

from campanella.foundation.core.events import Event


@dataclass(frozen=True)
class MandateChanged(Event):
    """A mandate was signed, has another account, or is over: its payer gets it in writing."""

    mandate_id: int
    act_id: int


@dataclass(frozen=True)
class ServicesJoined(Event):
    """
    Services that these children begin to use on a day are paid by a mandate that was signed before: its payer is told.

    The lists go together: the first child with the first service.
    """

    mandate_id: int
    child_ids: list[int]
    service_ids: list[int]
    day: str


@dataclass(frozen=True)
class CollectionCameBack(Event):
    """A collection was rejected or given back: the debt is open again, and the family is told what to do."""

    urgency = 5

    coming_id: int


@dataclass(frozen=True)
class CollectionsBrought(Event):
    """The bank has paid into these wallets: what else asks for the same is looked at."""

    wallet_ids: list[int]


@dataclass(frozen=True)
class CollectionAgain(Event):
    """A collection that came back by a fault of the file is asked for once more: its payer reads when."""

    collection_id: int
