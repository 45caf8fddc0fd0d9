"""Numbers of invoices and credit notes: none left out, whatever is rolled back or killed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from campanella.domains.billing import statements
from campanella.domains.billing.models import CreditNote, Run
from campanella.domains.billing.rules import written
from campanella.foundation.core import sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import active_town_id, operation


@dataclass(frozen=True, slots=True)
class Numbered:
    """An invoice with its number."""

    invoice_id: int
    number: str
    due_on: date


@operation
def issue(*, run: Run, done: int, limit: int, series: str, due_days: int, day: date, now: datetime) -> list[Numbered]:
    """
    Give the next invoices of a run that is held their numbers, without a gap: what is rolled back gives them back.

    :param done: how many are issued
    :param limit: how many at most
    """
    values: dict[str, Any] = {"town": active_town_id(), "run": run.pk, "done": done, "limit": limit}
    invoices = [pk for (pk,) in sql.rows(statements.NOT_ISSUED, values)]
    if not invoices:
        return []
    first = _take_numbers(series=series, year=day.year, count=len(invoices))
    due_on = day + timedelta(days=due_days)
    sql.run(
        statements.WRITE_ISSUES,
        {
            **values,
            "invoices": invoices,
            "series": series,
            "year": day.year,
            "number": first,
            "day": day,
            "due": due_on,
            "now": now,
        },
    )
    return [
        Numbered(invoice_id, written(series=series, year=day.year, number=first + i), due_on)
        for i, invoice_id in enumerate(invoices)
    ]


@operation
def call_back(
    *, by: Actor, invoice_ids: Sequence[int], series: str, reason: str, day: date, now: datetime
) -> dict[int, str]:
    """
    Call issued invoices back, each by a credit note.

    :returns: by invoice the number of its note
    """
    notes: dict[int, str] = {}
    if invoice_ids:
        first = _take_numbers(series=series, year=day.year, count=len(invoice_ids))
        CreditNote.objects.bulk_create(
            CreditNote(
                invoice_id=invoice_id,
                series=series,
                year=day.year,
                number=first + i,
                issued_on=day,
                reason=reason[:200],
                made_at=now,
                made_by_id=by.actor_id,
            )
            for i, invoice_id in enumerate(invoice_ids)
        )
        notes = {pk: written(series=series, year=day.year, number=first + i) for i, pk in enumerate(invoice_ids)}
    return notes


def _take_numbers(*, series: str, year: int, count: int) -> int:
    """Take numbers that nobody else has, locked until the end of the transaction: no gap, whatever is rolled back."""
    values = {"town": active_town_id(), "series": series, "year": year, "count": count}
    return int((sql.row(statements.TAKE_NUMBERS, values) or (0,))[0])
