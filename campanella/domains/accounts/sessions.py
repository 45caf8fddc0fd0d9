"""
Sessions kept in the town's own table.

Each access opens the town's scope if none is open, because Django loads and saves sessions outside the page's transaction.
"""

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.utils import timezone

from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id, scope


class SessionStore(SessionBase):
    """A database session, walled by town."""

    def load(self) -> dict[str, Any]:
        """Return what the session holds; an unknown or ended one is empty and gets a new key."""
        with scope(active_town_id()):
            found = sql.row(_LOAD, [active_town_id(), self.session_key, timezone.now()])
        if found is None:
            self._session_key = None
            return {}
        return self.decode(found[0])

    def exists(self, session_key: str) -> bool:
        """Tell whether a key is taken."""
        with scope(active_town_id()):
            return bool(_table().objects.filter(session_key=session_key).exists())

    def create(self) -> None:
        """Begin a session under a key of its own."""
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]  # the stubs leave it out
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """
        Write the session down.

        :raises CreateError: the new key is taken
        :raises UpdateError: the session ended meanwhile; it does not come back to life
        """
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # the stubs leave it out
        user = data.get("_auth_user_id")
        values = {"session_data": self.encode(data), "expire_date": _end(self), "user_id": int(user) if user else None}
        with scope(active_town_id()):
            if must_create:
                _, made = _table().objects.get_or_create(session_key=self.session_key, defaults=values)
                if not made:
                    raise CreateError
            elif not _table().objects.filter(session_key=self.session_key).update(**values):
                raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        """End a session."""
        key = session_key or self.session_key
        if key:
            with scope(active_town_id()):
                _table().objects.filter(session_key=key).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Forget the ended sessions of the active town."""
        with scope(active_town_id()):
            _table().objects.filter(expire_date__lt=timezone.now()).delete()


# Every page begins with it, so it is written by hand.
_LOAD = """
select session_data from accounts_session where municipality_id = %s and session_key = %s and expire_date > %s
"""


def _table() -> Any:
    # The session engine is loaded before the applications are, so its table cannot be imported above.
    from campanella.domains.accounts.models import Session

    return Session


def _end(store: SessionStore) -> datetime:
    end: datetime = store.get_expiry_date()
    return end
