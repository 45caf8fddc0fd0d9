"""What is proposed and why, in words; ready reasons are what offices write most."""

from campanella.domains.adjusting.rules import Kind

LABELS: dict[Kind, str] = {
    "adjustment": "Rettifica",
    "goodwill": "Credito di cortesia",
    "write_off": "Cancellazione di un debito",
    "refund": "Rimborso su IBAN",
    "passage": "Giroconto tra famiglie",
}
READY: dict[Kind, tuple[str, ...]] = {
    "adjustment": ("Errore dell’ufficio", "Pagamento doppio", "Pasto non servito", "Saldo del vecchio programma"),
    "goodwill": ("Il pasto non andava bene", "Un disservizio nostro", "Un’attesa troppo lunga"),
    "write_off": ("Debito troppo piccolo per la riscossione", "Famiglia trasferita", "Debito prescritto"),
    "refund": ("Il bambino lascia il servizio", "Cambio di residenza", "Rinuncia al servizio", "Pagamento doppio"),
    "passage": ("Ricarica fatta con il codice sbagliato", "Chiesto dalle due famiglie"),
}


# Why a bank sends a credit transfer back (ISO 20022), for the family, after a colon.
_BACK = {
    "AC01": "l’IBAN non esiste",
    "AC03": "l’IBAN non esiste",
    "AC04": "il conto è chiuso",
    "AC06": "il conto è bloccato",
    "AG01": "il conto non accetta bonifici",
    "BE04": "alla banca manca un dato del titolare",
    "BE06": "la banca non conosce il titolare del conto",
    "AM05": "alla banca risulta già pagato",
    "MD07": "il conto non è più attivo",
    "MS02": "il titolare del conto l’ha rifiutato",
    "CUST": "la banca del Comune l’ha fermato",
    "FOCR": "il Comune l’ha annullato",
}


def back(code: str) -> str:
    """Say why a bank did not take a refund; a code that nobody knows says nothing to a family."""
    return _BACK.get(code.upper(), "la banca non ha detto il motivo")
