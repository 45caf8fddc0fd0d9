"""The proof of a request on paper, in the words of its page."""

from datetime import datetime

from campanella.domains.attendance.documents.proof_pdf import ProofPaper
from campanella.interfaces.portal.asks.proof import ProofPage


def paper_of(page: ProofPage, *, town_name: str, now: datetime) -> ProofPaper:
    """Take the page's own words; what can be pressed there is left out."""
    facts = [*page.facts, ("Istante di ricezione, con l’orologio del portale", page.received_in_full)]
    facts += [(words, number) for words, number, _ in page.others]
    return ProofPaper(
        town_name=town_name,
        number=page.number,
        title=page.title,
        lead=page.lead,
        facts=facts,
        notes=page.notes,
        days=[(label, told) for _, _, label, told in page.days],
        made_at=now,
    )
