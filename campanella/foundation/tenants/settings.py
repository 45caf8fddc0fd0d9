"""
What a town may choose, each choice with one sentence that says what it changes.

A choice is read as an attribute of ``Town`` (``town.choices.meal_cut_off``). The office changes it on its settings page;
the sentence below is what the page shows.
"""

from dataclasses import dataclass, field, fields
from datetime import time
from typing import Any, Literal

Kind = Literal["text", "long_text", "cents", "whole", "flag", "time", "cents_list", "colour", "choices"]


def choice(
    default: Any,
    *,
    kind: Kind,
    label: str,
    sentence: str,
    group: str,
    options: tuple[tuple[str, str], ...] = (),
) -> Any:
    """Declare a choice: its default, how it is typed, its label and the sentence that says what it changes."""
    about = {"kind": kind, "label": label, "sentence": sentence, "group": group, "options": options}
    if isinstance(default, tuple):
        return field(default_factory=lambda: default, metadata=about)
    return field(default=default, metadata=about)


@dataclass(frozen=True)
class Choices:
    """Everything a town has chosen; amounts in cents, times in Italian wall-clock time."""

    portal_name: str = choice(
        "Portale Genitori",
        kind="text",
        group="Aspetto",
        label="Nome del portale",
        sentence="È il nome scritto in alto in ogni pagina delle famiglie.",
    )
    colour: str = choice(
        "#0a58ad",
        kind="colour",
        group="Aspetto",
        label="Colore del Comune",
        sentence="Colora intestazioni e pulsanti; deve leggersi bene sul bianco.",
    )
    office_name: str = choice(
        "Ufficio Scuola",
        kind="text",
        group="Ufficio",
        label="Nome dell’ufficio",
        sentence="Firma le e-mail e le news.",
    )
    office_email: str = choice(
        "",
        kind="text",
        group="Ufficio",
        label="E-mail dell’ufficio",
        sentence="Riceve i messaggi di Contattaci.",
    )
    office_phone: str = choice(
        "",
        kind="text",
        group="Ufficio",
        label="Telefono dell’ufficio",
        sentence="Le famiglie lo leggono accanto a ogni errore e in Contattaci.",
    )
    office_address: str = choice(
        "",
        kind="text",
        group="Ufficio",
        label="Indirizzo e orari",
        sentence="Compare in Contattaci e sugli avvisi di pagamento.",
    )
    site_url: str = choice(
        "",
        kind="text",
        group="Ufficio",
        label="Sito del Comune",
        sentence="È il collegamento al sito istituzionale in cima al portale.",
    )
    doors: tuple[str, ...] = choice(
        ("password",),
        kind="choices",
        group="Accesso",
        label="Modi di accesso",
        sentence="Decide con che cosa entrano le famiglie; il personale entra sempre con nome utente e password.",
        options=(("password", "Nome utente e password"),),
    )
    account_per_child: bool = choice(
        False,
        kind="flag",
        group="Accesso",
        label="Un accesso per ogni figlio",
        sentence="Se attivo, ogni nuovo accesso creato dall’ufficio vede un solo figlio; altrimenti li vede tutti.",
    )
    roll_call_closes_at: time = choice(
        time(9, 30),
        kind="time",
        group="Appello",
        label="Chiusura dell’appello",
        sentence="Entro quest’ora le classi confermano; dopo, l’ufficio vede quali mancano.",
    )
    top_up_presets: tuple[int, ...] = choice(
        (1000, 2000, 5000, 10000),
        kind="cents_list",
        group="Pagamenti",
        label="Importi proposti",
        sentence="Sono gli importi già pronti in Effettua una ricarica.",
    )
    top_up_min: int = choice(
        500,
        kind="cents",
        group="Pagamenti",
        label="Ricarica minima",
        sentence="Sotto questo importo la Ricarica personalizzata non è accettata.",
    )
    top_up_max: int = choice(
        50000,
        kind="cents",
        group="Pagamenti",
        label="Ricarica massima",
        sentence="Sopra questo importo la Ricarica personalizzata non è accettata.",
    )
    notice_days: int = choice(
        30,
        kind="whole",
        group="Pagamenti",
        label="Giorni per pagare un avviso",
        sentence="Passato questo numero di giorni, un avviso non pagato scade e si può rifare.",
    )
    low_credit_meals: int = choice(
        3,
        kind="whole",
        group="Credito",
        label="Avviso di credito basso, in pasti",
        sentence="Quando il credito scende a questo numero di pasti, la famiglia riceve una e-mail, una volta sola.",
    )
    floor: int = choice(
        -5000,
        kind="cents",
        group="Credito",
        label="Limite sotto zero",
        sentence="Oltre questo debito l’ufficio vede la famiglia tra le cose in attesa; il bambino mangia comunque.",
    )
    pagopa_segregation: int = choice(
        1,
        kind="whole",
        group="pagoPA",
        label="Codice di segregazione",
        sentence="Sono le due cifre che pagoPA ha dato al Comune per questi avvisi.",
    )
    iban: str = choice(
        "",
        kind="text",
        group="pagoPA",
        label="IBAN di accredito",
        sentence="È il conto su cui pagoPA versa; deve essere registrato nel back-office pagoPA.",
    )
    cbill: str = choice(
        "",
        kind="text",
        group="pagoPA",
        label="Codice CBILL",
        sentence="È stampato sugli avvisi per chi paga dalla propria banca.",
    )

    @classmethod
    def read(cls, stored: dict[str, Any]) -> "Choices":
        """Read what is stored, ignoring names that no longer exist."""
        return cls(**{f.name: _read(f.metadata["kind"], stored[f.name]) for f in fields(cls) if f.name in stored})

    def stored(self) -> dict[str, Any]:
        """Return what to store: JSON values."""
        return {f.name: _stored(getattr(self, f.name)) for f in fields(self)}


def _read(kind: Kind, value: Any) -> Any:
    if kind == "time":
        return time.fromisoformat(value)
    if kind in ("cents_list", "choices"):
        return tuple(value)
    return value


def _stored(value: Any) -> Any:
    if isinstance(value, time):
        return value.isoformat("minutes")
    return list(value) if isinstance(value, tuple) else value
