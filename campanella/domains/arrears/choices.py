"""What a town chooses about arrears; the ladder itself is a row of its own, from a day on."""

from dataclasses import dataclass

from campanella.foundation.tenants.settings import ChoiceGroup, choice

GROUP = "Solleciti"


@dataclass(frozen=True)
class ArrearsChoices(ChoiceGroup):
    """From when something is worth a letter, how a run is staged, what plans a town grants; amounts in cents."""

    arrears_least: int = choice(
        1200,
        kind="cents",
        bounds=(1, 100_000),
        group=GROUP,
        label="Minimo per un sollecito",
        sentence="Chi deve meno non riceve solleciti: scrivere costerebbe più della somma.",
    )
    arrears_wallet_floor: int = choice(
        1000,
        kind="cents",
        bounds=(0, 100_000),
        group=GROUP,
        label="Credito sotto zero che diventa un debito",
        sentence="Un credito prepagato sotto zero di almeno questa somma conta nei solleciti, dal giorno in cui è sceso.",
    )
    arrears_sample: int = choice(
        10,
        kind="whole",
        bounds=(0, 1000),
        group=GROUP,
        label="Primi solleciti",
        sentence="Ne partono prima tanti, poi ci si ferma a guardare; con 0 partono tutti insieme.",
    )
    arrears_series: str = choice(
        "SO",
        kind="text",
        group=GROUP,
        label="Serie dei solleciti",
        sentence="Sta davanti al numero; conta da 1 ogni anno, senza salti.",
    )
    plan_most: int = choice(
        8,
        kind="whole",
        bounds=(2, 60),
        group=GROUP,
        label="Numero massimo di rate",
        sentence="Un debito si può dividere in non più rate di così.",
    )
    plan_least: int = choice(
        2000,
        kind="cents",
        bounds=(1, 100_000),
        group=GROUP,
        label="Rata minima",
        sentence="Nessuna rata è più piccola.",
    )
    plan_grace_days: int = choice(
        5,
        kind="whole",
        bounds=(0, 60),
        group=GROUP,
        label="Giorni di tolleranza di una rata",
        sentence="Dopo tanti giorni dalla scadenza una rata non pagata risveglia i solleciti.",
    )
    prescription_warn_days: int = choice(
        180,
        kind="whole",
        bounds=(0, 1000),
        group=GROUP,
        label="Avviso di prescrizione, in giorni",
        sentence="Un debito che si prescrive entro tanti giorni è segnalato all’ufficio.",
    )
