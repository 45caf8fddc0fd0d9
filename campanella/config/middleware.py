"""What every request passes: its number and its town."""

import codecs
import secrets
import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound
from django.http.request import split_domain_port
from django.middleware.security import SecurityMiddleware
from django.utils.cache import patch_vary_headers
from psycopg_pool import PoolTimeout

from campanella.config.chrome import whose
from campanella.foundation.core import audit, clock, logs
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.scope import naming
from campanella.foundation.tenants.queries import town_at

Next = Callable[[HttpRequest], HttpResponse]

# Whose pages a browser shows now, in a word that tells nothing else.
PERSON_COOKIE = "person"
# Answered at any host: they belong to the installation, not to a town.
OF_THE_INSTALLATION = ("/health/", "/metrics", "/pagopa/", "/static/", "/theme/")


class OnceMore:
    """
    Answers a page again whose connection to the database broke under it: a restart of the database is nobody's error page.

    Only what reads is tried again: of what writes nobody knows how far it came, and its sender hears that.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        got_request_exception.connect(_note_broken, dispatch_uid="campanella.once-more")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and again where that helps: as often as there may be connections that broke together."""
        response = self.get_response(request)
        for _ in range(settings.WEB_THREADS + 1):
            if not getattr(request, "database_broke", False) or request.method not in ("GET", "HEAD"):
                break
            connection.close()
            request.database_broke = False  # type: ignore[attr-defined]  # as below
            response = self.get_response(request)
        return response


def _note_broken(sender: object, request: HttpRequest | None = None, **_: Any) -> None:
    failure = sys.exception()
    if request is None or not isinstance(failure, OperationalError | InterfaceError):
        return
    if isinstance(failure.__cause__, PoolTimeout):
        # The pool knocks again after one second, two, four: a server that is back by the third is found past its patience.
        # Once, and only where one broke: a connection that never came does not come the next moment.
        broke, may_wait = getattr(request, "may_wait", False), False
    else:
        broke = _is_broken(failure.__cause__)
        may_wait = getattr(request, "may_wait", broke)
    vars(request).update(database_broke=broke, may_wait=may_wait)  # read above, and here the next time


def _is_broken(cause: BaseException | None) -> bool:
    """Tell whether the connection is gone."""
    state = getattr(cause, "sqlstate", None)
    return state is None or state.startswith(("08", "57P"))


class HttpsAtOurNames(SecurityMiddleware):
    """Leads to https, at names that are ours only: whoever writes another name is led nowhere by us."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:  # type: ignore[override]  # a 404 is one too
        """Redirect, or answer 404 where the name is nobody's."""
        answer = super().process_request(request)
        if answer is None or _is_ours(split_domain_port(request.get_host())[0]):
            return answer
        return HttpResponseNotFound(b"")


def _is_ours(host: str) -> bool:
    if host in settings.INSTALLATION_HOSTS:
        return True
    try:
        return bool(town_at(host=host))
    except NotFound:
        return False


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
        if request.encoding and codecs.lookup(request.encoding).name != "utf-8":
            raise BadRequest("A form in another alphabet: our pages make none, and its letters may be none.")
        if _has_nul(request):
            raise BadRequest("A NUL byte in the address.")
        audit.set_origin("web")
        with naming(town.id):
            return self.get_response(request)


class OnlyTheirs:
    """
    Keeps what a person was shown to that person: no copy in the browser's memory or on the way, after signing out either.

    Every answer of a town says whose it is, so that a browser drops the copies for reading offline that are another's.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then say whose the answer is."""
        response = self.get_response(request)
        if getattr(request, "user", None) is not None:
            response.headers["Cache-Control"] = "private, no-store"
        person = whose(request)
        if person:
            response.headers["X-Person"] = person
            if request.COOKIES.get(PERSON_COOKIE) != person:
                # Read by app.js: pages of somebody else that are open in another tab end as well.
                response.set_cookie(PERSON_COOKIE, person, secure=settings.SECURE, samesite="Lax")
            # When it was written, by the town's clock: what a copy says of its age.
            response.headers["X-Moment"] = clock.now().isoformat(timespec="seconds")
        return response


class TokenOnce:
    """
    Sends the cookie behind the forms' tokens to a browser that lacks it, and not again with each page that has a form.

    Django would renew its year with every page, and every page of ours has a form: the one that signs out.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; what ``CsrfViewMiddleware``, around us, would send again is left out."""
        response = self.get_response(request)
        said = request.META
        if said.get("CSRF_COOKIE_NEEDS_UPDATE") and request.COOKIES.get(settings.CSRF_COOKIE_NAME) == said["CSRF_COOKIE"]:
            said["CSRF_COOKIE_NEEDS_UPDATE"] = False
            patch_vary_headers(response, ("Cookie",))
        return response


def _has_nul(request: HttpRequest) -> bool:
    """Tell whether path, query or cookies carry a NUL byte: no page of ours makes one, and PostgreSQL keeps none."""
    asked = [request.path, *request.COOKIES.values(), *(text for _, texts in request.GET.lists() for text in texts)]
    return any("\0" in text for text in asked)
