"""What a town chooses about credits put right by hand."""

from dataclasses import dataclass

from campanella.foundation.tenants.settings import ChoiceGroup, choice

GROUP = "Rettifiche e rimborsi"


@dataclass(frozen=True)
class AdjustChoices(ChoiceGroup):
    """From which amount on two people decide, and what is given back at all; amounts in cents."""

    adjust_second_person: int = choice(
        20_000,
        kind="cents",
        bounds=(0, 1_000_000),
        group=GROUP,
        label="Rettifiche: conferma di una seconda persona",
        sentence="Da qui in su, anche in più volte in 30 giorni sullo stesso borsellino, conferma un altro; con 0, sempre.",
        by_two=True,
    )
    refund_second_person: int = choice(
        0,
        kind="cents",
        bounds=(0, 1_000_000),
        group=GROUP,
        label="Rimborsi: conferma di una seconda persona",
        sentence="Da qui in su, anche in più volte in 30 giorni, un rimborso su IBAN lo approvano in due; con 0, sempre.",
        by_two=True,
    )
    refund_least: int = choice(
        0,
        kind="cents",
        bounds=(0, 10_000),
        group=GROUP,
        label="Rimborso minimo",
        sentence="Sotto questo importo il credito non si rimborsa: si sposta a un fratello o resta.",
    )
    refund_online: bool = choice(
        True,
        kind="flag",
        group=GROUP,
        label="Richiesta di rimborso dal portale",
        sentence="Chi ha lasciato il servizio chiede dal portale il credito che resta; spento, lo chiede all’ufficio.",
    )
    goodwill_yearly: int = choice(
        5_000,
        kind="cents",
        bounds=(0, 1_000_000),
        group=GROUP,
        label="Crediti di cortesia in un anno",
        sentence="È quanto ogni persona dell’ufficio può regalare da sola in un anno; oltre, conferma un collega.",
        by_two=True,
    )
    write_off_most: int = choice(
        1_200,
        kind="cents",
        bounds=(0, 100_000),
        group=GROUP,
        label="Debito che si può cancellare",
        sentence="È il debito più grande che due persone dell’ufficio possono cancellare con un atto.",
        by_two=True,
    )
    proposal_days: int = choice(
        30,
        kind="whole",
        bounds=(1, 365),
        group=GROUP,
        label="Giorni in cui una proposta aspetta",
        sentence="Dopo tanti giorni senza la seconda persona una proposta dell’ufficio decade.",
    )
