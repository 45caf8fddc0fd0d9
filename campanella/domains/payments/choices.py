"""What a town chooses about paying."""

from dataclasses import dataclass

from campanella.domains.payments.rules import SEGREGATION
from campanella.foundation.tenants.settings import ChoiceGroup, choice


@dataclass(frozen=True)
class TopUpChoices(ChoiceGroup):
    """Amounts of top-ups in cents, and how long a notice waits."""

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
        bounds=(1, 365),
        group="Pagamenti",
        label="Giorni per pagare un avviso",
        sentence="Passato questo numero di giorni, un avviso non pagato scade e si può rifare.",
    )


@dataclass(frozen=True)
class PagopaChoices(ChoiceGroup):
    """Where pagoPA pays to, and by which codes it knows the town."""

    pagopa_segregation: int = choice(
        1,
        kind="two_digits",
        bounds=SEGREGATION,
        group="pagoPA",
        label="Codice di segregazione",
        sentence="Sono le due cifre che pagoPA ha dato al Comune per questi avvisi.",
    )
    iban: str = choice(
        "",
        kind="text",
        group="pagoPA",
        label="IBAN di accredito",
        sentence="È il conto su cui pagoPA versa; deve essere registrato nel back-office pagoPA. Lo cambiano due persone.",
        by_two=True,
    )
    cbill: str = choice(
        "",
        kind="text",
        group="pagoPA",
        label="Codice CBILL",
        sentence="È stampato sugli avvisi per chi paga dalla propria banca.",
    )
