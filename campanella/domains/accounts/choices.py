"""What a town chooses about entering."""

from dataclasses import dataclass

from campanella.foundation.tenants.settings import ChoiceGroup, choice


@dataclass(frozen=True)
class AccessChoices(ChoiceGroup):
    """How people enter."""

    doors: tuple[str, ...] = choice(
        ("password",),
        kind="choices",
        group="Accesso",
        label="Modi di accesso",
        sentence="Decide con che cosa entrano le famiglie; il personale entra sempre con nome utente e password.",
        options=(("password", "Nome utente e password"),),
    )
    registration: bool = choice(
        False,
        kind="flag",
        group="Accesso",
        label="Registrazione on-line",
        sentence="Chi non ha un accesso se lo fa da solo; se i figli non si riconoscono da un codice o dall’e-mail, decide "
        "l’ufficio. Serve l’accesso con nome utente e password, uno per adulto.",
    )
    account_per_child: bool = choice(
        False,
        kind="flag",
        group="Accesso",
        label="Un accesso per ogni figlio",
        sentence="Se attivo, ogni nuovo accesso creato dall’ufficio vede un solo figlio; altrimenti li vede tutti.",
    )
