"""The nursery's receipt of a month as PDF, one or many in one file: all that INPS asks for (circ. INPS 60/2025)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.certifying.content import MonthContent
from campanella.domains.certifying.rules import written_code
from campanella.foundation.core.clock import ROME
from campanella.foundation.core.money import Euro
from campanella.foundation.documents.codes import qr_svg
from campanella.foundation.documents.pdf import render

TEMPLATE = "domains/certifying/documents/month.typ"
VOID = "Questo documento sostituisce il precedente: per questo mese non c’è più nessun pagamento da attestare."
ALTERNATIVE = "Per le stesse somme il bonus nido INPS e la detrazione del 19% non si cumulano."


@dataclass(frozen=True)
class MonthPaper:
    """
    A month's receipt to print.

    :ivar number: as it is printed, "12/2025"
    :ivar stamp: the sentence on stamp duty, empty where none is due
    """

    content: MonthContent
    number: str
    version: int
    code: str
    issued_at: datetime
    check_at: str
    stamp: str


def months_pdf(papers: Sequence[MonthPaper]) -> bytes:
    """Print receipts into one file, each on a page of its own; at least one."""
    images = {f"qr-{place}": qr_svg(f"{paper.check_at}?codice={paper.code}") for place, paper in enumerate(papers)}
    data = {
        "creditor_name": papers[0].content.town_name,
        "title": f"Ricevute del nido {papers[0].content.year}",
        "papers": [_data(paper) for paper in papers],
    }
    return render(TEMPLATE, data, made_at=papers[0].issued_at, images=images)


def _data(paper: MonthPaper) -> dict[str, object]:
    said = paper.content
    return {
        "town": said.town_name,
        "town_code": said.town_tax_code,
        "nursery": said.nursery,
        "nursery_address": said.nursery_address,
        "child": said.child_name,
        "child_code": said.child_tax_code,
        "payer": said.payer_name,
        "payer_code": said.payer_tax_code,
        "payer_address": said.payer_address,
        "description": said.description,
        "days": str(said.days),
        "total": str(Euro(said.cents)),
        "proofs": [
            [f"{date.fromisoformat(proof.day):%d/%m/%Y}", proof.means, proof.reference, str(Euro(proof.cents))]
            for proof in said.proofs
        ],
        "sentences": _sentences(paper),
        "number": paper.number,
        "version": str(paper.version),
        "issued": f"{paper.issued_at.astimezone(ROME):%d/%m/%Y}",
        "code": written_code(paper.code),
        "check_at": paper.check_at,
    }


def _sentences(paper: MonthPaper) -> list[str]:
    if paper.content.is_void:
        return [VOID]
    return [f"IVA: {paper.content.vat}.", *([paper.stamp] if paper.stamp else []), ALTERNATIVE]
