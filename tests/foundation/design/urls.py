"""The addresses that the layouts lead to, standing in for the interfaces."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

NAMES = {
    "portal": ("home", "profile", "presences", "payments", "news", "utility", "messages"),
    "office": ("home", "search", "waiting", "settings", "payments", "rollcalls", "news", "tickets"),
    "accounts": ("sign-out",),
    "pages": ("accessibility", "privacy", "status"),
}


def nothing(request: HttpRequest) -> HttpResponse:
    """Answer with an empty page."""
    return HttpResponse()


def area(name: str) -> object:
    """Give the addresses of one area."""
    return path(f"{name}/", include(([path(page, nothing, name=page) for page in NAMES[name]], name)))


urlpatterns = [path("", include("campanella.foundation.design.urls")), *(area(name) for name in NAMES)]
