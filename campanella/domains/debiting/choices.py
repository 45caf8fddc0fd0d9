"""What a town chooses about direct debit."""

from dataclasses import dataclass

from campanella.domains.debiting.rules.collecting import Terms
from campanella.foundation.tenants.settings import ChoiceGroup, choice

GROUP = "Addebito diretto SEPA"


@dataclass(frozen=True)
class DebitChoices(ChoiceGroup):
    """Who collects, through which bank, and by which rules; days as they say."""

    sdd_offered: bool = choice(
        False,
        kind="flag",
        group=GROUP,
        label="Offri l’addebito diretto",
        sentence="Le famiglie possono far addebitare le bollette sul conto; i mandati già firmati restano validi.",
    )
    sdd_creditor_id: str = choice(
        "",
        kind="text",
        group=GROUP,
        label="Codice identificativo del creditore",
        sentence="Sono i 23 caratteri del Comune come creditore; vuoto, si ricava dal codice fiscale del Comune.",
        by_two=True,
    )
    sdd_iban: str = choice(
        "",
        kind="text",
        group=GROUP,
        label="IBAN su cui arrivano gli addebiti",
        sentence="È il conto di tesoreria; vuoto, è quello di accredito di pagoPA. Lo cambiano due persone.",
        by_two=True,
    )
    sdd_cuc: str = choice(
        "",
        kind="text",
        group=GROUP,
        label="Codice unico CBI",
        sentence="Sono gli 8 caratteri con cui la banca riconosce chi manda i file CBI.",
    )
    sdd_bank_days: int = choice(
        2,
        kind="whole",
        bounds=(1, 15),
        group=GROUP,
        label="Anticipo chiesto dalla banca",
        sentence="Sono i giorni lavorativi bancari prima dell’addebito entro cui la banca vuole il file.",
    )
    sdd_notice_days: int = choice(
        14,
        kind="whole",
        bounds=(1, 60),
        group=GROUP,
        label="Preavviso alla famiglia",
        sentence="Si addebita solo ciò che la famiglia sa da almeno questi giorni; meno di 14 va concordato con lei.",
    )
    sdd_retries: int = choice(
        1,
        kind="whole",
        bounds=(0, 3),
        group=GROUP,
        label="Nuovi tentativi senza fondi",
        sentence="È quante volte si riprova quando sul conto non c’era abbastanza denaro; poi serve un avviso pagoPA.",
    )
    sdd_retry_days: int = choice(
        15,
        kind="whole",
        bounds=(1, 60),
        group=GROUP,
        label="Giorni prima di riprovare",
        sentence="È quanto si aspetta dopo un addebito tornato indietro; la famiglia legge la data nell’e-mail.",
    )
    sdd_returns_limit: int = choice(
        3,
        kind="whole",
        bounds=(0, 12),
        group=GROUP,
        label="Insoluti che sospendono",
        sentence="Dopo questo numero di addebiti tornati indietro l’autorizzazione è sospesa; 0 non sospende mai.",
    )

    @property
    def terms(self) -> Terms:
        """The days by which the town collects."""
        return Terms(
            bank_days=self.sdd_bank_days,
            notice_days=self.sdd_notice_days,
            retry_days=self.sdd_retry_days,
            retries=self.sdd_retries,
        )
