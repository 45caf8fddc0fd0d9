"""Labels for common sheets of A4, in the places where the paper is cut."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from campanella.foundation.documents.pdf import render

TEMPLATE = "foundation/documents/templates/labels.typ"


@dataclass(frozen=True)
class LabelSheet:
    """
    A sheet of labels as it is sold; lengths in millimetres.

    :ivar gap: between two labels side by side
    """

    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    gap: float = 0

    @property
    def places(self) -> int:
        """How many labels one sheet holds."""
        return self.columns * self.rows

    @property
    def words(self) -> str:
        """What is written on the box: "24 da 70 × 36 mm"."""
        width, height = (f"{length:g}".replace(".", ",") for length in (self.width, self.height))
        return f"{self.places} da {width} × {height} mm"


# As most makers cut them: over the whole width of the sheet, or with a gap between the columns.
SHEETS = {
    "3x8": LabelSheet(columns=3, rows=8, width=70, height=36, left=0, top=4.5),
    "3x8-37": LabelSheet(columns=3, rows=8, width=70, height=37, left=0, top=0.5),
    "3x7": LabelSheet(columns=3, rows=7, width=63.5, height=38.1, left=7.25, top=15.15, gap=2.5),
    "2x8": LabelSheet(columns=2, rows=8, width=99.1, height=33.9, left=4.65, top=12.9, gap=2.5),
    "2x7": LabelSheet(columns=2, rows=7, width=99.1, height=38.1, left=4.65, top=15.15, gap=2.5),
    "2x5": LabelSheet(columns=2, rows=5, width=105, height=57, left=0, top=6),
}


@dataclass(frozen=True)
class Label:
    """
    One label.

    :ivar place: where it goes: school, shift, class
    :ivar what: what to serve
    :ivar dishes: of the day, in a line
    """

    place: str
    name: str
    what: str
    dishes: str
    foot: str


def labels_pdf(
    *, town_name: str, title: str, sheet: LabelSheet, labels: Sequence[Label], made_at: datetime, first_place: int = 1
) -> bytes:
    """
    Print labels, row by row.

    :param first_place: of the first sheet, counted from 1: those before it are gone already
    :raises ValueError: the sheet has no such place
    """
    if not 1 <= first_place <= sheet.places:
        raise ValueError(f"no place {first_place} on a sheet of {sheet.places}")
    data = {
        "creditor_name": town_name,
        "title": title,
        "sheet": asdict(sheet),
        "labels": [asdict(label) for label in labels],
        "skipped": first_place - 1,
    }
    return render(TEMPLATE, data, made_at=made_at)
