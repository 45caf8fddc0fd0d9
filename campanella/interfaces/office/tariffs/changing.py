"""Changing a tariff from a day on without a file: what the form says becomes the file that is told and kept."""

from django.http import HttpResponse
from django.shortcuts import render

from campanella.domains.accounts.roles import Role
from campanella.domains.services.tariff_files import writing
from campanella.domains.services.tariff_files.nodes import FileRefused
from campanella.foundation.core import clock
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.tariffs import reductions
from campanella.interfaces.office.tariffs.forms import ChangeForm
from campanella.interfaces.office.tariffs.taking import look, preview, refuse
from campanella.interfaces.office.tariffs.views import SECTION
from campanella.readings.office import tariffs as reading


@staff(Role.OFFICE)
def change(request: PersonRequest, tariff_id: int) -> HttpResponse:
    """Ask for the amounts, the days and the reductions of a tariff from a day on; tell whom that concerns."""
    today = clock.today()
    version, scheme = reading.changeable(tariff_id=tariff_id, today=today)
    sent = request.POST if request.method == "POST" else None
    form = ChangeForm(sent, scheme=scheme, today=today)
    rows = reductions.forms_of(scheme, sent)
    # Each says what is wrong with it, not the first one alone.
    if sent is not None and all([form.is_valid(), *(row.is_valid() for row in rows)]):
        changes = tuple(one for one in (row.change() for row in rows) if one)
        try:
            seen = look(writing.text([form.changed(changes)]))
        except FileRefused as refused:
            refuse(form, refused, None)
        else:
            if not seen.refusals:
                return preview(request, seen)
            # What was typed stays, with why it is not taken.
            for why in seen.refusals:
                form.add_error(None, why)
    page = {"version": version, "form": form, "rows": rows, "known": len(scheme.changes)}
    return render(request, "office/tariffs/change.html", {**SECTION, **page}, status=422 if sent is not None else 200)
