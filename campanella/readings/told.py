"""
Since when a family knows of an invoice: an e-mail has left, or the office has brought it on paper. One answer for all.

An address that was written down later has told nobody anything: what was to be brought on paper is still to be brought.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from campanella.domains.billing import queries as billing
from campanella.domains.billing.views import InvoiceView
from campanella.domains.debiting.rules.collecting import Told
from campanella.domains.messaging import queries as messaging
from campanella.domains.messaging.queries import Message
from campanella.domains.people import queries as people
from campanella.foundation.core import clock

# The letter is queued by the worker right after the invoice; a worker that stands still for longer is seen by its alarm.
IN_THE_WORKER = timedelta(days=2)


def told(*, invoices: Sequence[InvoiceView], today: date) -> dict[int, Told]:
    """Return by invoice when its payer was told of it, or whether it still may be: four queries."""
    asked = billing.positions_of(invoice_ids=[one.id for one in invoices])
    notices = {one.id: [f"notices_made:{pk}:{one.payer_id}" for pk in asked.get(one.id, [])] for one in invoices}
    keys = [one.letter for one in invoices] + [key for found in notices.values() for key in found]
    letters = messaging.by_key(keys=keys)
    handed = billing.handed_on(invoice_ids=[one.id for one in invoices])
    payers = people.guardians(guardian_ids=sorted({one.payer_id for one in invoices if one.payer_id}))
    reached = {one.pk for one in payers if one.email}
    found = {}
    for one in invoices:
        mails = [letters[key] for key in (one.letter, *notices[one.id]) if key in letters]
        is_fresh = one.payer_id in reached and one.letter not in letters and today - one.issued_on <= IN_THE_WORKER
        found[one.id] = _told(one, mails, handed.get(one.id), is_fresh=is_fresh)
    return found


def untold(*, invoices: Sequence[InvoiceView], today: date) -> list[InvoiceView]:
    """Return those of these invoices that are to pay and of which no e-mail tells: four queries."""
    mine = [one for one in invoices if one.open.cents > 0]
    known = told(invoices=mine, today=today)
    return [one for one in mine if not (known[one.id].on or known[one.id].is_to_come)]


def _told(invoice: InvoiceView, mails: Sequence[Message], handed: date | None, *, is_fresh: bool) -> Told:
    days = [max(invoice.issued_on, clock.day_of(one.sent_at)) for one in mails if one.sent_at]
    days += [handed] if handed else []
    if days:
        return Told(min(days))
    return Told(None, is_to_come=is_fresh or any(one.is_to_leave for one in mails))
