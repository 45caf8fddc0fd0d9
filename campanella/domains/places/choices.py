"""What a town chooses about places."""

from dataclasses import dataclass

from campanella.foundation.tenants.settings import ChoiceGroup, choice


@dataclass(frozen=True)
class PlaceChoices(ChoiceGroup):
    """How long a place that was offered waits for its answer."""

    offer_days: int = choice(
        3,
        kind="whole",
        group="Scuolabus",
        label="Giorni per rispondere a un posto offerto",
        sentence="Quando si libera un posto, chi è in lista d’attesa ha questi giorni per accettarlo; se l’ultimo è un "
        "sabato o un festivo, fino al primo giorno lavorativo dopo. Poi va al prossimo.",
        bounds=(1, 30),
    )


@dataclass(frozen=True)
class CampChoices(ChoiceGroup):
    """What weeks of a camp cost."""

    first_week_percent: int = choice(
        0,
        kind="whole",
        group="Centri estivi",
        label="Sconto sulla prima settimana, in percento",
        sentence="Sulla prima settimana che un bambino ottiene in un centro. 0 non sconta.",
        bounds=(0, 100),
    )
