"""What a town chooses about ISEE declarations."""

from dataclasses import dataclass

from campanella.foundation.tenants.settings import ChoiceGroup, choice

GROUP = "ISEE e tariffe"


@dataclass(frozen=True)
class IseeChoices(ChoiceGroup):
    """Which declarations make a price, and when a family is reminded (R5)."""

    isee_is_declared_online: bool = choice(
        True,
        kind="flag",
        group=GROUP,
        label="Le famiglie dichiarano l’ISEE dal portale",
        sentence="Lo scrive chi paga; l’ufficio lo trova in Da fare. Senza, lo inserisce solo l’ufficio.",
    )
    isee_counts_at_once: bool = choice(
        False,
        kind="flag",
        group=GROUP,
        label="Un ISEE dichiarato vale prima del controllo",
        sentence="La tariffa cambia appena la famiglia lo dichiara; se poi l’ufficio lo rifiuta, i giorni si ricalcolano.",
    )
    isee_counts_with_omissions: bool = choice(
        False,
        kind="flag",
        group=GROUP,
        label="Vale anche un ISEE con omissioni o difformità",
        sentence="Senza, chi lo ha paga come senza ISEE finché non ne porta uno corretto.",
    )
    isee_reminder_days: int = choice(
        30,
        kind="whole",
        group=GROUP,
        label="Giorni prima della scadenza in cui avvisiamo la famiglia",
        sentence="Una e-mail a chi paga, una volta per ogni ISEE. 0: nessun avviso.",
        bounds=(0, 120),
    )

    isee_inps: bool = choice(
        False,
        kind="flag",
        group=GROUP,
        label="Gli ISEE si controllano all’INPS",
        sentence="Quando l’ufficio lo chiede, e di notte: allora, se è lo stesso e non dice le persone del nucleo, vale da "
        "solo. Servono i quattro codici qui sotto.",
    )
    isee_inps_body: str = choice(
        "",
        kind="text",
        group=GROUP,
        label="Codice dell’ente all’INPS",
        sentence="Lo dà l’INPS con l’adesione al servizio.",
    )
    isee_inps_office: str = choice(
        "",
        kind="text",
        group=GROUP,
        label="Codice dell’ufficio all’INPS",
        sentence="L’ufficio che ha aderito.",
    )
    isee_inps_operator: str = choice(
        "",
        kind="text",
        group=GROUP,
        label="Codice fiscale di chi risponde delle richieste all’INPS",
        sentence="Ogni richiesta lo dice; chi ha premuto resta scritto qui.",
    )
    isee_inps_benefit: str = choice(
        "",
        kind="text",
        group=GROUP,
        label="Codice INPS della prestazione",
        sentence="Dalla tabella delle prestazioni sociali agevolate, per esempio A1.05.",
    )

    @property
    def asks_inps(self) -> bool:
        """Whether INPS can be asked: it is wanted, and every code is there."""
        codes = (self.isee_inps_body, self.isee_inps_office, self.isee_inps_operator, self.isee_inps_benefit)
        return self.isee_inps and all(codes)

    @property
    def counting(self) -> dict[str, bool]:
        """Which declarations count, as statements ask for it."""
        return {"unchecked": self.isee_counts_at_once, "omissions": self.isee_counts_with_omissions}
