"""The words of a mandate: what a debtor signs, in the EPC's own Italian (SDD Core rulebook)."""

import hashlib

TITLE = "Mandato per addebito diretto SEPA"
KIND = "Addebito ricorrente"


def authorisation(creditor: str) -> str:
    """Return what is authorised."""
    return (
        f"Con la sottoscrizione di questo mandato il debitore autorizza {creditor} a richiedere alla banca del debitore "
        "l’addebito del suo conto, e autorizza la banca del debitore a procedere a tale addebito conformemente alle "
        f"disposizioni impartite da {creditor}."
    )


REFUND = (
    "Il debitore ha diritto di ottenere il rimborso dalla propria banca secondo gli accordi e alle condizioni che regolano "
    "il rapporto con quest’ultima. Il rimborso deve essere richiesto entro 8 settimane dalla data dell’addebito in conto."
)


def digest(*parts: str) -> str:
    """Return what proves later which text was signed: the SHA-256 of its parts, one a line."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
