"""Facts of what is put right by hand."""

from dataclasses import dataclass

from campanella.foundation.core.events import Event


@dataclass(frozen=True)
class ProposalWaits(Event):
    """Something waits for somebody of the office: the others are told."""

    proposal_id: int


@dataclass(frozen=True)
class ProposalRefused(Event):
    """What a family had asked for is refused: it is told why."""

    proposal_id: int


@dataclass(frozen=True)
class RefundLeft(Event):
    """Credit has left a wallet to be paid back: the family is told."""

    proposal_id: int


@dataclass(frozen=True)
class RefundAnswered(Event):
    """A bank has paid a refund, or sent it back: the family is told, and what to do."""

    coming_id: int
