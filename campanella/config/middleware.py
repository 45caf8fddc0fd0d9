"""What every request passes: its number and its town."""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import split_domain_port

from campanella.foundation.core import audit, logs
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.scope import naming
from campanella.foundation.tenants.queries import town_at

Next = Callable[[HttpRequest], HttpResponse]

# Answered at any host: they belong to the installation, not to a town.
OF_THE_INSTALLATION = ("/health/", "/metrics", "/pagopa/", "/static/", "/theme/")


class RequestNumber:
    """Gives each request a number: on every log line, in the answer's headers, on an error page."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer under a number."""
        number = secrets.token_hex(4)
        request.number = number  # type: ignore[attr-defined]  # read by the error pages
        token = logs.request_id.set(number)
        try:
            response = self.get_response(request)
        finally:
            logs.request_id.reset(token)
        response.headers["X-Request-Id"] = number
        return response


class TownByHost:
    """Finds the town by the host name and names it for everything below."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer for the town; unknown hosts are 404."""
        if request.path.startswith(OF_THE_INSTALLATION):
            return self.get_response(request)
        host = split_domain_port(request.get_host())[0]
        if request.path == "/" and host in settings.INSTALLATION_HOSTS:
            return self.get_response(request)
        try:
            town = town_at(host=host)
        except NotFound as unknown:
            raise Http404(unknown.message) from unknown
        request.town = town  # type: ignore[attr-defined]  # TownRequest says so
        if _has_nul(request):
            raise BadRequest("A NUL byte in the address.")
        audit.set_origin("web")
        with naming(town.id):
            return self.get_response(request)


def _has_nul(request: HttpRequest) -> bool:
    """Tell whether path, query or cookies carry a NUL byte: no page of ours makes one, and PostgreSQL keeps none."""
    asked = [request.path, *request.COOKIES.values(), *(text for _, texts in request.GET.lists() for text in texts)]
    return any("\0" in text for text in asked)
