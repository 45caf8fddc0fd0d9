"""Fisco: how tax law treats each service, from a calendar year on, with its law."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from campanella.domains.accounts.roles import Role
from campanella.domains.certifying.years import FIRST_YEAR
from campanella.domains.services import operations, queries
from campanella.domains.services.taxation import (
    DEDUCTION_LABELS,
    STAMP_ALTERNATIVE_LAW,
    STAMP_DUTY,
    STAMP_DUTY_LAW,
    STAMP_TREATMENTS,
    VAT_TREATMENTS,
    Taxation,
)
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.interfaces.doors import PersonRequest, number, staff

YEARS_AHEAD = 1


@staff(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def taxation(request: PersonRequest) -> HttpResponse:
    """Show each service's treatment, and write another from a year on."""
    today = clock.today()
    if request.method == "POST":
        _write(request, last=today.year + YEARS_AHEAD)
        messages.success(request, "Scritto: vale da quell’anno in poi.")
        return redirect("office:taxation")
    now, said = queries.taxations(year=today.year), queries.taxations_said()
    page = {
        "section": "settings",
        "year": today.year,
        "services": [
            (
                service,
                now[service.pk],
                DEDUCTION_LABELS[now[service.pk].deduction],
                STAMP_TREATMENTS[now[service.pk].stamp],
                _said(said.get(service.pk, [])),
            )
            for service in queries.services()
        ],
        "deductions": DEDUCTION_LABELS.items(),
        "vats": VAT_TREATMENTS.values(),
        "years": range(today.year + YEARS_AHEAD, FIRST_YEAR - 1, -1),
        "stamps": STAMP_TREATMENTS.values(),
        "stamp_duty": STAMP_DUTY,
        "stamp_law": STAMP_DUTY_LAW,
        "alternative_law": STAMP_ALTERNATIVE_LAW,
    }
    return render(request, "office/certificates/taxation.html", page)


def _said(rows: list[tuple[int, Taxation]]) -> list[tuple[int, str, str, str]]:
    return [
        (
            year,
            DEDUCTION_LABELS[one.deduction],
            one.treatment.label,
            "" if one.treatment.is_subject else STAMP_TREATMENTS[one.stamp].label,
        )
        for year, one in rows
    ]


def _write(request: PersonRequest, *, last: int) -> None:
    """
    Write what the form says.

    :raises NotFound: it names no service of the town, or a word that is none
    """
    service_id, year = number(request.POST.get("servizio", "")), number(request.POST.get("dal", ""))
    service = next((one for one in queries.services() if one.pk == service_id), None)
    deduction, vat = request.POST.get("detrazione"), request.POST.get("iva")
    if not service or year is None or not FIRST_YEAR <= year <= last:
        raise NotFound
    stamp = request.POST.get("bollo", "town")
    chosen = (
        [one for one in DEDUCTION_LABELS if one == deduction],
        [one for one in VAT_TREATMENTS if one == vat],
        [one for one in STAMP_TREATMENTS if one == stamp],
    )
    if not all(chosen):
        raise NotFound
    treatment = Taxation(chosen[0][0], chosen[1][0], chosen[2][0])
    operations.set_taxation(by=request.user, service=service, from_year=year, taxation=treatment, now=clock.now())
