"""
Since when a family knows of an invoice: an e-mail has left, or the office has brought it on paper. One answer for all.

An address that was written down later has told nobody anything: what was to be brought on paper is still to be brought.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from campanella.domains.billing import queries as billing
from campanella.domains.billing.statements import LIVING
from campanella.domains.billing.views import InvoiceView
from campanella.domains.debiting.rules.collecting import Told
from campanella.domains.messaging import queries as messaging
from campanella.domains.messaging.queries import Message
from campanella.domains.people import queries as people
from campanella.foundation.core import clock, sql
from campanella.foundation.core.scope import active_town_id

# The letter is queued by the worker right after the invoice; a worker that stands still for longer is seen by its alarm.
IN_THE_WORKER = timedelta(days=2)
# What is older stands with the reminders, which do not leave before it is told.
A_YEAR = timedelta(days=365)
MOST_LOOKED_AT = 2000


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


@dataclass(frozen=True, slots=True)
class Unbrought:
    """Invoices of a month that are to pay and of which nobody has told their families: to be brought on paper."""

    run_id: int
    service_name: str
    period: date
    count: int


def unbrought(*, today: date) -> list[Unbrought]:
    """Count, month by month, the invoices of a year that no family knows of: one query, ten where there may be one."""
    values = {"town": active_town_id(), "since": today - A_YEAR, "most": MOST_LOOKED_AT}
    ids = [pk for (pk,) in sql.rows(_NO_LETTER, values)]
    found = untold(invoices=billing.invoices(invoice_ids=ids), today=today) if ids else []
    runs: dict[int, list[InvoiceView]] = {}
    for one in found:
        runs.setdefault(one.run_id, []).append(one)
    return [Unbrought(run_id, those[0].service_name, those[0].period, len(those)) for run_id, those in sorted(runs.items())]


def _told(invoice: InvoiceView, mails: Sequence[Message], handed: date | None, *, is_fresh: bool) -> Told:
    days = [max(invoice.issued_on, clock.day_of(one.sent_at)) for one in mails if one.sent_at]
    days += [handed] if handed else []
    if days:
        return Told(min(days))
    return Told(None, is_to_come=is_fresh or any(one.is_to_leave for one in mails))


# Invoices of which no letter has left and that nobody has brought; one that is paid since is among them. A letter's key is
# that of ``InvoiceView.letter``.
_NO_LETTER = f"""
select v.id from billing_issue i
  join billing_invoice v on v.municipality_id = %(town)s and v.id = i.invoice_id and v.total_cents > 0
  join billing_run r on r.municipality_id = %(town)s and r.id = v.run_id
 where i.municipality_id = %(town)s and i.issued_on > %(since)s and {LIVING}
   and not exists (select from billing_invoicehanding h where h.municipality_id = %(town)s and h.invoice_id = v.id)
   and not exists (
     select from messaging_message m
      where m.municipality_id = %(town)s and m.key = 'invoice:' || v.id || ':' and m.sent_at is not null)
 order by v.id desc limit %(most)s
"""  # noqa: S608  # the fragment is the owner's
