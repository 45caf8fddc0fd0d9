"""What a town chooses about applications."""

from dataclasses import dataclass

from campanella.foundation.tenants.settings import ChoiceGroup, choice

GROUP = "Iscrizioni"


@dataclass(frozen=True)
class ApplyingChoices(ChoiceGroup):
    """How long what was never sent is kept."""

    draft_days: int = choice(
        30,
        kind="whole",
        group=GROUP,
        label="Giorni dopo la chiusura in cui si cancellano le domande mai mandate",
        sentence="Fino ad allora la famiglia le ritrova, e allo sportello si continuano. La pagina Privacy lo dice.",
        bounds=(1, 180),
    )
    draft_health_days: int = choice(
        7,
        kind="whole",
        group=GROUP,
        label="Giorni dopo la chiusura in cui si cancellano i loro certificati medici",
        sentence="Prima della domanda: sono dati di salute. 0: la notte dopo la chiusura.",
        bounds=(0, 30),
    )
