"""Public information, and the list of towns of an installation."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campanella.foundation.core import clock
from campanella.foundation.tenants.queries import all_towns
from campanella.interfaces.doors import TownRequest, public
from campanella.usecases.service_status import service_status


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
    return render(request, "portal/pages/privacy.html", {"town": request.town, "choices": request.town.choices})


@public
@require_safe
def status(request: TownRequest) -> HttpResponse:
    """Say what works now."""
    now = clock.now()
    return render(request, "portal/pages/status.html", {"lines": service_status(now=now), "now": now})
