"""``/api/v1/openapi.json``: the JSON API as programs read it, kept beside this file."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

DESCRIPTION = (Path(__file__).parent / "openapi.json").read_bytes()


@require_safe
@cache_control(public=True, max_age=3600)
def openapi(request: HttpRequest) -> HttpResponse:
    """Hand out the description."""
    return HttpResponse(DESCRIPTION, content_type="application/json")


openapi.access = "public file"  # type: ignore[attr-defined]  # read by the access test
