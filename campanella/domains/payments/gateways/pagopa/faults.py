"""
The fault codes a creditor may give to the Node, with their official sentences.

The Node does not check that a code exists, so a typing mistake would go unseen: only this list is used.
Source: docs.pagopa.it "Gestione degli errori", page "Domino EC" (`PAA_RECEIPT_DUPLICATA` from the SANP).
"""

from dataclasses import dataclass
from enum import Enum


class Fault(Enum):
    """A fault: the name is the `faultCode`, the value is the `faultString`."""

    PAA_SINTASSI_EXTRAXSD = "Errore di sintassi extra XSD"
    PAA_SINTASSI_XSD = "Errore di sintassi XSD"
    PAA_ID_DOMINIO_ERRATO = "La PAA non corrisponde al Dominio indicato"
    PAA_ID_INTERMEDIARIO_ERRATO = "Identificativo intermediario non corrispondente"
    PAA_STAZIONE_INT_ERRATA = "Stazione intermediario non corrispondente"
    PAA_PAGAMENTO_SCONOSCIUTO = "Pagamento in attesa risulta sconosciuto all'Ente Creditore"
    PAA_PAGAMENTO_DUPLICATO = "Pagamento in attesa risulta concluso all'Ente Creditore"
    PAA_PAGAMENTO_SCADUTO = "Pagamento in attesa risulta scaduto all'Ente Creditore"
    PAA_PAGAMENTO_ANNULLATO = "Pagamento in attesa risulta annullato all'Ente Creditore"
    PAA_PAGAMENTO_IN_CORSO = "Pagamento in attesa risulta in corso all'Ente Creditore"
    PAA_SEMANTICA = "Errore semantico"
    PAA_RECEIPT_DUPLICATA = "Ricevuta già acquisita"
    PAA_SYSTEM_ERROR = "Errore generico"

    @property
    def code(self) -> str:
        return self.name

    @property
    def text(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class FaultAnswer:
    """
    A refusal as the Node receives it.

    :param detail: one sentence for the technician who reads the Node's log; no personal data
    """

    fault: Fault
    detail: str = ""
