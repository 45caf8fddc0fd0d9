"""Four small public files that depend on the town: colours, manifest, worker, the page without network."""

import hashlib
import json
import re
from typing import Protocol, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from campanella.foundation.design.chrome import NOWHERE

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


class Colours(Protocol):
    """What this module asks of ``request.town``."""

    name: str
    colour: str
    colour_deep: str
    colour_tint: str


def town_of(request: HttpRequest) -> Colours | None:
    """Give the town of the request, none on a host that belongs to no town."""
    return cast("Colours | None", getattr(request, "town", None))


@require_safe
@cache_control(public=True, max_age=YEAR, immutable=True)
def theme(request: HttpRequest) -> HttpResponse:
    """Write the three colours of the town; the query carries the version, so the file is cached for ever."""
    town = town_of(request)
    return HttpResponse(theme_css(town) if town else "", content_type="text/css; charset=utf-8")


def theme_css(town: Colours) -> str:
    """
    Write the style sheet of a town.

    :raises ValueError: a colour is not six hexadecimal digits; nothing else may enter a style sheet
    """
    colours = {"town": town.colour, "town-deep": town.colour_deep, "town-tint": town.colour_tint}
    for colour in colours.values():
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
            raise ValueError(f"{colour!r} is not a colour such as #0b5cad")
    return ":root{" + ";".join(f"--{name}:{colour}" for name, colour in colours.items()) + "}\n"


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
        "theme_color": town.colour if town else NOWHERE.town.colour,
        "icons": icons,
    }
    return JsonResponse(content, content_type="application/manifest+json")


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Hand out the worker with the addresses of this installation written into it."""
    shell = [static(name) for name in SHELL] + [reverse("design:offline")]
    config = {
        "version": hashlib.sha256("".join(shell).encode()).hexdigest()[:12],
        "shell": shell,
        "offline": reverse("design:offline"),
        "files": [settings.STATIC_URL, reverse("design:theme")],
        "signOut": sign_out_address(),
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
