"""Facts of billing."""

from dataclasses import dataclass
from typing import ClassVar

from campanella.foundation.core.events import Event


@dataclass(frozen=True)
class RunConfirmed(Event):
    """The invoices of a run are drawn up; some or all of them may be issued now."""

    run_id: int


@dataclass(frozen=True)
class InvoicesIssued(Event):
    """These invoices have their numbers; their families do not know of them yet."""

    urgency: ClassVar[int] = -5

    invoice_ids: list[int]


@dataclass(frozen=True)
class InvoicesRecalled(Event):
    """These invoices were called back by credit notes."""

    urgency: ClassVar[int] = -5

    invoice_ids: list[int]
