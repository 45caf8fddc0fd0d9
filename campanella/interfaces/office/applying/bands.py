"""The applications of a call by band and state, and its list as a sheet with the columns that somebody chooses."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.applying import queries
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.documents import sheets
from campanella.foundation.documents.downloads import as_download
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.applying.columns import COLUMNS, chosen
from campanella.interfaces.office.applying.views import SECTION, STATES, WORDS
from campanella.readings.office import application_bands as reading

# Of more than that one takes the sheet.
MOST_SHOWN = 100
EVERY = tuple(dict.fromkeys(state for states in STATES.values() for state in states))


@staff(Role.OFFICE)
@require_safe
def bands(request: PersonRequest, call_id: int) -> HttpResponse:
    """Count by band and state; of one of them, or of all, show the list and give it as a sheet."""
    call = queries.call(call_id=call_id)
    state, band = _asked(request.GET)
    found = reading.applied(call=call, states=STATES.get(state, EVERY), band=band) if state or band else []
    columns = chosen(request.GET.getlist("colonne"))
    page = {
        "call": call,
        "table": reading.table(call=call),
        "state": state,
        "word": WORDS.get(state, ""),
        "band": band,
        "lines": found[:MOST_SHOWN],
        "count": len(found),
        "columns": COLUMNS,
        "shown": {one.key for one in columns},
        "query": request.GET.urlencode(),
    }
    return render(request, "office/applying/bands.html", SECTION | page)


@staff(Role.OFFICE)
@require_safe
def sheet(request: PersonRequest, call_id: int, kind: str) -> HttpResponse:
    """Give the list of a call, of one band or state or of all, as XLSX or CSV."""
    if kind not in ("csv", "xlsx"):
        raise NotFound
    call = queries.call(call_id=call_id)
    state, band = _asked(request.GET)
    columns = chosen(request.GET.getlist("colonne"))
    rows = reading.applied(call=call, states=STATES.get(state, EVERY), band=band)
    head, cells = [one.label for one in columns], ([column.cell(row) for column in columns] for row in rows)
    name = f"domande-{call.service.code}-{clock.today()}.{kind}"
    if kind == "csv":
        return as_download(content=sheets.csv_sheet(head=head, rows=cells), name=name, content_type=sheets.CSV)
    return as_download(
        content=sheets.xlsx_sheet(title="Domande", head=head, rows=cells), name=name, content_type=sheets.XLSX
    )


def _asked(query: QueryDict) -> tuple[str, str]:
    """Read state and band out of an address; what is no state asks for all."""
    state = query.get("stato", "")
    return state if state in STATES else "", query.get("fascia", "").strip()[:120]
