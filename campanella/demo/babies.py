"""For whom a place at Valenza's nursery is asked, and what the form asks: the points are those of Ravarino."""

from collections.abc import Mapping
from dataclasses import dataclass

from campanella.demo.tax_codes import Sex
from campanella.domains.applying.setting_up import PartData

OTHER = "Nido Il Pioppo"
HOUSEHOLD, CHILDREN, WORK, HOURS = "Nucleo familiare", "Altri figli fino a 8 anni", "Lavoro", "Ore di lavoro alla settimana"
RESIDENCE, SECOND = "Il bambino è residente a Valenza?", "Seconda scelta"
DISABLED = "C’è una certificazione L. 104 o dei servizi?"
PARTS = (
    PartData("yes_no", RESIDENCE),
    PartData("yes_no", DISABLED, "Lo controlliamo con i servizi sociali."),
    PartData("choice", HOUSEHOLD, options=("Coppia", "Genitori separati", "Genitore solo")),
    PartData("choice", CHILDREN, options=("Nessuno", "Uno", "Due", "Tre", "Quattro o più")),
    PartData("choice", WORK, "Di chi lavora meno.", ("Non lavora", "Disoccupato", "Contratto breve", "Un anno o più")),
    PartData("choice", HOURS, options=("Nessuna", "Fino a 20", "Da 21 a 29", "30 o più")),
    PartData("choice", SECOND, "Facoltativa.", (OTHER, "Nido Rosetta"), is_required=False),
)
# As in Ravarino.
POINTS: Mapping[str, Mapping[str, int]] = {
    HOUSEHOLD: {"Genitori separati": 25, "Genitore solo": 35},
    CHILDREN: {"Uno": 5, "Due": 10, "Tre": 15, "Quattro o più": 20},
    WORK: {"Disoccupato": 8, "Contratto breve": 10, "Un anno o più": 13},
    HOURS: {"Fino a 20": 6, "Da 21 a 29": 8, "30 o più": 12},
}


@dataclass(frozen=True)
class Baby:
    """Somebody for whom a place is asked; the answers are those of household, children, work and hours."""

    given_name: str
    sex: Sex
    days_old: int
    answers: tuple[str, str, str, str]
    second: str = OTHER
    is_first: bool = False


# The third and the fourth are equal in everything; the last one appeals.
BABIES = (
    Baby("Cesare", "M", 210, ("Coppia", "Uno", "Un anno o più", "30 o più")),
    Baby("Ludovica", "F", 260, ("Genitore solo", "Nessuno", "Contratto breve", "Da 21 a 29")),
    Baby("Ettore", "M", 180, ("Coppia", "Nessuno", "Un anno o più", "30 o più")),
    Baby("Ada", "F", 180, ("Coppia", "Nessuno", "Un anno o più", "30 o più")),
    Baby("Tobia", "M", 300, ("Coppia", "Due", "Disoccupato", "Nessuna"), second=""),
    Baby("Irma", "F", 150, ("Coppia", "Nessuno", "Non lavora", "Nessuna"), is_first=True),
    Baby("Bruno", "M", 120, ("Coppia", "Uno", "Non lavora", "Nessuna")),
)
