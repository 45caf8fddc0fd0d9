"""Reading what a person types or scans at the counter, and explaining a refusal in plain words."""

import re
from dataclasses import dataclass

# Fault code of the station or of the Node -> what a presenter needs to know.
EXPLANATIONS = {
    "PAA_PAGAMENTO_SCONOSCIUTO": "L’ente non conosce questo avviso, o non è ancora pagabile.",
    "PAA_PAGAMENTO_DUPLICATO": "Questo avviso è già stato pagato.",
    "PAA_PAGAMENTO_SCADUTO": "L’avviso è scaduto e l’ente non lo accetta più.",
    "PAA_PAGAMENTO_ANNULLATO": "L’ente ha annullato questo avviso.",
    "PAA_PAGAMENTO_IN_CORSO": "C’è già un pagamento in corso per questo avviso.",
    "PAA_ID_DOMINIO_ERRATO": "Il codice fiscale non è di un ente di questa stazione.",
    "PAA_ID_INTERMEDIARIO_ERRATO": "La stazione non riconosce l’intermediario.",
    "PAA_STAZIONE_INT_ERRATA": "La stazione non riconosce il proprio identificativo.",
    "PAA_SINTASSI_EXTRAXSD": "L’ente giudica il messaggio scritto male.",
    "PAA_SINTASSI_XSD": "L’ente giudica il messaggio non conforme allo schema.",
    "PAA_SEMANTICA": "I dati del messaggio non tornano con quelli dell’ente.",
    "PAA_RECEIPT_DUPLICATA": "L’ente ha già questa ricevuta.",
    "PAA_SYSTEM_ERROR": "L’ente ha avuto un errore interno.",
    "PPT_STAZIONE_INT_PA_TIMEOUT": "L’ente non ha risposto in tempo.",
    "PPT_STAZIONE_INT_PA_IRRAGGIUNGIBILE": "Il server dell’ente non è raggiungibile.",
    "PPT_STAZIONE_INT_PA_ERRORE_RESPONSE": "Il server dell’ente ha risposto in modo non valido.",
}
QR = re.compile(r"PAGOPA\|002\|([0-9]{18})\|([0-9]{11})\|([0-9]{2,11})")


class NotReadable(ValueError):
    """What was typed is no payable code; the message is for the person."""


@dataclass(frozen=True)
class Code:
    """A notice number with its creditor, and the amount in cents when the QR code tells it."""

    notice_number: str
    fiscal_code: str
    cents: int | None = None


def read_code(*, notice: str, fiscal_code: str = "") -> Code:
    """
    Read a notice number (spaces allowed) with the creditor's tax code, or the text of a QR code.

    :raises NotReadable: neither of the two
    """
    text = notice.strip()
    if text.upper().startswith("PAGOPA"):
        found = QR.fullmatch(text)
        if not found:
            raise NotReadable("Il testo del QR non è nel formato PAGOPA|002|numero avviso|codice fiscale|centesimi.")
        return Code(found[1], found[2], int(found[3]))
    number, creditor = _digits(text), _digits(fiscal_code)
    if not re.fullmatch(r"[0-9]{18}", number):
        raise NotReadable(f"Il numero avviso ha 18 cifre: qui sono {len(number)}.")
    if not re.fullmatch(r"[0-9]{11}", creditor):
        raise NotReadable(f"Il codice fiscale dell’ente ha 11 cifre: qui sono {len(creditor)}.")
    return Code(number, creditor)


def has_valid_check_digits(number: str) -> bool:
    """
    Tell whether the last two digits fit (first 16 modulo 93; SACI 3.2.1); numbers beginning with 1 have none.

    The Node does not verify them, so neither do we refuse: it is a hint for the presenter.
    """
    return number[0] == "1" or int(number[:16]) % 93 == int(number[16:])


def iuv(number: str) -> str:
    """The IUV inside a notice number: 15 digits for numbers that begin with 0, otherwise 17."""
    return number[3:] if number[0] == "0" else number[1:]


def explain(code: str | None) -> str:
    """Say in plain words what a fault code means."""
    return EXPLANATIONS.get(code or "", "L’ente ha risposto con un codice che il Nodo non conosce.")


def _digits(text: str) -> str:
    return re.sub(r"[\s.\-]", "", text)
