"""Invoices brought to families on paper."""

from datetime import date, datetime

from campanella.domains.billing import queries
from campanella.domains.billing.models import InvoiceHanding
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.italian import day_figures
from campanella.foundation.core.scope import operation

audit.sentences({"invoice.handed": "ha scritto che la fattura {number} è stata consegnata {how} il {day}"})

WORDS = {"hand": "a mano", "post": "per posta"}


@operation
def note(*, by: Actor, numbers: dict[int, str], day: date, how: str, now: datetime) -> int:
    """
    Write down that invoices were brought on a day; what was written before stays.

    :param numbers: by invoice its number
    :returns: how many are new
    """
    known = queries.handed_on(invoice_ids=list(numbers))
    new = sorted(set(numbers) - set(known))
    InvoiceHanding.objects.bulk_create(
        (InvoiceHanding(invoice_id=pk, day=day, how=how, at=now, by_id=by.actor_id) for pk in new), ignore_conflicts=True
    )
    audit.record_each(
        by=by,
        action="invoice.handed",
        at=now,
        told=[((f"invoice:{pk}",), {"number": numbers[pk], "how": WORDS[how], "day": day_figures(day)}) for pk in new],
    )
    return len(new)
