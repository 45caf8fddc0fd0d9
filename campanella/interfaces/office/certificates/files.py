"""A year's certificates as sheets and papers, and the data set for the tax agency."""

import json
from collections.abc import Iterator

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.certifying import queries
from campanella.domains.certifying.content import Content
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro
from campanella.foundation.documents import sheets
from campanella.foundation.documents.downloads import as_download, as_paper
from campanella.foundation.documents.sheets import Cell
from campanella.interfaces.doors import PersonRequest, number, staff
from campanella.interfaces.office.certificates.views import IN_A_FILE
from campanella.readings.certificates import agency, papers
from campanella.readings.certificates.reckoning import REASONS

HEAD = (
    "Numero",
    "Versione",
    "Bambino",
    "Codice fiscale",
    "Scuola",
    "Chi ha pagato",
    "Codice fiscale di chi ha pagato",
    "Istruzione",
    "Nido",
    "Emessa il",
    "Perché non c’è",
    "Contanti esclusi",
    "Pagato da chi non ha codice fiscale",
)
WHATS: dict[str, agency.What] = {"scuola": "school", "nido": "nursery"}


@staff(Role.OFFICE)
@require_safe
def as_list(request: PersonRequest, year: int, kind: str) -> HttpResponse:
    """Give the certificates of a year that stand, then the children without one and why."""
    if year > clock.LAST_DAY.year:
        raise NotFound
    name, rows = f"attestazioni-{year}.{kind}", _rows(year)
    if kind == "xlsx":
        whole = sheets.xlsx_sheet(title=f"Attestazioni {year}", head=HEAD, rows=rows)
        return as_download(content=whole, name=name, content_type=sheets.XLSX)
    return as_download(content=sheets.csv_sheet(head=HEAD, rows=rows), name=name, content_type=sheets.CSV)


def _rows(year: int) -> Iterator[list[Cell]]:
    for one in queries.issued_in(year=year):
        said = Content.read(one.content)
        yield [
            one.written_number,
            one.version,
            said.child_name,
            said.child_tax_code,
            said.school,
            said.payer_name,
            said.payer_tax_code,
            Euro(said.total("school")),
            Euro(said.total("nursery")),
            one.issued_at.date(),
            None,
            None,
            None,
        ]
    run = queries.last_run(year=year)
    notes = run.notes if run else {}
    known = people.children(child_ids=list(notes))
    for child_id, said_of in notes.items():
        if child := known.get(child_id):
            nothing: list[Cell] = [None] * 6
            left_out: list[Cell] = [Euro(int(said_of.get(name, 0))) for name in ("cash", "nameless")]
            why = REASONS.get(str(said_of.get("reason", "")))
            yield [None, None, child.full_name, child.tax_code, *nothing, why, *left_out]


@staff(Role.OFFICE)
@require_safe
def as_paper_of_many(request: PersonRequest, year: int) -> HttpResponse:
    """Print two hundred certificates of a year into one file, after a number: for families without the portal."""
    found = queries.issued_in(year=year, after=number(request.GET.get("dopo", "")) or 0, most=IN_A_FILE)
    return as_paper(papers.pdf_of(found, site=request.get_host()), filename=f"attestazioni-{year}.pdf")


@staff(Role.OFFICE)
@require_safe
def for_the_agency(request: PersonRequest, year: int, what: str, kind: str) -> HttpResponse:
    """Give the known fields of the yearly communication; it is not the agency's own file, and says so."""
    if what not in WHATS or kind not in ("csv", "json"):
        raise NotFound
    found = agency.data_set(year=year, what=WHATS[what])
    name = f"agenzia-{what}-{year}.{kind}"
    if kind == "json":
        text = json.dumps(agency.as_json(found), ensure_ascii=False, indent=1)
        return as_download(content=text.encode(), name=name, content_type="application/json")
    whole = sheets.csv_sheet(head=agency.HEAD, rows=agency.cells_of(found))
    return as_download(content=whole, name=name, content_type=sheets.CSV)
