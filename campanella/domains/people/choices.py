"""What a town chooses about who takes a child home."""

from dataclasses import dataclass

from campanella.foundation.tenants.settings import ChoiceGroup, choice


@dataclass(frozen=True)
class PickUpChoices(ChoiceGroup):
    """Who may be named beside the parents, who goes home alone, and what is done when nobody is there (R12)."""

    delegates_most: int = choice(
        2,
        kind="whole",
        group="Uscita e ritiro",
        label="Persone delegate per ogni bambino, al massimo",
        sentence="Maggiorenni che la famiglia indica e l’ufficio conferma. 0: solo i genitori.",
        bounds=(0, 10),
    )
    alone_levels: tuple[str, ...] = choice(
        ("secondaria",),
        kind="choices",
        group="Uscita e ritiro",
        label="Scuole da cui si può tornare a casa da soli",
        sentence="Se firmano tutti i genitori (D.L. 148/2017, art. 19-bis); negli altri ordini serve sempre un adulto.",
        options=(("primaria", "Primaria"), ("secondaria", "Secondaria")),
    )
    nobody_there: str = choice(
        "Se non c’è nessuno il bambino resta a bordo, o con chi lo custodisce: chiama la famiglia, poi portalo in ufficio.",
        kind="text",
        group="Uscita e ritiro",
        label="Che cosa fare se non c’è nessuno",
        sentence="Sta scritto sull’elenco di chi torna a casa.",
    )
