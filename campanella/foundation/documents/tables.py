"""Tables on paper: lists of the office, class lists for the roll-call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campanella.foundation.core.italian import at_time, day_figures
from campanella.foundation.documents.pdf import render

TEMPLATE = "foundation/documents/templates/table.typ"
SECTIONS = "foundation/documents/templates/sections.typ"
BOX = "☐"
# A table with more columns than this lies on its side.
MOST_UPRIGHT = 8


@dataclass(frozen=True, kw_only=True)
class PaperTable:
    """
    A table to print.

    :ivar about: of what, under the title: the day, the class, the filters
    :ivar widths: of each column, in shares of what is left; 0 takes what its words need
    :ivar rows: texts; ``BOX`` is an empty box to tick
    :ivar sum: a line under the table
    """

    town_name: str
    title: str
    about: str
    columns: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Sequence[str]]
    sum: str
    made_at: datetime
    # On its side, in a smaller letter, for many narrow columns.
    is_wide: bool = False


def table_pdf(table: PaperTable) -> bytes:
    """Print a table as PDF; each page says in its foot of what it is, and the day and the hour of printing."""
    data = {
        "creditor_name": table.town_name,
        "title": table.title,
        "about": table.about,
        "columns": list(table.columns),
        "widths": list(table.widths),
        "rows": [list(row) for row in table.rows],
        "sum": table.sum,
        "landscape": table.is_wide,
        "printed": _printed(table.made_at),
    }
    return render(TEMPLATE, data, made_at=table.made_at)


@dataclass(frozen=True, kw_only=True)
class Section:
    """
    One table of a paper of several.

    :ivar starts_page: on a page of its own, under the paper's heading
    :ivar sign: what is written by hand below it
    """

    heading: str
    columns: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Sequence[str]]
    about: str = ""
    sum: str = ""
    starts_page: bool = False
    sign: Sequence[str] = ()


def sections_pdf(
    *, town_name: str, title: str, about: str, lines: Sequence[str], sections: Sequence[Section], made_at: datetime
) -> bytes:
    """
    Print several tables under one heading; each page says in its foot of what it is, and the day and the hour of printing.

    :param lines: what the whole paper says, under the heading
    """
    data = {
        "creditor_name": town_name,
        "title": title,
        "about": about,
        "lines": list(lines),
        "landscape": any(len(part.columns) > MOST_UPRIGHT for part in sections),
        "sections": [
            {
                "heading": part.heading,
                "about": part.about,
                "columns": list(part.columns),
                "widths": list(part.widths),
                "rows": [list(row) for row in part.rows],
                "sum": part.sum,
                "new_page": part.starts_page,
                "sign": list(part.sign),
            }
            for part in sections
        ],
        "printed": _printed(made_at),
    }
    return render(SECTIONS, data, made_at=made_at)


def _printed(made_at: datetime) -> str:
    return f"stampato il {day_figures(made_at)} alle {at_time(made_at)}"
