"""Where to go next: addresses that come with a request are followed only inside the town's own pages."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from campanella.domains.accounts.queries import User
from campanella.domains.accounts.roles import Role

# The first step of a top-up carries every amount of every wallet in its address.
LONGEST = 2000

HOMES: dict[str, str] = {
    Role.GUARDIAN: "portal:home",
    Role.OFFICE: "office:home",
    Role.SCHOOL: "rollcall:classes",
    Role.KITCHEN: "kitchen:board",
    Role.CASHIER: "counter:home",
}


def local_place(request: HttpRequest, place: str) -> str:
    """Return a place if it is a path of this very host, else nothing."""
    if not place.startswith("/") or len(place) > LONGEST:
        return ""
    if not url_has_allowed_host_and_scheme(place, allowed_hosts=None, require_https=request.is_secure()):
        return ""
    return place


def asked_place(request: HttpRequest) -> str:
    """Return the safe place named by ``next`` in the form or in the address, else nothing."""
    return local_place(request, request.POST.get("next") or request.GET.get("next") or "")


def place_after_sign_in(request: HttpRequest, user: User) -> str:
    """Return the page somebody wanted, if a role of theirs opens it; else their own home."""
    asked = asked_place(request)
    return asked if asked and _opens(user, asked) else home_of(user)


def home_of(user: User) -> str:
    """Return the first page of the first role that has one; whoever has none reads what the access is for."""
    return reverse(next((HOMES[role] for role in user.roles if role in HOMES), "accounts:mine"))


def _opens(user: User, place: str) -> bool:
    try:
        view = resolve(urlsplit(place).path).func
    except Resolver404:
        return False
    access = getattr(view, "access", "")
    return access == "public" or any(user.has_role(role) for role in access.split("|"))
