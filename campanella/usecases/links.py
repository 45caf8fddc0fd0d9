"""Absolute addresses of the active town's pages, for letters and for pagoPA."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from campanella.foundation.tenants.queries import active_town


def portal_link(name: str, *arguments: object) -> str:
    """Return the absolute address of a page of the active town, by its name."""
    base = urlsplit(settings.BASE_URL)
    port = f":{base.port}" if base.port else ""
    return f"{base.scheme}://{active_town().host}{port}{reverse(name, args=arguments)}"
