"""The list for the collector leaves the house: that it did, with how many and how much, is written down."""

from datetime import datetime
from typing import Literal

from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import use_case
from campanella.foundation.documents import sheets
from campanella.readings.arrears.collector import HEAD, collector_page, rows_of

audit.sentences(
    {"arrears.exported": "ha scaricato la lista per la riscossione: {count:debitore|debitori}, {total} in tutto"}
)

Form = Literal["csv", "xlsx"]


@use_case
def export(*, by: Actor, form: Form, now: datetime) -> bytes:
    """Write the list of those who are ready for the collector; nothing about them changes."""
    page = collector_page(now=now)
    data: dict[str, str | int] = {"count": len(page.ready), "total": str(page.total)}
    audit.record(by=by, action="arrears.exported", subjects=["town"], at=now, data=data)
    rows = rows_of(page.ready)
    if form == "csv":
        return sheets.csv_sheet(head=HEAD, rows=rows)
    return sheets.xlsx_sheet(title="Riscossione", head=HEAD, rows=rows)
