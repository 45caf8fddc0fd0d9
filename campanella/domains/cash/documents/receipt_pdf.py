"""The receipt of a top-up at a counter, and the card with a family's code, as PDF: tagged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campanella.foundation.documents.codes import qr_svg
from campanella.foundation.documents.pdf import render

RECEIPT = "domains/cash/documents/receipt.typ"
CARD = "domains/cash/documents/card.typ"


@dataclass(frozen=True, kw_only=True)
class ReceiptPaper:
    """
    A receipt on paper.

    :ivar facts: label and value, in their order
    :ivar is_void: the money was given back
    """

    town_name: str
    point_name: str
    number: str
    facts: Sequence[tuple[str, str]]
    total: str
    is_void: bool
    made_at: datetime


@dataclass(frozen=True, kw_only=True)
class CardPaper:
    """
    The codes of a family on paper.

    :ivar codes: whose and for what, and the code as people read it aloud
    :ivar points: where one pays: name, and address with what is taken there
    """

    town_name: str
    codes: Sequence[tuple[str, str]]
    points: Sequence[tuple[str, str]]
    notes: Sequence[str]
    made_at: datetime


def receipt_pdf(paper: ReceiptPaper) -> bytes:
    """Print a receipt; the same values give the same bytes."""
    data = {
        "creditor_name": paper.town_name,
        "document_title": f"Ricevuta {paper.number}",
        "point": paper.point_name,
        "facts": [list(fact) for fact in paper.facts],
        "total": paper.total,
        "void": paper.is_void,
    }
    return render(RECEIPT, data, made_at=paper.made_at)


def card_pdf(paper: CardPaper) -> bytes:
    """Print the card that a family takes to the counter; each code stands beside its own square for the scanner."""
    data = {
        "creditor_name": paper.town_name,
        "document_title": "Codici personali di ricarica",
        "codes": [
            {"whose": whose, "code": code, "image": f"code-{place}"} for place, (whose, code) in enumerate(paper.codes)
        ],
        "points": [list(point) for point in paper.points],
        "notes": list(paper.notes),
    }
    images = {f"code-{place}": qr_svg(code.replace(" ", "")) for place, (_, code) in enumerate(paper.codes)}
    return render(CARD, data, made_at=paper.made_at, images=images)
