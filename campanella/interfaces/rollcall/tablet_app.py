"""
The app of the school's tablets: one page, its manifest, and the worker by which it opens without network.

The page holds nothing of anybody: what a tablet shows comes by ``/api/v1`` with its own key, and is kept there encrypted.
The scripts are in ``static/rollcall/tablet``; the README of this folder says how they hang together.
"""

import hashlib
import json
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from campanella import VERSION
from campanella.foundation.core import clock
from campanella.foundation.design.views import colour_of, town_of

# The page's script is the first; the others are asked for by it.
SCRIPTS = (
    "main",
    "app",
    "aside",
    "box",
    "clock",
    "days",
    "fold",
    "list",
    "lock",
    "marks",
    "pairing",
    "parts",
    "ride",
    "roll",
    "store",
    "vault",
    "wire",
)
FILES = (
    "cp/campanella.css",
    "cp/signs.svg",
    "cp/icon.svg",
    "cp/fonts/titillium-web-latin-400.woff2",
    "cp/fonts/titillium-web-latin-600.woff2",
    "cp/fonts/titillium-web-latin-700.woff2",
    "rollcall/tablet/tablet.css",
    *(f"rollcall/tablet/{name}.js" for name in SCRIPTS),
)


@require_safe
@cache_control(no_cache=True)
def tablet(request: HttpRequest) -> HttpResponse:
    """Hand out the app."""
    return render(request, "rollcall/tablet/app.html", {"version": _version(settings.ROOT_URLCONF), "moved": _moved()})


@require_safe
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """Describe the app to a tablet that installs it."""
    town, start = town_of(request), reverse("rollcall:tablet")
    content = {
        "id": start,
        "name": f"Appello, {town.name}" if town else "Appello",
        "short_name": "Appello",
        "lang": "it",
        "start_url": start,
        "scope": start,
        "display": "standalone",
        "background_color": "#f3f6f9",
        "theme_color": colour_of(town),
        "icons": [
            {"src": static("cp/icon-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": static("cp/icon-512.png"), "sizes": "512x512", "type": "image/png"},
            {"src": static("cp/icon-maskable.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
        ],
    }
    return JsonResponse(content, content_type="application/manifest+json")


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Hand out the worker, with what it keeps; another version of any file makes it another worker."""
    theme = reverse("design:theme", kwargs={"colour": colour_of(town_of(request)).removeprefix("#")})
    shell = [reverse("rollcall:tablet"), reverse("rollcall:tablet-manifest"), theme, *(static(name) for name in FILES)]
    digest = hashlib.sha256("".join([*shell, _version(settings.ROOT_URLCONF), str(_moved())]).encode()).hexdigest()[:12]
    config = {"version": digest, "page": shell[0], "shell": shell}
    # The addresses are our own; "<" is escaped all the same, as in any JSON inside another language.
    written = mark_safe(json.dumps(config).replace("<", "\\u003c"))  # noqa: S308
    return render(request, "rollcall/tablet/sw.js", {"config": written}, content_type="text/javascript; charset=utf-8")


def _moved() -> int:
    """Return by how many seconds the clock of a demonstration is moved."""
    return int(clock.OFFSET.total_seconds())


@lru_cache(maxsize=2)
def _version(addresses: str) -> str:
    """Return the version of the app as the office reads it: the product's, and of which files."""
    digest = hashlib.sha256("".join(static(name) for name in FILES).encode()).hexdigest()[:6]
    return f"{VERSION}-{digest}"


for _view in (tablet, manifest, service_worker):
    _view.access = "public file"  # type: ignore[attr-defined]  # read by the access test
