"""What a town chooses about its services."""

from dataclasses import dataclass

from campanella.foundation.tenants.settings import ChoiceGroup, choice


@dataclass(frozen=True)
class BusChoices(ChoiceGroup):
    """What rides cost whoever takes both."""

    both_ways_percent: int = choice(
        0,
        kind="whole",
        group="Scuolabus",
        label="Sconto a chi usa andata e ritorno, in percento",
        sentence="Su tutte e due le corse, ognuna con la sua tariffa, per chi l’ufficio iscrive a entrambe. 0 non sconta.",
        bounds=(0, 100),
    )
