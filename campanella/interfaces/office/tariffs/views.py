"""The town's tariffs: each service's versions, one explained in sentences, and the file that says them all."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campanella.domains.accounts.roles import Role
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.interfaces.doors import PersonRequest, number, staff
from campanella.readings.office import tariffs as reading
from campanella.usecases.tariffs import asking

SECTION = {"section": "settings"}


@staff(Role.OFFICE)
@require_safe
def tariffs(request: PersonRequest) -> HttpResponse:
    """Show each service with the versions of its tariffs."""
    return render(request, "office/tariffs/tariffs.html", {**SECTION, "services": reading.listed(today=clock.today())})


@staff(Role.OFFICE)
@require_safe
def tariff(request: PersonRequest, tariff_id: int) -> HttpResponse:
    """Explain a tariff in sentences, with its other versions and who has changed what."""
    found = reading.page_of(tariff_id=tariff_id, today=clock.today())
    return render(request, "office/tariffs/tariff.html", {**SECTION, "found": found, "acts": reading.acts(found.version)})


@staff(Role.OFFICE)
@require_safe
def file(request: PersonRequest) -> HttpResponse:
    """Hand out the file of all tariffs, or of one."""
    wanted = request.GET.get("tariffa")
    tariff_id = number(wanted) if wanted is not None else None
    if wanted is not None and (tariff_id is None or not reading.has_file(tariff_id=tariff_id)):
        raise NotFound
    answer = HttpResponse(asking.exported(tariff_id=tariff_id), content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="tariffe.yaml"'
    return answer
