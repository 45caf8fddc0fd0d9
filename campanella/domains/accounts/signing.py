"""Who is signed in: the session's side of it."""

from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils.crypto import constant_time_compare

from campanella.domains.accounts.models import User
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id, scope

USER_KEY = "_auth_user_id"
HASH_KEY = "_auth_user_hash"


def sign_in(request: HttpRequest, user: User) -> None:
    """Open a session for a user, under a new key."""
    if request.session.get(USER_KEY) not in (None, str(user.pk)):
        request.session.flush()
    request.session.cycle_key()
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


def user_of(request: HttpRequest) -> User | None:
    """Return who is signed in; a changed password or a closed access ends the session."""
    user_id = request.session.get(USER_KEY)
    if user_id is None:
        return None
    with scope(active_town_id()):
        user = _active_user(int(user_id))
    known = request.session.get(HASH_KEY, "")
    if user is None or not constant_time_compare(known, user.get_session_auth_hash()):
        return None
    return user


def _active_user(user_id: int) -> User | None:
    """Every page asks for its person, so the statement is written by hand."""
    columns = [field.attname for field in User._meta.concrete_fields]
    found = sql.row(_USER.format(", ".join(columns)), [active_town_id(), user_id])
    return User.from_db("default", columns, found) if found else None


_USER = "select {} from accounts_user where municipality_id = %s and id = %s and is_active"
