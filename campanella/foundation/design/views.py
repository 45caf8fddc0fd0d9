"""Four small public files that depend on the town: colours, manifest, worker, the page without network."""

import hashlib
import json
from typing import Protocol, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from campanella.foundation.design.chrome import NOWHERE
from campanella.foundation.design.colours import palette_of

YEAR = 365 * 24 * 60 * 60
SHELL = (
    "cp/campanella.css",
    "cp/signs.svg",
    "cp/app.js",
    "cp/icon.svg",
    "cp/fonts/titillium-web-latin-400.woff2",
    "cp/fonts/titillium-web-latin-600.woff2",
    "cp/fonts/titillium-web-latin-700.woff2",
)
"""What a page needs to look right without network."""


class Look(Protocol):
    """What the office has chosen."""

    colour: str


class Town(Protocol):
    """What this module asks of ``request.town``."""

    name: str
    choices: Look


def town_of(request: HttpRequest) -> Town | None:
    """Give the town of the request, none on a host that belongs to no town."""
    return cast("Town | None", getattr(request, "town", None))


def colour_of(town: Town | None) -> str:
    """Give the colour to show: the town's, or our own where there is no town."""
    return town.choices.colour if town else NOWHERE.town.colour


@require_safe
@cache_control(public=True, max_age=YEAR, immutable=True)
def theme(request: HttpRequest, colour: str) -> HttpResponse:
    """Write the style sheet of a town; its address names the colour, so it is kept for ever."""
    try:
        palette = palette_of(f"#{colour}")
    except ValueError:
        raise Http404
    text = f":root{{--town:{palette.colour};--town-deep:{palette.deep};--town-tint:{palette.tint}}}\n"
    return HttpResponse(text, content_type="text/css; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """Describe the portal to a phone that installs it."""
    town = town_of(request)
    name = town.name if town else NOWHERE.town.name
    icons = [
        {"src": static("cp/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        {"src": static("cp/icon-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": static("cp/icon-512.png"), "sizes": "512x512", "type": "image/png"},
        {
            "src": static("cp/icon-maskable.png"),
            "sizes": "512x512",
            "type": "image/png",
            "purpose": "maskable",
        },
    ]
    content = {
        "id": "/",
        "name": f"Servizi scolastici, {name}",
        "short_name": "Scuola",
        "lang": "it",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f3f6f9",
        "theme_color": colour_of(town),
        "icons": icons,
    }
    return JsonResponse(content, content_type="application/manifest+json")


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Hand out the worker with the addresses of this installation written into it."""
    theme_address = reverse("design:theme", kwargs={"colour": colour_of(town_of(request)).removeprefix("#")})
    shell = [*(static(name) for name in SHELL), theme_address, reverse("design:offline")]
    config = {
        "version": hashlib.sha256("".join(shell).encode()).hexdigest()[:12],
        "shell": shell,
        "offline": reverse("design:offline"),
        "files": [settings.STATIC_URL, theme_address],
        "signOut": sign_out_address(),
        "outbox": static("cp/outbox.js"),
    }
    # The addresses are our own; "<" is escaped all the same, as in any JSON inside another language.
    written = mark_safe(json.dumps(config).replace("<", "\\u003c"))  # noqa: S308
    return render(request, "design/sw.js", {"config": written}, content_type="text/javascript; charset=utf-8")


def sign_out_address() -> str:
    """Give the address that ends a session, empty where nobody can sign in."""
    try:
        return reverse("accounts:sign-out")
    except NoReverseMatch:
        return ""


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Show what the worker gives for a page never seen on this phone."""
    return render(request, "design/offline.html")


for _view in (theme, manifest, service_worker, offline):
    _view.access = "public file"  # type: ignore[union-attr]  # read by the access test
