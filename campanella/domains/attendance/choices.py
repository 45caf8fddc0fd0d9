"""What a town chooses about the roll-call, and about what families ask for."""

from dataclasses import dataclass
from datetime import time

from campanella.foundation.tenants.settings import ChoiceGroup, choice


@dataclass(frozen=True)
class RollCallChoices(ChoiceGroup):
    """When the roll-call closes, and the reasons one gives most often for a correction."""

    roll_call_closes_at: time = choice(
        time(9, 30),
        kind="time",
        group="Appello",
        label="Chiusura dell’appello",
        sentence=(
            "Entro quest’ora le classi confermano; dopo, l’ufficio vede quali mancano. "
            "Se la cambi vale da domani: oggi e i giorni passati restano come erano."
        ),
        by_day=True,
    )
    correction_reasons: tuple[str, ...] = choice(
        ("Segnato per errore", "Arrivo in ritardo", "Uscita anticipata", "Lo dice la famiglia"),
        kind="texts",
        group="Appello",
        label="Motivi pronti per correggere un bambino",
        sentence="Uno per riga: si scelgono con un tocco e la famiglia li legge. Si può sempre scriverne un altro.",
    )
    adults_reasons: tuple[str, ...] = choice(
        ("Contati male", "È arrivato un adulto", "È andato via un adulto"),
        kind="texts",
        group="Appello",
        label="Motivi pronti per correggere gli adulti",
        sentence="Uno per riga: si scelgono con un tocco, li legge l’ufficio. Si può sempre scriverne un altro.",
    )


@dataclass(frozen=True)
class FamilyChoices(ChoiceGroup):
    """What a family may ask for by itself, and how its requests are judged."""

    white_meals_in_a_row: int = choice(
        3,
        kind="whole",
        group="Disdette e richieste",
        label="Pasti in bianco di seguito senza certificato",
        sentence=(
            "Contano i giorni di mensa: fine settimana e chiusure non interrompono la serie. Conta quello che vede la "
            "cucina: chi la scuola segna assente, o con il pasto di tutti, non l’ha avuto. 0 non mette limiti."
        ),
        bounds=(0, 30),
    )
    white_meals_in_a_month: int = choice(
        0,
        kind="whole",
        group="Disdette e richieste",
        label="Pasti in bianco in un mese senza certificato",
        sentence="Oltre questo numero nel mese serve il certificato. 0 non mette limiti.",
        bounds=(0, 31),
    )
    offline_grace_minutes: int = choice(
        0,
        kind="whole",
        group="Disdette e richieste",
        label="Minuti concessi a una disdetta scritta senza rete",
        sentence=(
            "Una disdetta scritta in tempo sul telefono senza rete vale se arriva entro questi minuti dopo la chiusura. "
            "Con 0 conta soltanto quando arriva."
        ),
        bounds=(0, 120),
    )
    offline_clock_error_minutes: int = choice(
        10,
        kind="whole",
        group="Disdette e richieste",
        label="Errore massimo dell’orologio del telefono, in minuti",
        sentence="Se l’orologio del telefono sbaglia di più, la disdetta conta quando arriva e la vede l’ufficio.",
        bounds=(0, 60),
    )
    outage_moves_cut_off: bool = choice(
        True,
        kind="flag",
        group="Disdette e richieste",
        label="Se il portale non andava, la chiusura si sposta",
        sentence="Quando il portale non era raggiungibile nell’ultima ora prima della chiusura; la cucina viene avvisata.",
    )
    outage_extra_minutes: int = choice(
        0,
        kind="whole",
        group="Disdette e richieste",
        label="Di quanti minuti si sposta",
        sentence="Con 0 si sposta di quanto il portale è stato fermo nell’ultima ora.",
        bounds=(0, 120),
    )
