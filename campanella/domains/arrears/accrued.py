"""Questions about interest that reminders have asked for: until which day, how much, and whether it was waived."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from campanella.domains.arrears.models import Accrual, InterestWaiver
from campanella.foundation.core.money import Euro


@dataclass(frozen=True, slots=True)
class Accrued:
    """Interest of one invoice and wallet, as a reminder has asked for it."""

    id: int
    reminder_id: int
    wallet_id: int
    amount: Euro


@dataclass(frozen=True, slots=True)
class Waived:
    """The office asks for the interest of a reminder no more: since when, and why."""

    at: datetime
    reason: str


def last_days(*, invoice_ids: Sequence[int]) -> dict[tuple[int, int], date]:
    """Return by (invoice, wallet) the last day that has borne interest: one query."""
    rows = Accrual.objects.filter(invoice_id__in=list(invoice_ids)).values_list("invoice_id", "wallet_id")
    return {(invoice, wallet): until for invoice, wallet, until in rows.annotate(last=Max("until")).order_by()}


def of_reminders(*, reminder_ids: Sequence[int]) -> list[Accrued]:
    """Return the interest that reminders have asked for, by wallet: one query."""
    rows = Accrual.objects.filter(reminder_id__in=list(reminder_ids)).order_by("wallet_id", "id")
    return [
        Accrued(pk, of, wallet, Euro(cents))
        for pk, of, wallet, cents in rows.values_list("id", "reminder_id", "wallet_id", "cents")
    ]


def waived(*, reminder_id: int) -> Waived | None:
    """Return that the interest of a reminder was waived, None where it was not: one query."""
    found = InterestWaiver.objects.filter(reminder_id=reminder_id).values_list("at", "reason").first()
    return Waived(*found) if found else None
