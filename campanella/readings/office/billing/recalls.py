"""What calling a month back would do, for whoever is about to: how many invoices, how much, how much of it is paid."""

from dataclasses import dataclass
from datetime import date

from campanella.domains.accounts import queries as accounts
from campanella.domains.billing import queries as billing
from campanella.domains.billing import rules
from campanella.domains.billing.choices import BillingChoices
from campanella.domains.billing.runs import RunView
from campanella.foundation.core.money import Euro
from campanella.foundation.tenants.queries import active_town
from campanella.readings.office.billing.months import MOST_SHOWN, InvoiceLine, named


@dataclass(frozen=True)
class RecallPage:
    """
    The invoices of a run that a recall would annul.

    :ivar paid: what was paid of them, and stays the families'
    :ivar lines: the first of them
    :ivar is_large: above the town's amount: whoever asks is not who confirms
    :ivar needs_another: whoever looks has asked for it, and it is large
    """

    count: int
    total: Euro
    paid_count: int
    paid: Euro
    lines: list[InvoiceLine]
    is_large: bool
    needs_another: bool
    limit: Euro
    asked_by: str


def recall_of(*, run: RunView, user_id: int, today: date) -> RecallPage:
    """Return what the page of a recall shows: at most nine queries."""
    found = billing.invoices_between(period=None, run_id=run.id)
    total = sum(one.total.cents for one in found)
    limit = active_town().chosen(BillingChoices).bill_second_person
    asked_by = run.recall.asked_by_id if run.recall else None
    staff = {user.pk: user.display_name for user in accounts.staff()} if asked_by else {}
    return RecallPage(
        count=len(found),
        total=Euro(total),
        paid_count=sum(one.paid.cents > 0 for one in found),
        paid=Euro(sum(one.paid.cents for one in found)),
        lines=named(found[:MOST_SHOWN], today=today),
        is_large=total > limit,
        needs_another=rules.needs_another(total=total, above=limit, prepared_by=asked_by, confirmed_by=user_id),
        limit=Euro(limit),
        asked_by=staff.get(asked_by or 0, "Riga di comando"),
    )
