"""
Which names a browser has entered with: kept in the browser itself, signed, so that a guesser elsewhere holds up nobody here.

The cookie is technical: a random number and short hashes of user names, read by the sign-in page only.
"""

import secrets
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse

from campanella.domains.accounts.hashing import hashed

COOKIE = "__Host-browser" if settings.SECURE else "browser"
ONE_YEAR = 60 * 60 * 24 * 365
# A shared tablet is used by a handful of people; the oldest name gives way.
MOST_NAMES = 12
SHORT = 16


def known_for(request: HttpRequest, username: str) -> str:
    """Return the browser's id, if somebody entered with this name in it before; else nothing."""
    known = _read(request)
    return known["id"] if known and _short(username) in known["names"] else ""


def remember(request: HttpRequest, answer: HttpResponse, username: str) -> None:
    """Let the browser know that somebody entered with this name."""
    known = _read(request) or {"id": secrets.token_hex(8), "names": []}
    name = _short(username)
    names = [*(other for other in known["names"] if other != name), name][-MOST_NAMES:]
    value = Signer(salt=COOKIE).sign_object({"id": known["id"], "names": names})
    answer.set_cookie(COOKIE, value, max_age=ONE_YEAR, secure=settings.SECURE, httponly=True, samesite="Lax")


def _read(request: HttpRequest) -> dict[str, Any] | None:
    try:
        found = Signer(salt=COOKIE).unsign_object(request.COOKIES.get(COOKIE, ""))
    except (BadSignature, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _short(username: str) -> str:
    return hashed(f"browser:{username.strip().lower()}")[:SHORT]
