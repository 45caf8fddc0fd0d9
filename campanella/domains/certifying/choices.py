"""What a town chooses about tax certificates."""

from dataclasses import dataclass

from campanella.foundation.tenants.settings import ChoiceGroup, choice


@dataclass(frozen=True)
class CertificateChoices(ChoiceGroup):
    """What a year's certificate counts, and who may make one."""

    certificates_on_use: bool = choice(
        False,
        kind="flag",
        group="Attestazioni fiscali",
        label="Attesta i servizi usati invece delle ricariche pagate",
        sentence="Di norma conta ciò che è stato pagato nell’anno, meno i rimborsi. Con questa scelta conta ciò che è stato "
        "usato e coperto da pagamenti tracciabili. È scritto su ogni attestazione.",
        by_two=True,
    )
    certificates_by_themselves: bool = choice(
        True,
        kind="flag",
        group="Attestazioni fiscali",
        label="Le famiglie scaricano da sole l’attestazione",
        sentence="Per gli anni finiti, anche quando l’ufficio non l’ha ancora preparata; senza, solo quelle già preparate.",
    )
    nursery_receipt_bears_stamp: bool = choice(
        False,
        kind="flag",
        group="Attestazioni fiscali",
        label="La ricevuta del nido porta il bollo",
        sentence="Oltre 77,47 € la ricevuta mensile del nido dice il bollo di 2,00 €. Chiedi al tuo commercialista.",
    )
    nursery_address: str = choice(
        "",
        kind="text",
        group="Attestazioni fiscali",
        label="Indirizzo del nido",
        sentence="È sulla ricevuta mensile per il bonus INPS. Con più nidi: «Nido Blu: Via Po 1; Nido Sole: Via Roma 2».",
    )
