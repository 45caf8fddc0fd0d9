"""Stamp duty that families bear: which invoice, which of its wallets, and what was written of it. No money moves here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from campanella.domains.billing.models import Line
from campanella.domains.billing.rules import Draft
from campanella.domains.ledger.rules import FACTS
from campanella.domains.services.taxation import stamp_duty
from campanella.foundation.core.money import Euro


@dataclass(frozen=True, slots=True)
class Stamp:
    """The duty of an invoice, on the wallet that pays it; ``day`` is the one under which it stands."""

    invoice_id: int
    wallet_id: int
    day: date
    cents: int


def duty_of(draft: Draft) -> Euro:
    """Return the stamp duty of an invoice to be, by what it bills and whatever of it the credit has paid."""
    return stamp_duty(not_subject=Euro(sum(purse.lines for purse in draft.purses)))


def stamped(draft: Draft) -> Draft:
    """Put its stamp duty on the wallet that pays most of it; below the threshold it is the draft itself."""
    duty = duty_of(draft)
    if not duty.cents:
        return draft
    bearer = max(draft.purses, key=lambda purse: (purse.lines, -purse.wallet_id))
    return replace(draft, purses=tuple(replace(one, stamp=duty.cents) if one is bearer else one for one in draft.purses))


def stamps_of(*, run_id: int) -> Sequence[Stamp]:
    """Return the stamp duty that stands on the invoices of a run, by wallet: one query."""
    rows = Line.objects.filter(share__run_id=run_id, source__startswith=f"{FACTS['stamp']}:").order_by("share__wallet_id")
    return [Stamp(*row) for row in rows.values_list("share__invoice_id", "share__wallet_id", "day", "cents")]
