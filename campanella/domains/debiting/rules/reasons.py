"""Why a bank sends a collection back: the codes, what they mean to people, and what is done about them."""

from dataclasses import dataclass
from typing import Literal

Action = Literal["retry", "stop", "pause", "ask", "office", "silence"]
"""
What follows: ``retry`` once more by the town's rule · ``stop`` the mandate ends · ``pause`` it waits for the family ·
``ask`` the family pays otherwise · ``office`` somebody looks, nothing else happens · ``silence`` the mandate ends, and
nobody is written to.
"""


@dataclass(frozen=True)
class Reason:
    """
    One reason of a bank.

    :ivar words: why, for the family, to follow “perché”
    :ivar office: what the office does
    """

    code: str
    words: str
    action: Action
    office: str

    @property
    def ends_mandate(self) -> bool:
        """Tell whether no further collection may be made with the mandate as it is."""
        return self.action in ("stop", "silence")


# ISO 20022 reason codes of returns and rejects, as the EPC lists them for SDD Core.
_WORDS: dict[str, tuple[Action, str]] = {
    "AC01": ("stop", "l’IBAN non esiste"),
    "AC04": ("stop", "il conto è chiuso"),
    "AC06": ("pause", "il conto è bloccato"),
    "AC13": ("office", "la banca ha trattato la richiesta come tra imprese"),
    "AG01": ("stop", "il conto non accetta addebiti diretti"),
    "AG02": ("office", "la banca non ha riconosciuto l’operazione"),
    "AM04": ("retry", "sul conto non c’era abbastanza denaro"),
    "AM05": ("office", "alla banca risulta già chiesto"),
    "BE05": ("office", "la banca non ha riconosciuto il Comune"),
    "CNOR": ("office", "la banca non ha potuto eseguirlo"),
    "DNOR": ("stop", "la banca non fa addebiti diretti"),
    "DUPL": ("office", "era già stato chiesto"),
    "FF01": ("office", "la richiesta non era scritta bene"),
    "FOCR": ("office", "il Comune l’ha annullato"),
    "MD01": ("stop", "per la banca manca l’autorizzazione"),
    "MD02": ("office", "i dati dell’autorizzazione non coincidono"),
    "MD06": ("pause", "è stato chiesto il rimborso alla banca"),
    "MD07": ("silence", "la banca ha chiesto di fermarsi"),
    "MS02": ("ask", "chi ha il conto ha detto di no"),
    "MS03": ("ask", "la banca non ha detto il motivo"),
    "RC01": ("office", "la banca indicata non esiste"),
    "RR01": ("office", "alla banca mancano dei dati"),
    "RR02": ("office", "alla banca mancano dei dati"),
    "RR03": ("office", "alla banca mancano dei dati"),
    "RR04": ("office", "la banca non può eseguirlo per legge"),
    "SL01": ("pause", "sul conto gli addebiti del Comune sono bloccati"),
    "TECH": ("office", "c’è stato un problema tecnico"),
}

# What the office does, where the action does not say it all.
_OFFICE = {
    "AC06": "Il conto è bloccato: l’addebito resta fermo finché la famiglia non lo conferma.",
    "AM04": "Si riprova, se il Comune lo prevede; poi la famiglia paga con un avviso pagoPA.",
    "AM05": "Controlla se l’importo è già stato incassato; non si riprova.",
    "CNOR": "La banca del Comune non arriva fin lì: senti il tesoriere.",
    "DUPL": "Doppio: controlla se l’altro è stato incassato.",
    "FOCR": "Annullato su richiesta del Comune: niente da fare, se era voluto.",
    "MD01": "Chi ha il conto dice di non aver autorizzato: cerca il mandato firmato e senti la famiglia.",
    "MD02": "Confronta il mandato con il file: riferimento, data della firma, nome.",
    "MD06": "Rimborso chiesto entro 8 settimane: senti la famiglia prima di altri addebiti.",
    "MD07": "L’intestatario del conto è deceduto: nessun sollecito, chiama la famiglia con tatto.",
    "MS02": "Rifiutato da chi ha il conto: la famiglia paga con un avviso pagoPA.",
    "MS03": "La banca non dice il motivo: spesso il conto è chiuso o senza denaro.",
    "RR04": "Motivo di legge: senti il tesoriere.",
    "SL01": "Il blocco lo toglie la famiglia, presso la sua banca.",
}
_BY_ACTION: dict[Action, str] = {
    "stop": "Serve un nuovo IBAN: la famiglia cambia il conto dal portale o con un modulo nuovo.",
    "office": "È un errore di configurazione o del file: la famiglia non c’entra. Correggi e ripresenta.",
}
KNOWN = {
    code: Reason(code, words, action, _OFFICE.get(code) or _BY_ACTION[action]) for code, (action, words) in _WORDS.items()
}


def reason(code: str) -> Reason:
    """Return a reason; one that nobody knows is put before the office as it is."""
    known = KNOWN.get(code.upper())
    return known or Reason(
        code, "la banca non l’ha eseguito", "office", f"Codice {code} non conosciuto: sentire il tesoriere."
    )


def follows(*, known: Reason, attempts: int, retries: int, returns: int, limit: int, is_amended: bool = False) -> Action:
    """
    Decide what follows from a return.

    What a bank says of an account that the family has given up meanwhile ends nothing: the new one is tried, where the town
    tries again. A fault of the file suspends nobody.

    :param attempts: how often this debt was asked for, this time included
    :param retries: further attempts the town makes when there was no money
    :param returns: how many collections of the mandate have come back, this one included, since it was last confirmed
    :param limit: with how many of them the town suspends the mandate; 0 never
    :param is_amended: the mandate has another account than the one that was asked
    """
    if known.action in ("office", "silence"):
        return known.action
    if is_amended:
        return "retry" if attempts <= retries else "ask"
    if known.ends_mandate:
        return known.action
    if limit and returns >= limit:
        return "pause"
    if known.action == "retry" and attempts > retries:
        return "ask"
    return known.action
