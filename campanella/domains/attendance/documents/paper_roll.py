"""A class on paper, for a roll-call without network: in the order of the tablet, with boxes to tick."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campanella.foundation.core.italian import WEEKDAYS, at_time, day_full
from campanella.foundation.documents.tables import BOX, PaperTable, table_pdf


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A child of the class; ``known`` is what its family has asked for that day."""

    name: str
    diet_code: str
    known: str


@dataclass(frozen=True, kw_only=True)
class PaperRoll:
    """
    A roll-call on paper.

    :ivar until: until when it is called, as the rule of the school and service says
    """

    town_name: str
    class_name: str
    school_name: str
    service_name: str
    day: date
    until: datetime
    lines: Sequence[PaperLine]
    made_at: datetime


def paper_roll_pdf(roll: PaperRoll) -> bytes:
    """Print it."""
    count = "1 bambino" if len(roll.lines) == 1 else f"{len(roll.lines)} bambini"
    paper = PaperTable(
        town_name=roll.town_name,
        title=f"Appello di {roll.class_name}",
        about=(
            f"{roll.school_name} · {WEEKDAYS[roll.day.weekday()]} {day_full(roll.day)} · {roll.service_name}"
            f" · si chiude alle {at_time(roll.until)}"
        ),
        columns=("", "Cognome e nome", "Dieta", "Presente", "In bianco", "Note"),
        widths=(0, 5, 1, 0, 0, 4),
        rows=[
            (str(place), line.name, line.diet_code, BOX, BOX, line.known) for place, line in enumerate(roll.lines, start=1)
        ],
        sum=f"{count}. Adulti che mangiano: ______   Firma: ________________________",
        made_at=roll.made_at,
    )
    return table_pdf(paper)
