"""Public information, and the list of towns of an installation."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campanella.domains.applying.choices import ApplyingChoices
from campanella.domains.applying.rules import APPEALS_DAYS
from campanella.domains.certifying import queries as certificates
from campanella.domains.certifying import rules
from campanella.domains.certifying.queries import CertificateView
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.design.forms import EuroField
from campanella.foundation.tenants.queries import all_towns
from campanella.interfaces.doors import TownRequest, public
from campanella.readings.service_status import service_status


@require_safe
def towns(request: HttpRequest) -> HttpResponse:
    """List the towns of this installation, each at its own address."""
    port = request.get_host().rpartition(":")[2] if ":" in request.get_host() else ""
    suffix = f":{port}" if port.isdigit() else ""
    found = [(town.name, f"{request.scheme}://{town.host}{suffix}/", town.choices.portal_name) for town in all_towns()]
    return render(request, "portal/pages/towns.html", {"towns": found})


towns.access = "installation"  # type: ignore[attr-defined]  # read by the access test


@public
@require_safe
def accessibility(request: TownRequest) -> HttpResponse:
    """Declare how accessible the portal is, and to whom to write."""
    return render(request, "portal/pages/accessibility.html", {"town": request.town, "choices": request.town.choices})


@public
@require_safe
def privacy(request: TownRequest) -> HttpResponse:
    """Say what the portal keeps, why, and whom to ask."""
    kept = {"drafts": request.town.chosen(ApplyingChoices), "appeals_days": APPEALS_DAYS}
    return render(request, "portal/pages/privacy.html", {"town": request.town, "choices": request.town.choices, **kept})


@public
@require_safe
def verify(request: TownRequest) -> HttpResponse:
    """Check the code of a certificate, and its total if one types it; no name, no tax code, no amount is told."""
    typed = request.GET.get("codice", "").strip()[:40]
    code = rules.read_code(typed)
    found = _issued(code) if code else None
    total = request.GET.get("totale", "").strip()[:20]
    page = {"typed": typed, "code": code, "found": found, "total": total, "matches": found and _matches(found, total)}
    return render(request, "portal/pages/verify.html", page)


def _issued(code: str) -> CertificateView | None:
    try:
        return certificates.certificate_by_code(code=code)
    except NotFound:
        return None


def _matches(found: CertificateView, total: str) -> bool | None:
    """Tell whether a total is the certificate's, None when none was typed that could be read."""
    try:
        cents = EuroField(required=False).clean(total)
    except ValidationError:
        return None
    return None if cents is None else found.amount.cents == cents


@public
@require_safe
def status(request: TownRequest) -> HttpResponse:
    """Say what works now."""
    now = clock.now()
    return render(request, "portal/pages/status.html", {"lines": service_status(now=now), "now": now})
