"""
Who may open which page. Every view declares its door; a test walks all addresses and fails on one without.

A door checks the role, opens the town's scope (a transaction around the whole view) and turns ``NotFound`` into 404.
Signed out goes to sign-in and comes back to the same place; a missing role is 403.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from campanella.domains.accounts.queries import User
from campanella.domains.accounts.roles import Role
from campanella.domains.accounts.signing import has_ended, user_of
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.scope import scope
from campanella.foundation.tenants.queries import Town

P = ParamSpec("P")

# A row's id has 19 digits at most; more of them are nobody's, and cost time to read.
LONGEST_NUMBER = 19
# Where the server writes the instant at which it had the whole of a request; no header of a client's is called so.
RECEIVED_AT = "campanella.received_at"
# On the way to sign-in: a session was there, and is over.
ENDED = "finita"


class TownRequest(HttpRequest):
    """A request to one town's pages."""

    town: Town
    user: User | None  # type: ignore[assignment]  # Django's own kind of user is not installed


class PersonRequest(TownRequest):
    """
    A request of somebody who is signed in.

    :ivar unread: how many news wait to be read, set by a page that knows it anyway; the menu counts them otherwise
    """

    user: User
    unread: int


View = Callable[Concatenate[PersonRequest, P], HttpResponse]
TownView = Callable[Concatenate[TownRequest, P], HttpResponse]


def public(view: TownView[P]) -> Callable[..., HttpResponse]:
    """Let everybody in."""

    @wraps(view)
    def door(request: TownRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        return _in_town(view, request, *args, **kwargs)

    door.access = "public"  # type: ignore[attr-defined]  # read by the access test
    return door


def public_hashing(view: TownView[P]) -> Callable[..., HttpResponse]:
    """Let everybody in without a transaction around the view, because it looks at a password, which takes its time."""

    @wraps(view)
    def door(request: TownRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        with scope(request.town.id):
            request.user = user_of(request)
        return _or_404(view, request, *args, **kwargs)

    door.access = "public"  # type: ignore[attr-defined]  # read by the access test
    return door


def family(view: View[P]) -> Callable[..., HttpResponse]:
    """Let guardians in."""
    return _for_roles(view, (Role.GUARDIAN,), in_transaction=True)


def family_calling_out(view: View[P]) -> Callable[..., HttpResponse]:
    """Let guardians in without a transaction around the view, because it calls an outside party."""
    return _for_roles(view, (Role.GUARDIAN,), in_transaction=False)


def staff(*roles: Role) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """Let people with one of these roles in."""

    def decorate(view: View[P]) -> Callable[..., HttpResponse]:
        return _for_roles(view, roles, in_transaction=True)

    return decorate


def office_calling_out(view: View[P]) -> Callable[..., HttpResponse]:
    """Let the office in without a transaction around the view, because it calls an outside party."""
    return _for_roles(view, (Role.OFFICE,), in_transaction=False)


def form_of(page: str, *named: str) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """
    Let only a form in; who comes with its address alone, by a reload or after signing in again, is led to its page.

    :param page: the name of the page that shows the form, with those parts of the address that it has too
    """

    def decorate(view: View[P]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def sent(request: PersonRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method != "POST":
                return HttpResponseRedirect(reverse(page, kwargs={name: kwargs[name] for name in named}))
            return view(request, *args, **kwargs)

        return sent

    return decorate


def received_at(request: HttpRequest) -> datetime:
    """Return when a request was received, to the microsecond, before it waited for anything: what a cut-off goes by."""
    instant = request.META.get(RECEIVED_AT)
    return instant if isinstance(instant, datetime) else clock.now()


def number(text: str) -> int | None:
    """Read an id or a count out of a form or an address; whatever a row's id could not be is None."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER else None


def numbers(texts: Sequence[str]) -> list[int]:
    """Read the numbers among what a form sent."""
    return [found for found in map(number, texts) if found is not None]


def _for_roles(view: View[P], roles: tuple[Role, ...], *, in_transaction: bool) -> Callable[..., HttpResponse]:
    @wraps(view)
    def door(request: PersonRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        if not in_transaction:
            with scope(request.town.id):
                refused = _refuse(request, roles)
            return refused or _or_404(view, request, *args, **kwargs)
        with scope(request.town.id):
            return _refuse(request, roles) or _or_404(view, request, *args, **kwargs)

    door.access = "|".join(roles)  # type: ignore[attr-defined]  # read by the access test
    return door


def _refuse(request: PersonRequest, roles: tuple[Role, ...]) -> HttpResponse | None:
    user = user_of(request)
    if user is None:
        return _to_sign_in(request)
    request.user = user
    if not any(user.has_role(role) for role in roles):
        raise PermissionDenied
    if user.must_change_password and request.resolver_match and request.resolver_match.view_name not in _ALWAYS:
        return HttpResponseRedirect(reverse("accounts:first-password"))
    return None


_ALWAYS = {"accounts:first-password", "accounts:sign-out"}


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send to sign-in and back to the same place; after a form or a part of a page, back to the page that showed it."""
    is_part = "HX-Request" in request.headers
    is_page = request.method in ("GET", "HEAD") and not is_part
    place = request.get_full_path() if is_page else _page_around(request)
    ended = {ENDED: "1"} if has_ended(request) else {}
    address = f"{reverse('accounts:sign-in')}?{urlencode({'next': place, **ended})}"
    if is_part:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _page_around(request: HttpRequest) -> str:
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc != request.get_host():
        return request.path
    return f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path


def _in_town(view: Callable[..., HttpResponse], request: TownRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    with scope(request.town.id):
        request.user = user_of(request)
        return _or_404(view, request, *args, **kwargs)


def _or_404(view: Callable[..., HttpResponse], request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    try:
        return view(request, *args, **kwargs)
    except NotFound as missing:
        raise Http404(missing.message) from missing
