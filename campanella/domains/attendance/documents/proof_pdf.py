"""The proof of a request as PDF: tagged, in the words of its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campanella.foundation.core.italian import at_time, day_figures
from campanella.foundation.documents.pdf import render

TEMPLATE = "domains/attendance/documents/proof.typ"


@dataclass(frozen=True, kw_only=True)
class ProofPaper:
    """
    A request on paper.

    :ivar facts: label and value: when it came, what took it back
    :ivar notes: sentences below them
    :ivar days: of a request of many: which day, what came of it
    """

    town_name: str
    number: str
    title: str
    lead: str
    facts: Sequence[tuple[str, str]]
    notes: Sequence[str]
    days: Sequence[tuple[str, str]]
    made_at: datetime


def proof_pdf(paper: ProofPaper) -> bytes:
    """Print the proof of a request; its title names nobody, because files and windows show it."""
    data = {
        "creditor_name": paper.town_name,
        "document_title": f"Richiesta n. {paper.number}",
        "number": paper.number,
        "title": paper.title,
        "lead": paper.lead,
        "facts": [list(fact) for fact in paper.facts],
        "notes": list(paper.notes),
        "days": [list(day) for day in paper.days],
        "printed": f"stampato il {day_figures(paper.made_at)} alle {at_time(paper.made_at)}",
    }
    return render(TEMPLATE, data, made_at=paper.made_at)
