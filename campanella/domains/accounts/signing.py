"""Who is signed in: the session's side of it."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils.crypto import constant_time_compare

from campanella.domains.accounts import rules, sessions
from campanella.domains.accounts.models import User
from campanella.domains.accounts.roles import Role
from campanella.foundation.core import clock
from campanella.foundation.core.scope import active_town_id, scope

USER_KEY = "_auth_user_id"
HASH_KEY = "_auth_user_hash"


def sign_in(request: HttpRequest, user: User) -> None:
    """
    Open a session for a user, under a new key; what somebody else left in this browser's session is gone.

    The session of who works for the town ends with the day.
    """
    if request.session.get(USER_KEY) != str(user.pk):
        request.session.flush()
    request.session.cycle_key()
    is_staff = any(role != Role.GUARDIAN for role in user.roles)
    request.session.set_expiry(rules.session_end(is_staff=is_staff, now=clock.now().astimezone(clock.ROME)))
    request.session[USER_KEY] = str(user.pk)
    request.session[HASH_KEY] = user.get_session_auth_hash()
    rotate_token(request)


def keep_signed_in(request: HttpRequest, user: User) -> None:
    """Keep this session after its user's password was changed, under a new key."""
    request.session.cycle_key()
    request.session[HASH_KEY] = user.get_session_auth_hash()


def sign_out(request: HttpRequest) -> None:
    """End the session and everything in it."""
    request.session.flush()


def has_ended(request: HttpRequest) -> bool:
    """Tell whether this browser shows a session that is over, by time or because it was ended."""
    shown = settings.SESSION_COOKIE_NAME in request.COOKIES
    return shown and (request.session.is_empty() or USER_KEY in request.session)


def user_of(request: HttpRequest) -> User | None:
    """Return who is signed in; a changed password or a closed access ends the session."""
    user_id = request.session.get(USER_KEY)
    if user_id is None:
        return None
    user: User | None = request.session.take_person()  # type: ignore[attr-defined]  # our own engine
    if user is None or user.pk != int(user_id):
        with scope(active_town_id()):
            user = _active_user(int(user_id))
    known = request.session.get(HASH_KEY, "")
    if user is None or not constant_time_compare(known, user.get_session_auth_hash()):
        return None
    return user


def read_at_the_door(request: HttpRequest) -> tuple[Any, ...] | None:
    """Return what was read of this request's session and its person, None where the page has changed its session since."""
    read: tuple[Any, ...] | None = None if request.session.modified else request.session.read  # type: ignore[attr-defined]  # our own engine
    return read


def read_again(session_keys: Collection[str]) -> dict[str, tuple[Any, ...]]:
    """Return the same of many sessions as they are now: of somebody with the same rights it is the same, one query."""
    return sessions.read_again(session_keys)


def _active_user(user_id: int) -> User | None:
    """Ask for who has just signed in; on every other page the person came with the session."""
    return User.objects.filter(pk=user_id, is_active=True).first()
