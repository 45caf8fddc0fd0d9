"""The papers of a cash point."""

from campanella.domains.cash.documents.receipt_pdf import ReceiptPaper, receipt_pdf
from campanella.domains.cash.queries import TopUpView
from campanella.foundation.core.italian import moment_figures
from campanella.readings.counter import Face


def receipt_paper(*, top_up: TopUpView, face: Face, town_name: str) -> bytes:
    """Print the receipt of a top-up, in the words of its page."""
    facts = [
        ("Data", moment_figures(top_up.taken_at)),
        ("Ricevuta", top_up.receipt),
        ("Codice", face.code),
        ("Servizio", f"{face.service_name}, {face.name}"),
        (top_up.means_words, "non detraibile" if top_up.means == "cash" else "pagamento tracciabile"),
    ]
    if top_up.voided_at:
        facts.append(("Annullata", moment_figures(top_up.voided_at)))
    return receipt_pdf(
        ReceiptPaper(
            town_name=town_name,
            point_name=top_up.point_name,
            number=top_up.receipt,
            facts=facts,
            total=str(top_up.amount),
            is_void=top_up.voided_at is not None,
            made_at=top_up.voided_at or top_up.taken_at,
        )
    )
