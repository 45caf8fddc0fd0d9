"""The list for the collector: who is ready, what is prescribed soon, as a sheet."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from campanella.domains.accounts.roles import Role
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.documents import sheets
from campanella.foundation.documents.downloads import as_download
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.arrears.ladder import SECTION
from campanella.readings.arrears.collector import collector_page
from campanella.usecases.arrears import collecting


@staff(Role.OFFICE)
def collector(request: PersonRequest) -> HttpResponse:
    """Show who is ready for the collector, and whose debts are prescribed soon."""
    return render(request, "office/arrears/collector.html", {**SECTION, "page": collector_page(now=clock.now())})


@require_POST
@staff(Role.OFFICE)
def sheet(request: PersonRequest, form: str) -> HttpResponse:
    """Hand out the list as CSV or XLSX; that it left is written down."""
    now = clock.now()
    name = f"riscossione-{clock.day_of(now):%Y-%m-%d}.{form}"
    if form == "csv":
        content, kind = collecting.export(by=request.user, form="csv", now=now), sheets.CSV
    elif form == "xlsx":
        content, kind = collecting.export(by=request.user, form="xlsx", now=now), sheets.XLSX
    else:
        raise NotFound
    return as_download(content=content, name=name, content_type=kind)
