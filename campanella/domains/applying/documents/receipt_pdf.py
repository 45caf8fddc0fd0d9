"""The receipt of an application as PDF: tagged, in the words that were sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campanella.foundation.core.italian import at_time, day_figures
from campanella.foundation.documents.pdf import render

TEMPLATE = "domains/applying/documents/receipt.typ"


@dataclass(frozen=True, kw_only=True)
class ReceiptPaper:
    """
    A receipt on paper.

    :ivar groups: a heading each, with label and value of its lines
    :ivar notes: sentences below them
    """

    town_name: str
    number: str
    title: str
    lead: str
    groups: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    notes: Sequence[str]
    made_at: datetime


def receipt_pdf(paper: ReceiptPaper) -> bytes:
    """Print a receipt; its title names nobody, because files and windows show it."""
    data = {
        "creditor_name": paper.town_name,
        "document_title": f"Domanda n. {paper.number}",
        "title": paper.title,
        "lead": paper.lead,
        "groups": [{"heading": heading, "rows": [list(row) for row in rows]} for heading, rows in paper.groups if rows],
        "notes": list(paper.notes),
        "printed": f"ricevuta del {day_figures(paper.made_at)} alle {at_time(paper.made_at)}",
    }
    return render(TEMPLATE, data, made_at=paper.made_at)
