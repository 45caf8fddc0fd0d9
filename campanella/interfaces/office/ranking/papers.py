"""The list as it is published: protocol numbers, never a name, a birthday or an ISEE."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.ranking.queries import RankLine
from campanella.foundation.core import clock
from campanella.foundation.core.italian import moment_full
from campanella.foundation.documents import sheets
from campanella.foundation.documents.downloads import as_download, as_paper
from campanella.foundation.documents.tables import Section, sections_pdf
from campanella.interfaces.doors import PersonRequest, staff
from campanella.readings.office.ranking import GroupList, OfficeList, office_list

HEAD = ("Fascia", "Posizione", "Domanda", "Punti", "Sorteggio", "Esito")
WAITS, DRAWN = "in lista d’attesa", "sì"


@staff(Role.OFFICE)
@require_safe
def pdf(request: PersonRequest, list_id: int) -> HttpResponse:
    """Print a list as it is published, an age group on a page of its own."""
    found = office_list(list_id=list_id)
    made = sections_pdf(
        town_name=request.town.name,
        title=f"Graduatoria {found.ways or 'da pubblicare'}",
        about=f"{found.ranking.call.service.name}, {found.ranking.call.year.name}",
        lines=[
            f"Graduatoria n. {found.ranking.number}, fatta il {moment_full(found.ranking.at)}.",
            f"Seme del sorteggio: {found.ranking.seed}. Impronta dei dati: {found.ranking.digest}.",
        ],
        sections=[_section(group, number) for number, group in enumerate(found.groups)],
        made_at=clock.now(),
    )
    return as_paper(made, filename=f"graduatoria-{found.ranking.number}.pdf")


@staff(Role.OFFICE)
@require_safe
def csv(request: PersonRequest, list_id: int) -> HttpResponse:
    """Write a list as it is published as CSV."""
    found = office_list(list_id=list_id)
    content = sheets.csv_sheet(head=HEAD, rows=_rows(found))
    return as_download(content=content, name=f"graduatoria-{found.ranking.number}.csv", content_type=sheets.CSV)


def _rows(found: OfficeList) -> list[list[sheets.Cell]]:
    return [
        [
            group.name,
            line.row.position,
            line.row.application.number,
            line.row.points,
            _drawn(line.row.is_drawn),
            _end(line.row),
        ]
        for group in found.groups
        for line in group.lines
    ]


def _section(group: GroupList, number: int) -> Section:
    rows = [
        (
            str(line.row.position),
            line.row.application.number,
            str(line.row.points),
            _drawn(line.row.is_drawn),
            _end(line.row),
        )
        for line in group.lines
    ]
    places = "; ".join(f"{name}: {given} di {count}" for name, count, given in group.places)
    return Section(
        heading=group.name,
        about=f"Posti: {places}" if places else "",
        columns=HEAD[1:],
        widths=(1, 2, 1, 1, 4),
        rows=rows,
        starts_page=number > 0,
    )


def _drawn(is_drawn: bool) -> str:
    return DRAWN if is_drawn else ""


def _end(row: RankLine) -> str:
    return f"ammessa: {row.school.name}" if row.school else WAITS
