"""What a town chooses about credit."""

from dataclasses import dataclass

from campanella.foundation.tenants.settings import ChoiceGroup, choice


@dataclass(frozen=True)
class CreditChoices(ChoiceGroup):
    """When a credit is low, and how far below zero it may go; amounts in cents."""

    low_credit_meals: int = choice(
        3,
        kind="whole",
        bounds=(0, 60),
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
