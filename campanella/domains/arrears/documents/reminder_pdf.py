"""A reminder as PDF: tagged, readable aloud: what is owed since when, what to do, whom to call, how to ask for time."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from campanella.foundation.documents.pdf import render

TEMPLATE = "domains/arrears/documents/reminder.typ"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderSheet:
    """
    What is printed on a reminder; texts as they are printed, empty when there is nothing to say.

    :ivar lines: what for, number, due since, amount; never a child
    :ivar as_of: the instant at which the sums were true
    :ivar notice: the notice number in groups of four, where it can be paid by pagoPA
    :ivar plans: how to ask for instalments
    """

    number: str
    title: str
    text: str
    issued_on: str
    as_of: str
    pay_by: str
    payer_name: str
    payer_tax_code: str
    payer_address: str
    lines: Sequence[tuple[str, str, str, str]]
    total: str
    notice: str
    how: str
    help: str
    plans: str
    kindness: str
    creditor_name: str
    creditor_tax_code: str
    creditor_office: str
    creditor_info: str
    site: str


def as_kept(sheet: ReminderSheet) -> dict[str, Any]:
    """Return what is kept of a sheet: the same paper can be printed from it for ever."""
    return asdict(sheet)


def reminder_pdf(kept: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """Print a reminder from what was kept of it; the same values give the same bytes."""
    return render(TEMPLATE, dict(kept), made_at=made_at)
