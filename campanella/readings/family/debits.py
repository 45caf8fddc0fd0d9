"""What a payer sees of direct debit: the authorisation, and each collection with what came of it. Five queries at most."""

from dataclasses import dataclass
from datetime import date

from campanella.domains.debiting import asked, queries
from campanella.domains.debiting.asked import CollectionView
from campanella.domains.debiting.models import Coming
from campanella.domains.debiting.queries import MandateView
from campanella.domains.debiting.rules import reasons
from campanella.domains.debiting.rules.debts import debt_of
from campanella.foundation.core.money import Euro

# The kind of the pill of what came of a collection, and its words.
PILLS = {
    "": ("wait", "Chiesto alla banca"),
    "booked": ("ok", "Addebitato"),
    "rejected": ("stop", "Non riuscito"),
    "returned": ("stop", "Tornato indietro"),
}


@dataclass(frozen=True)
class DebitLine:
    """
    A collection as its payer reads it.

    :ivar why: why it came back, to follow “perché”; empty when it did not
    """

    day: date
    amount: Euro
    remittance: str
    pill: tuple[str, str]
    why: str


@dataclass(frozen=True)
class FamilyDebits:
    """
    The authorisation of a payer and its collections, newest first.

    :ivar why: why it is suspended or over, to follow “perché”
    """

    mandate: MandateView | None
    why: str
    lines: tuple[DebitLine, ...]

    @property
    def is_asked(self) -> bool:
        """Tell whether a bank was asked for something, and has not answered: it may still come, whatever has ended since."""
        return any(line.pill == PILLS[""] for line in self.lines)


def debits_of(*, payer_id: int) -> FamilyDebits:
    """Return what a payer sees of direct debit."""
    mandate = queries.mandates_of(payer_ids=[payer_id]).get(payer_id)
    acts = queries.acts_of(mandate_id=mandate.id) if mandate else []
    found = asked.collections_of(payer_id=payer_id)
    last = {coming.collection_id: coming for coming in asked.comings_of(collection_ids=[one.id for one in found])}
    lines = tuple(_line(one, last.get(one.id)) for one in found)
    return FamilyDebits(mandate, acts[-1].why if acts else "", lines)


def debits_of_invoice(*, invoice_id: int) -> list[DebitLine]:
    """Return each collection of an invoice with what came of it, the oldest first: three queries."""
    found = asked.collections_of_debt(debt=debt_of(invoice_id))
    last = {coming.collection_id: coming for coming in asked.comings_of(collection_ids=[one.id for one in found])}
    return [_line(one, last.get(one.id)) for one in found]


def _line(one: CollectionView, coming: Coming | None) -> DebitLine:
    """Put a collection into words, by what came of it last."""
    why = reasons.reason(coming.reason).words if coming and coming.reason else ""
    return DebitLine(one.day, Euro(one.cents), one.remittance, PILLS[coming.kind if coming else ""], why)
