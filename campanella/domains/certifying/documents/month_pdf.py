"""The nursery's receipt of a month as PDF, one or many in one file: all that INPS asks for (circ. INPS 60/2025)."""

from collections.abc import Sequence
from datetime import date

from campanella.domains.certifying.content import MonthContent
from campanella.domains.certifying.documents.paper import Paper, printed
from campanella.foundation.core.italian import day_figures
from campanella.foundation.core.money import Euro

TEMPLATE = "domains/certifying/documents/month.typ"
VOID = "Questo documento sostituisce il precedente: per questo mese non c’è più nessun pagamento da attestare."
ALTERNATIVE = "Per le stesse somme il bonus nido INPS e la detrazione del 19% non si cumulano."


def months_pdf(papers: Sequence[Paper[MonthContent]]) -> bytes:
    """Print receipts into one file, each on a page of its own; at least one."""
    return printed(papers, template=TEMPLATE, title=f"Ricevute del nido {papers[0].content.year}", said=_said)


def _said(said: MonthContent) -> dict[str, object]:
    return {
        "nursery": said.nursery,
        "nursery_address": said.nursery_address,
        "payer_address": said.payer_address,
        "description": said.description,
        "days": str(said.days),
        "total": str(Euro(said.cents)),
        "proofs": [
            [day_figures(date.fromisoformat(proof.day)), proof.means, proof.reference, str(Euro(proof.cents))]
            for proof in said.proofs
        ],
        "sentences": _sentences(said),
    }


def _sentences(said: MonthContent) -> list[str]:
    if said.is_void:
        return [VOID]
    return [f"IVA: {said.vat}.", *([said.stamp] if said.stamp else []), ALTERNATIVE]
