"""What a town chooses about cash points."""

from dataclasses import dataclass

from campanella.foundation.tenants.settings import ChoiceGroup, choice

GROUP = "Punti di ricarica"


@dataclass(frozen=True)
class CashChoices(ChoiceGroup):
    """Whether families may pay at a counter, how much at once, and how long a mistake can be undone; amounts in cents."""

    cash_points: bool = choice(
        False,
        kind="flag",
        group=GROUP,
        label="Ricariche in farmacia e all’economato",
        sentence="Acceso, ogni famiglia vede il codice personale di ricarica accanto al servizio; spento, nessuno incassa.",
    )
    cash_presets: tuple[int, ...] = choice(
        (1000, 2000, 3000, 5000, 10000),
        kind="cents_list",
        group=GROUP,
        label="Importi pronti alla cassa",
        sentence="Sono gli importi già pronti nella pagina di chi incassa.",
    )
    cash_min: int = choice(
        500,
        kind="cents",
        group=GROUP,
        label="Ricarica minima alla cassa",
        sentence="Sotto questo importo la cassa non incassa.",
    )
    cash_max: int = choice(
        30000,
        kind="cents",
        bounds=(1, 499_999),
        group=GROUP,
        label="Ricarica massima alla cassa",
        sentence="Sopra questo importo la cassa non incassa; la legge non ammette contanti da 5.000 euro in su.",
    )
    cash_void_minutes: int = choice(
        10,
        kind="whole",
        bounds=(0, 120),
        group=GROUP,
        label="Minuti per annullare una ricarica",
        sentence="Chi ha sbagliato annulla da solo entro questi minuti; dopo, corregge l’ufficio.",
    )
