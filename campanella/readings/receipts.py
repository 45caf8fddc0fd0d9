"""The receipt of an application, the same for the family and for the office."""

from campanella.domains.applying.documents.receipt_pdf import ReceiptPaper, receipt_pdf
from campanella.domains.applying.queries import Application, ApplicationVersion
from campanella.foundation.core.italian import in_full
from campanella.foundation.tenants.queries import active_town

GIVEN = {True: "sì", False: "no"}


def receipt_of(*, application: Application, sent: ApplicationVersion) -> bytes:
    """Print what was sent, as it was sent: the receipt of a version stays the same whatever comes later."""
    call, content = application.call, sent.content
    files = [(label, "allegato") for _, label, *_ in content["files"]]
    ticks = [(label, GIVEN[is_given]) for label, _, is_given in content["ticks"]]
    groups = [(heading, [(label, value) for label, value in rows]) for heading, rows in content["groups"]]
    groups += [("ISEE", [(label, value) for label, value in content["isee"]]), ("Documenti", files)]
    groups += [("Letto e dichiarato", ticks)]
    version = f", versione {sent.version}: vale al posto di quelle di prima" if sent.version > 1 else ""
    return receipt_pdf(
        ReceiptPaper(
            town_name=active_town().name,
            number=application.number,
            title=f"Domanda d’iscrizione n. {application.number}",
            lead=f"{call.service.name}, anno {call.year.name}. Ricevuta {in_full(sent.received_at)}{version}.",
            groups=groups,
            notes=[call.next_steps] if call.next_steps else [],
            made_at=sent.received_at,
        )
    )
